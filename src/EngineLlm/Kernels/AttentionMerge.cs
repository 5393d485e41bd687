using EngineLlm.Kernels.Generated;
using EngineLlm.Models;
using EngineLlm.Vulkan;

namespace EngineLlm.Kernels;

/// <summary>attention_merge.comp: joins the splits of a token's attention through their log-sum-exp.</summary>
internal sealed class AttentionMerge
{
    private const int LocalSize = 64;
    private readonly BoundKernel _kernel;
    private readonly AttentionMergeShader.PushConstants _push;
    private readonly BufferRange _arguments;

    internal AttentionMerge(KernelContext context, PagedAttention.Operands operands)
    {
        _arguments = operands.Step.MergeArguments;
        _kernel = context.Bindings.Bind(
            context.Pipelines.Get(AttentionMergeShader.Description, LocalSize, (uint)operands.Limits.SplitTokens, (uint)operands.Window),
            operands.Partials,
            operands.Step.MergeItems,
            operands.Step.Positions,
            operands.Step.Counts,
            operands.Output);
        _push = new AttentionMergeShader.PushConstants
        {
            CountSlot = (uint)StepCount.MergeItems,
            HeadCount = (uint)operands.Model.HeadCount,
            HeadSize = (uint)operands.Model.HeadSize,
            OutputStride = (uint)operands.OutputStride,
        };
    }

    /// <summary>Workgroups in x.</summary>
    internal static int Groups(ModelDescription model) => (model.QuerySize + LocalSize - 1) / LocalSize;

    internal void Record(CommandList commands) => commands.DispatchIndirect(_kernel, _push, _arguments);
}
