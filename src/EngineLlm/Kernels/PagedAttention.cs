using System;
using EngineLlm.Kernels.Generated;
using EngineLlm.Models;
using EngineLlm.Models.Weights;
using EngineLlm.Vulkan;
using Constant = EngineLlm.Kernels.Generated.PagedAttentionLanesShader.Constant;

namespace EngineLlm.Kernels;

/// <summary>
/// Causal attention of every token of a step over the pages of its sequence, in splits of the context that <see cref="AttentionMerge"/> joins:
/// paged_attention.comp on GPUs, paged_attention_lanes.comp on devices of type CPU. The two have the same bindings and push constants.
/// </summary>
internal sealed class PagedAttention
{
    /// <summary>What attention reads and writes.</summary>
    internal sealed record Operands
    {
        internal required ModelDescription Model { get; init; }

        internal required StepLimits Limits { get; init; }

        internal required StepBuffers Step { get; init; }

        /// <summary>[token][QueryStride] queries first.</summary>
        internal required DeviceBuffer Queries { get; init; }

        internal required int QueryStride { get; init; }

        internal required DeviceBuffer Keys { get; init; }

        internal required DeviceBuffer Values { get; init; }

        /// <summary>[position][pair] cosine and sine; null for a layer that does not rotate.</summary>
        internal required DeviceBuffer? RopeTable { get; init; }

        /// <summary>[2][head size] gains of the norms of query heads and of key heads; null where there are none.</summary>
        internal DeviceBuffer? HeadGains { get; init; }

        /// <summary>Tokens that a token sees, itself included; 0 for all before it.</summary>
        internal int Window { get; init; }

        /// <summary>[page of a row] where keys and values lie.</summary>
        internal BufferRange Pages => Window > 0 ? Step.WindowPages : Step.Pages;

        /// <summary>[token][OutputStride] heads one after the other.</summary>
        internal required DeviceBuffer Output { get; init; }

        internal required int OutputStride { get; init; }

        /// <summary>[work item][head] results of single splits.</summary>
        internal required DeviceBuffer Partials { get; init; }
    }

    private const uint RowsLocalSize = 128;
    private readonly BoundKernel _kernel;
    private readonly PagedAttentionLanesShader.PushConstants _push;
    private readonly BufferRange _arguments;

    internal PagedAttention(KernelContext context, Operands operands)
    {
        ModelDescription model = operands.Model;
        bool lanes = context.Order == WeightOrder.Lanes;
        var constants = new uint[10];
        constants[Constant.HeadSize] = (uint)model.HeadSize;
        constants[Constant.GroupSize] = (uint)(model.HeadCount / model.KeyValueHeadCount);
        constants[Constant.Heads] = (uint)HeadsOf(context, model);
        constants[Constant.PageSize] = (uint)operands.Limits.PageSize;
        constants[Constant.SplitTokens] = (uint)operands.Limits.SplitTokens;
        constants[Constant.ChunkTokens] = model.HeadSize >= 128 ? 8u : 16u;
        constants[Constant.IsF32] = operands.Limits.FloatPages ? 1u : 0u;
        constants[Constant.Window] = (uint)operands.Window;
        constants[Constant.SoftCap] = model.AttentionSoftCap > 0 ? 1u : 0u;
        if (!lanes) constants[PagedAttentionShader.Constant.LocalSizeX] = RowsLocalSize;
        _arguments = operands.Step.AttentionArguments;
        _kernel = context.Bindings.Bind(
            context.Pipelines.Get(lanes ? PagedAttentionLanesShader.Description : PagedAttentionShader.Description, constants),
            KernelContext.Floats(operands.Queries),
            KernelContext.Quads(operands.Keys),
            KernelContext.Quads(operands.Values),
            KernelContext.Words(operands.Pages),
            operands.Step.PageOffsets,
            operands.Step.Rows,
            operands.Step.Positions,
            operands.Step.WorkItems,
            operands.Step.Counts,
            operands.Output,
            operands.Partials);
        _push = new PagedAttentionLanesShader.PushConstants
        {
            CountSlot = (uint)StepCount.AttentionItems,
            KvHeadCount = (uint)model.KeyValueHeadCount,
            QueryStride = (uint)operands.QueryStride,
            OutputStride = (uint)operands.OutputStride,
            Scale = (float)(model.AttentionScale * Log2E),
            SoftCap = (float)(model.AttentionSoftCap * Log2E),
        };
    }

    /// <summary>Bytes of the partial results of so many work items.</summary>
    internal static ulong PartialBytes(ModelDescription model, int items) =>
        (ulong)items * (ulong)model.HeadCount * (ulong)(model.HeadSize + 2) * sizeof(float);

    /// <summary>Workgroups in y and z; those in x are the work items.</summary>
    internal static (int Y, int Z) Groups(KernelContext context, ModelDescription model)
    {
        int heads = HeadsOf(context, model);
        return (model.KeyValueHeadCount, (model.HeadCount / model.KeyValueHeadCount + heads - 1) / heads);
    }

    /// <summary>Records the attention; the number of work items comes from the step's buffers.</summary>
    internal void Record(CommandList commands) => commands.DispatchIndirect(_kernel, _push, _arguments);

    // The kernels work in powers of two.
    private const double Log2E = 1.4426950408889634;

    // Query heads that are in registers at once; more of them spill.
    private static int HeadsOf(KernelContext context, ModelDescription model)
    {
        int most = context.Order == WeightOrder.Lanes ? (model.HeadSize >= 128 ? 2 : 4) : (model.HeadSize >= 256 ? 4 : 8);
        return Math.Min(most, model.HeadCount / model.KeyValueHeadCount);
    }
}
