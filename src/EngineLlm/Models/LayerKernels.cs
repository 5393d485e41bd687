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
    private readonly Matmul _gate;
    private readonly Matmul? _up;
    private readonly SwiGlu? _swiGlu;
    private readonly Matmul _down;

    internal LayerKernels(
        KernelContext context, ModelDescription model, LayerWeights weights, PagedAttention.Operands attention, Activations activations)
    {
        BufferRange counts = attention.Step.Counts;
        Matmul Product(WeightMatrix matrix, (DeviceBuffer Buffer, int Stride) input, (DeviceBuffer Buffer, int Stride) output, int rows,
            int firstRow = 0, DeviceBuffer? gain = null, bool residual = false, bool swiGlu = false) =>
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
                SwiGlu = swiGlu,
                Counts = counts,
            });
        var stream = (activations.Residual, activations.ResidualStride);
        var queryKeyValue = (activations.QueryKeyValue, activations.QueryKeyValueStride);
        var feedForward = (activations.Gate, activations.FeedForwardStride);
        int firstRow = 0;
        foreach (WeightMatrix matrix in weights.QueryKeyValue)
        {
            _queryKeyValue.Add(Product(matrix, stream, queryKeyValue, matrix.Rows, firstRow, weights.AttentionNorm));
            firstRow += matrix.Rows;
        }
        _rope = new RopeWritePages(context, attention);
        _attention = new PagedAttention(context, attention);
        _merge = new AttentionMerge(context, attention);
        _attentionOutput = Product(weights.AttentionOutput, (activations.Attention, activations.AttentionStride), stream, model.EmbeddingSize, residual: true);
        bool fused = weights.Up is null;
        _gate = Product(weights.Gate, stream, feedForward, model.FeedForwardSize, gain: weights.FeedForwardNorm, swiGlu: fused);
        if (!fused)
        {
            _up = Product(weights.Up!, stream, (activations.Up, activations.FeedForwardStride), model.FeedForwardSize, gain: weights.FeedForwardNorm);
            _swiGlu = new SwiGlu(context, model, attention.Step, activations);
        }
        _down = Product(weights.Down, feedForward, stream, model.EmbeddingSize, residual: true);
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
        _gate.Record(commands, tokens);
        _up?.Record(commands, tokens);
        commands.BarrierBetweenShaders();
        if (_swiGlu is not null)
        {
            _swiGlu.Record(commands, tokens);
            commands.BarrierBetweenShaders();
        }
        _down.Record(commands, tokens);
        commands.BarrierBetweenShaders();
    }
}
