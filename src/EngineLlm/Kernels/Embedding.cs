using EngineLlm.Kernels.Generated;
using EngineLlm.Models;
using EngineLlm.Models.Weights;
using EngineLlm.Vulkan;

namespace EngineLlm.Kernels;

/// <summary>embed.comp: copies the embedding of every token of a step into the residual stream.</summary>
internal sealed class Embedding
{
    private readonly BoundKernel[] _kernels; // [part]
    private readonly WeightMatrix _table;
    private readonly int _stride;
    private readonly int _localSize;
    private readonly float _scale;

    internal Embedding(KernelContext context, WeightMatrix table, StepBuffers step, Activations activations, float scale = 1)
    {
        bool lanes = context.Order == WeightOrder.Lanes;
        _localSize = KernelContext.SmallLocalSize;
        ComputePipeline pipeline = context.Pipelines.Get(
            lanes ? EmbedLanesShader.Description : EmbedRowsShader.Description, (uint)table.Format, (uint)_localSize);
        _table = table;
        _scale = scale;
        _stride = activations.ResidualStride;
        _kernels = new BoundKernel[table.Parts.Count];
        for (int i = 0; i < _kernels.Length; i++)
        {
            WeightPart part = table.Parts[i];
            _kernels[i] = context.Bindings.Bind(
                pipeline,
                KernelContext.Quads(part.Quads),
                KernelContext.Quads(part.Words),
                step.Tokens,
                step.Counts,
                activations.Residual);
        }
    }

    internal void Record(CommandList commands, int tokens)
    {
        int groups = (_table.BlockCount + _localSize - 1) / _localSize;
        for (int i = 0; i < _kernels.Length; i++)
        {
            // The push constants of both variants are alike.
            var push = new EmbedLanesShader.PushConstants
            {
                CountSlot = (uint)StepCount.Tokens,
                BlockCount = (uint)_table.BlockCount,
                ColumnCount = (uint)_table.Columns,
                OutputStride = (uint)_stride,
                FirstRow = (uint)_table.Parts[i].FirstRow,
                RowCount = (uint)_table.Parts[i].RowCount,
                Factor = _scale,
            };
            commands.Dispatch(_kernels[i], push, groups, tokens);
        }
    }
}
