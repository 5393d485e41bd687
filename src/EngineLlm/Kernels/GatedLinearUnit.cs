using EngineLlm.Kernels.Generated;
using EngineLlm.Models;
using EngineLlm.Vulkan;

namespace EngineLlm.Kernels;

/// <summary>gated_linear_unit.comp: activation(gate) * up, where the product could not do it because the two are of different types.</summary>
internal sealed class GatedLinearUnit
{
    private readonly BoundKernel _kernel;
    private readonly GatedLinearUnitShader.PushConstants _push;
    private readonly int _groups;

    internal GatedLinearUnit(KernelContext context, ModelDescription model, StepBuffers step, Activations activations)
    {
        _kernel = context.Bindings.Bind(
            context.Pipelines.Get(GatedLinearUnitShader.Description, model.GateActivation == GateActivation.Gelu ? 1u : 0u), activations.Gate, activations.Up, step.Counts);
        _push = new GatedLinearUnitShader.PushConstants
        {
            CountSlot = (uint)StepCount.Tokens,
            FeatureCount = (uint)model.FeedForwardSize,
            Stride = (uint)activations.FeedForwardStride,
        };
        _groups = (model.FeedForwardSize + GatedLinearUnitShader.LocalSize.X - 1) / GatedLinearUnitShader.LocalSize.X;
    }

    internal void Record(CommandList commands, int tokens) => commands.Dispatch(_kernel, _push, _groups, tokens);
}
