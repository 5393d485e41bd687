using System;
using EngineLlm.Kernels.Generated;
using EngineLlm.Models;
using EngineLlm.Vulkan;

namespace EngineLlm.Kernels;

/// <summary>rope_write_pages.comp: normalises and rotates queries and keys, and writes keys and values to their pages.</summary>
internal sealed class RopeWritePages
{
    private readonly BoundKernel _kernel;
    private readonly RopeWritePagesShader.PushConstants _push;
    private readonly int _groups;

    internal RopeWritePages(KernelContext context, PagedAttention.Operands operands)
    {
        ModelDescription model = operands.Model;
        StepBuffers step = operands.Step;
        bool isRotated = operands.RopeTable is not null;
        bool hasNorms = operands.HeadGains is not null;
        int localSize = LocalSize(model, hasNorms);
        _kernel = context.Bindings.Bind(
            context.Pipelines.Get(
                RopeWritePagesShader.Description,
                (uint)localSize,
                (uint)model.HeadSize,
                isRotated ? (uint)model.RopeDimensionCount : 0u,
                (uint)operands.Limits.PageSize,
                model.RopeStyle == RopeStyle.Halves ? 1u : 0u,
                operands.Limits.FloatPages ? 1u : 0u,
                hasNorms ? 1u : 0u),
            operands.Queries,
            operands.RopeTable ?? context.Unused,
            operands.Pages,
            step.PageOffsets,
            step.Rows,
            step.Positions,
            step.Counts,
            operands.Keys,
            operands.Values,
            operands.HeadGains ?? context.Unused);
        _push = new RopeWritePagesShader.PushConstants
        {
            CountSlot = (uint)StepCount.Tokens,
            HeadCount = (uint)model.HeadCount,
            KvHeadCount = (uint)model.KeyValueHeadCount,
            Stride = (uint)operands.QueryStride,
            Epsilon = model.NormEpsilon,
        };
        int work = (model.HeadCount + 2 * model.KeyValueHeadCount) * PageMemory.PaddedHeadSize(model) / 4;
        _groups = (work + localSize - 1) / localSize;
    }

    // The invocations of a head add up its squares, so they have to be in one workgroup.
    private static int LocalSize(ModelDescription model, bool hasNorms)
    {
        int headInvocations = PageMemory.PaddedHeadSize(model) / 4;
        return hasNorms ? Math.Max(1, KernelContext.SmallLocalSize / headInvocations) * headInvocations : KernelContext.SmallLocalSize;
    }

    internal void Record(CommandList commands, int tokens) => commands.Dispatch(_kernel, _push, _groups, tokens);
}
