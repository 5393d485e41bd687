using System.Collections.Generic;
using EngineLlm.Kernels;
using EngineLlm.Models.Weights;
using EngineLlm.Vulkan;

namespace EngineLlm.Models;

/// <summary>The kernels of one layer, and the order in which they run.</summary>
internal sealed class LayerKernels
{
    private readonly List<Matmul> _queryKeyValue = new();
    private readonly RopeWritePages _rope;
    private readonly PagedAttention _attention;
    private readonly AttentionMerge _merge;
    private readonly Matmul _attentionOutput;
    private readonly NormAdd? _postAttention;
    private readonly Matmul _gate;
    private readonly Matmul? _up;
    private readonly GatedLinearUnit? _gatedUnit;
    private readonly Matmul _down;
    private readonly NormAdd? _postFeedForward;

    internal LayerKernels(
        KernelContext context, ModelDescription model, LayerWeights weights, PagedAttention.Operands attention, Activations activations)
    {
        BufferRange counts = attention.Step.Counts;
        Matmul Product(WeightMatrix matrix, (DeviceBuffer Buffer, int Stride) input, (DeviceBuffer Buffer, int Stride) output, int rows,
            int firstRow = 0, DeviceBuffer? gain = null, DeviceBuffer? bias = null,
            bool residual = false, GateActivation? gate = null) =>
            new Matmul(context, matrix, new Matmul.Operands
            {
                Input = input.Buffer,
                InputStride = input.Stride,
                Output = output.Buffer,
                OutputStride = output.Stride,
                OutputFirstRow = firstRow,
                OutputRows = rows,
                Gain = gain,
                Epsilon = model.NormEpsilon,
                Residual = residual,
                Gate = gate,
                Bias = bias,
                Counts = counts,
            });
        var stream = (activations.Residual, activations.ResidualStride);
        var queryKeyValue = (activations.QueryKeyValue, activations.QueryKeyValueStride);
        var feedForward = (activations.Gate, activations.FeedForwardStride);
        int firstRow = 0;
        foreach ((WeightMatrix matrix, DeviceBuffer? bias) in weights.QueryKeyValue)
        {
            _queryKeyValue.Add(Product(matrix, stream, queryKeyValue, matrix.Rows, firstRow, weights.AttentionNorm, bias));
            firstRow += matrix.Rows;
        }
        _rope = new RopeWritePages(context, attention);
        _attention = new PagedAttention(context, attention);
        _merge = new AttentionMerge(context, attention);
        // Where it is normalised first, what a part gives joins the stream afterwards.
        bool joins = !model.PostNorms;
        var joined = joins ? stream : (activations.Projected!, activations.ResidualStride);
        _attentionOutput = Product(
            weights.AttentionOutput.Weights, (activations.Attention, activations.AttentionStride), joined, model.EmbeddingSize,
            bias: weights.AttentionOutput.Bias, residual: joins);
        if (!joins) _postAttention = new NormAdd(context, model, weights.PostAttentionNorm!, attention.Step, activations);
        bool fused = weights.Up is null;
        _gate = Product(weights.Gate, stream, feedForward, model.FeedForwardSize, gain: weights.FeedForwardNorm,
            gate: fused ? model.GateActivation : null);
        if (!fused)
        {
            _up = Product(weights.Up!, stream, (activations.Up, activations.FeedForwardStride), model.FeedForwardSize, gain: weights.FeedForwardNorm);
            _gatedUnit = new GatedLinearUnit(context, model, attention.Step, activations);
        }
        _down = Product(weights.Down, feedForward, joined, model.EmbeddingSize, residual: joins);
        if (!joins) _postFeedForward = new NormAdd(context, model, weights.PostFeedForwardNorm!, attention.Step, activations);
    }

    /// <summary>Records the layer for up to that many tokens.</summary>
    internal void Record(CommandList commands, int tokens)
    {
        foreach (Matmul product in _queryKeyValue) product.Record(commands, tokens);
        commands.BarrierBetweenShaders();
        _rope.Record(commands, tokens);
        commands.BarrierBetweenShaders();
        _attention.Record(commands);
        commands.BarrierBetweenShaders();
        _merge.Record(commands);
        commands.BarrierBetweenShaders();
        _attentionOutput.Record(commands, tokens);
        commands.BarrierBetweenShaders();
        Record(_postAttention, commands, tokens);
        _gate.Record(commands, tokens);
        _up?.Record(commands, tokens);
        commands.BarrierBetweenShaders();
        if (_gatedUnit is not null)
        {
            _gatedUnit.Record(commands, tokens);
            commands.BarrierBetweenShaders();
        }
        _down.Record(commands, tokens);
        commands.BarrierBetweenShaders();
        Record(_postFeedForward, commands, tokens);
    }

    private static void Record(NormAdd? norm, CommandList commands, int tokens)
    {
        if (norm is null) return;
        norm.Record(commands, tokens);
        commands.BarrierBetweenShaders();
    }
}
