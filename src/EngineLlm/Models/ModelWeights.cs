using System;
using System.Collections.Generic;
using EngineLlm.Models.Weights;
using EngineLlm.Vulkan;

namespace EngineLlm.Models;

/// <summary>One layer's weights on the device.</summary>
internal sealed class LayerWeights
{
    /// <summary>[embedding] of the norm before attention.</summary>
    internal required DeviceBuffer AttentionNorm { get; init; }

    /// <summary>Queries, keys and values one below the other: one matrix where their types are alike, otherwise up to three.</summary>
    internal required IReadOnlyList<WeightMatrix> QueryKeyValue { get; init; }

    internal required WeightMatrix AttentionOutput { get; init; }

    /// <summary>[embedding] of the norm before the feed-forward part.</summary>
    internal required DeviceBuffer FeedForwardNorm { get; init; }

    /// <summary>Gate and up interleaved, as the fused product wants them; or the gate alone where <see cref="Up"/> is of another type.</summary>
    internal required WeightMatrix Gate { get; init; }

    /// <summary>Null where it is interleaved with <see cref="Gate"/>.</summary>
    internal WeightMatrix? Up { get; init; }

    internal required WeightMatrix Down { get; init; }
}

/// <summary>A model's weights on the device.</summary>
internal sealed unsafe class ModelWeights
{
    private ModelWeights(WeightMatrix embedding, LayerWeights[] layers, DeviceBuffer outputNorm, WeightMatrix head, DeviceBuffer ropeTable)
    {
        Embedding = embedding;
        Layers = layers;
        OutputNorm = outputNorm;
        Head = head;
        RopeTable = ropeTable;
    }

    /// <summary>[vocabulary][embedding].</summary>
    internal WeightMatrix Embedding { get; }

    internal IReadOnlyList<LayerWeights> Layers { get; }

    /// <summary>[embedding] of the norm before the head.</summary>
    internal DeviceBuffer OutputNorm { get; }

    /// <summary>[vocabulary][embedding]; the embedding itself where the two are tied.</summary>
    internal WeightMatrix Head { get; }

    /// <summary>[position][pair] cosine and sine, for every position of the context.</summary>
    internal DeviceBuffer RopeTable { get; }

    /// <summary>Brings every tensor to the device.</summary>
    internal static ModelWeights Load(IWeightSource source, WeightStore store, int contextLength)
    {
        ModelDescription model = source.Description;
        WeightMatrix embedding = store.LoadMatrix(MatrixRows.Stack(Get(source, TensorNames.TokenEmbedding)));
        var layers = new LayerWeights[model.LayerCount];
        for (int i = 0; i < layers.Length; i++) layers[i] = LoadLayer(source, store, i);
        DeviceBuffer outputNorm = LoadNorm(source, store, TensorNames.OutputNorm);
        WeightMatrix head = model.TiedEmbeddings ? embedding : store.LoadMatrix(MatrixRows.Stack(Get(source, TensorNames.Output)));
        return new ModelWeights(embedding, layers, outputNorm, head, Kernels.RopeTable.Load(store, model, contextLength));
    }

    private static LayerWeights LoadLayer(IWeightSource source, WeightStore store, int layer)
    {
        TensorData Tensor(string name) => Get(source, TensorNames.Layer(layer, name));
        TensorData gate = Tensor(TensorNames.Gate);
        TensorData up = Tensor(TensorNames.Up);
        bool fused = gate.Type == up.Type;
        return new LayerWeights
        {
            AttentionNorm = LoadNorm(source, store, TensorNames.Layer(layer, TensorNames.AttentionNorm)),
            QueryKeyValue = LoadStack(store, Tensor(TensorNames.Query), Tensor(TensorNames.Key), Tensor(TensorNames.Value)),
            AttentionOutput = store.LoadMatrix(MatrixRows.Stack(Tensor(TensorNames.AttentionOutput))),
            FeedForwardNorm = LoadNorm(source, store, TensorNames.Layer(layer, TensorNames.FeedForwardNorm)),
            Gate = store.LoadMatrix(fused ? MatrixRows.Interleave(gate, up, WeightOrders.GroupRows) : MatrixRows.Stack(gate)),
            Up = fused ? null : store.LoadMatrix(MatrixRows.Stack(up)),
            Down = store.LoadMatrix(MatrixRows.Stack(Tensor(TensorNames.Down))),
        };
    }

    // Neighbours of one type become one matrix, and so one dispatch.
    private static List<WeightMatrix> LoadStack(WeightStore store, params TensorData[] tensors)
    {
        var matrices = new List<WeightMatrix>();
        int first = 0;
        for (int i = 1; i <= tensors.Length; i++)
        {
            if (i < tensors.Length && tensors[i].Type == tensors[first].Type) continue;
            matrices.Add(store.LoadMatrix(MatrixRows.Stack(tensors.AsSpan(first, i - first).ToArray())));
            first = i;
        }
        return matrices;
    }

    private static DeviceBuffer LoadNorm(IWeightSource source, WeightStore store, string name)
    {
        TensorData tensor = Get(source, name);
        return store.LoadVector(
            tensor.Columns,
            values => Dequantizer.Dequantize(tensor.Type, new ReadOnlySpan<byte>(tensor.Row(0), checked((int)tensor.RowBytes)), values));
    }

    private static TensorData Get(IWeightSource source, string name) =>
        source.TryGet(name, out TensorData tensor) ? tensor : throw new ModelFormatException($"The model has no tensor {name}.");
}
