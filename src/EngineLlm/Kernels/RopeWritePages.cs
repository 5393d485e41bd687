using EngineLlm.Kernels.Generated;
using EngineLlm.Models;
using EngineLlm.Vulkan;

namespace EngineLlm.Kernels;

/// <summary>rope_write_pages.comp: rotates queries and keys, and writes keys and values to their pages.</summary>
internal sealed class RopeWritePages
{
    private readonly BoundKernel _kernel;
    private readonly RopeWritePagesShader.PushConstants _push;
    private readonly int _groups;

    internal RopeWritePages(KernelContext context, PagedAttention.Operands operands)
    {
        ModelDescription model = operands.Model;
        StepBuffers step = operands.Step;
        _kernel = context.Bindings.Bind(
            context.Pipelines.Get(
                RopeWritePagesShader.Description,
                (uint)KernelContext.SmallLocalSize,
                (uint)model.HeadSize,
                (uint)model.RopeDimensionCount,
                (uint)operands.Limits.PageSize,
                model.RopeStyle == RopeStyle.Halves ? 1u : 0u,
                operands.Limits.FloatPages ? 1u : 0u),
            operands.Queries,
            operands.RopeTable,
            step.Pages,
            step.PageOffsets,
            step.Rows,
            step.Positions,
            step.Counts,
            operands.Keys,
            operands.Values);
        _push = new RopeWritePagesShader.PushConstants
        {
            CountSlot = (uint)StepCount.Tokens,
            HeadCount = (uint)model.HeadCount,
            KvHeadCount = (uint)model.KeyValueHeadCount,
            Stride = (uint)operands.QueryStride,
        };
        int work = (model.HeadCount + 2 * model.KeyValueHeadCount) * PageMemory.PaddedHeadSize(model) / 4;
        _groups = (work + KernelContext.SmallLocalSize - 1) / KernelContext.SmallLocalSize;
    }

    internal void Record(CommandList commands, int tokens) => commands.Dispatch(_kernel, _push, _groups, tokens);
}
