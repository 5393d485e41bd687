using EngineLlm.Kernels.Generated;
using EngineLlm.Models;
using EngineLlm.Vulkan;

namespace EngineLlm.Kernels;

/// <summary>swiglu.comp: silu(gate) * up, where the product could not do it because the two are of different types.</summary>
internal sealed class SwiGlu
{
    private readonly BoundKernel _kernel;
    private readonly SwigluShader.PushConstants _push;
    private readonly int _groups;

    internal SwiGlu(KernelContext context, ModelDescription model, StepBuffers step, Activations activations)
    {
        _kernel = context.Bindings.Bind(context.Pipelines.Get(SwigluShader.Description), activations.Gate, activations.Up, step.Counts);
        _push = new SwigluShader.PushConstants
        {
            CountSlot = (uint)StepCount.Tokens,
            FeatureCount = (uint)model.FeedForwardSize,
            Stride = (uint)activations.FeedForwardStride,
        };
        _groups = (model.FeedForwardSize + SwigluShader.LocalSize.X - 1) / SwigluShader.LocalSize.X;
    }

    internal void Record(CommandList commands, int tokens) => commands.Dispatch(_kernel, _push, _groups, tokens);
}
