using System.Collections.Generic;
using EngineLlm.Models.Weights;
using EngineLlm.Vulkan;

namespace EngineLlm.Models;

/// <summary>A model's weights on the device.</summary>
internal sealed class ModelWeights
{
    /// <summary>[vocabulary][embedding].</summary>
    internal required WeightMatrix Embedding { get; init; }

    internal required IReadOnlyList<LayerWeights> Layers { get; init; }

    /// <summary>[embedding] of the norm before the head.</summary>
    internal required DeviceBuffer OutputNorm { get; init; }

    /// <summary>[vocabulary][embedding]; the embedding itself where the two are tied.</summary>
    internal required WeightMatrix Head { get; init; }

    /// <summary>[position][pair] cosine and sine, for every position of the context.</summary>
    internal required DeviceBuffer RopeTable { get; init; }

    /// <summary>The same for sliding layers.</summary>
    internal required DeviceBuffer SlidingRopeTable { get; init; }

    /// <summary>Brings every tensor to the device.</summary>
    internal static ModelWeights Load(IWeightSource source, WeightStore store, int contextLength)
    {
        ModelDescription model = source.Description;
        var tensors = new TensorLoader(source, store);
        WeightMatrix embedding = tensors.Matrix(TensorNames.TokenEmbedding);
        var layers = new LayerWeights[model.LayerCount];
        for (int i = 0; i < layers.Length; i++) layers[i] = LayerWeightsLoader.Load(tensors, model, i);
        DeviceBuffer ropeTable = Kernels.RopeTable.Load(store, model.Rope, contextLength);
        return new ModelWeights
        {
            Embedding = embedding,
            Layers = layers,
            OutputNorm = tensors.Vector(TensorNames.OutputNorm),
            Head = model.TiedEmbeddings ? embedding : tensors.Matrix(TensorNames.Output),
            RopeTable = ropeTable,
            SlidingRopeTable = ReferenceEquals(model.SlidingRope, model.Rope) ? ropeTable : Kernels.RopeTable.Load(store, model.SlidingRope, contextLength),
        };
    }
}
