using EngineLlm.Models.Weights;

namespace EngineLlm.Models;

/// <summary>Finds a layer's tensors, however a file cuts them, and brings them to the device.</summary>
internal static class LayerWeightsLoader
{
    internal static LayerWeights Load(TensorLoader tensors, ModelDescription model, int layer)
    {
        string Name(string tensor) => TensorNames.Layer(layer, tensor);
        string[] Names(params string[] names) => System.Array.ConvertAll(names, Name);
        string[] matrices = model.FusedQueryKeyValue
            ? Names(TensorNames.QueryKeyValue)
            : Names(TensorNames.Query, TensorNames.Key, TensorNames.Value);
        string[] biases = model.FusedQueryKeyValue
            ? Names(TensorNames.QueryKeyValueBias)
            : Names(TensorNames.QueryBias, TensorNames.KeyBias, TensorNames.ValueBias);
        (TensorData gate, TensorData up) = GateAndUp(tensors, model, layer);
        bool fused = gate.Type == up.Type;
        return new LayerWeights
        {
            AttentionNorm = tensors.Vector(Name(TensorNames.AttentionNorm)),
            QueryKeyValue = tensors.Stack(matrices, model.QueryKeyValueBiases ? biases : null),
            HeadGains = model.HeadNorms ? tensors.Vector(Names(TensorNames.QueryNorm, TensorNames.KeyNorm)) : null,
            AttentionOutput = tensors.Stack(
                Names(TensorNames.AttentionOutput), model.AttentionOutputBias ? Names(TensorNames.AttentionOutputBias) : null)[0],
            PostAttentionNorm = model.PostNorms ? tensors.Vector(Name(TensorNames.PostAttentionNorm)) : null,
            FeedForwardNorm = tensors.Vector(Name(TensorNames.FeedForwardNorm)),
            Gate = tensors.Matrix(fused ? MatrixRows.Interleave(gate, up, WeightOrders.GroupRows) : MatrixRows.Stack(gate)),
            Up = fused ? null : tensors.Matrix(MatrixRows.Stack(up)),
            Down = tensors.Matrix(Name(TensorNames.Down)),
            PostFeedForwardNorm = model.PostNorms ? tensors.Vector(Name(TensorNames.PostFeedForwardNorm)) : null,
        };
    }

    private static (TensorData Gate, TensorData Up) GateAndUp(TensorLoader tensors, ModelDescription model, int layer)
    {
        TensorData up = tensors.Get(TensorNames.Layer(layer, TensorNames.Up));
        return model.FusedGateUp
            ? (up.Slice(0, model.FeedForwardSize), up.Slice(model.FeedForwardSize, model.FeedForwardSize))
            : (tensors.Get(TensorNames.Layer(layer, TensorNames.Gate)), up);
    }
}
