using EngineLlm.Kernels.Generated;
using EngineLlm.Models;
using EngineLlm.Models.Weights;
using EngineLlm.Vulkan;

namespace EngineLlm.Kernels;

/// <summary>norm_add.comp: normalises what attention or the feed-forward part gives, and adds it to the residual stream.</summary>
internal sealed class NormAdd
{
    // A subgroup or two where invocations run one after the other.
    private const uint CpuLocalSize = 16;
    private const uint GpuLocalSize = 256;
    private readonly BoundKernel _kernel;
    private readonly NormAddShader.PushConstants _push;

    internal NormAdd(KernelContext context, ModelDescription model, DeviceBuffer gain, StepBuffers step, Activations activations)
    {
        _kernel = context.Bindings.Bind(
            context.Pipelines.Get(NormAddShader.Description, context.Order == WeightOrder.Lanes ? CpuLocalSize : GpuLocalSize),
            activations.Projected!,
            gain,
            activations.Residual,
            step.Counts);
        _push = new NormAddShader.PushConstants
        {
            CountSlot = (uint)StepCount.Tokens,
            QuadStride = (uint)activations.ResidualStride / 4,
            ColumnCount = (uint)model.EmbeddingSize,
            Epsilon = model.NormEpsilon,
        };
    }

    internal void Record(CommandList commands, int tokens) => commands.Dispatch(_kernel, _push, 1, tokens);
}
