using System;
using System.Collections.Generic;
using EngineLlm.Kernels;
using EngineLlm.Vulkan;

namespace EngineLlm.ShaderTests.Checks;

/// <summary>
/// One device for all checks of a run, and the pipelines that they share, since compiling one takes longer than most checks.
/// </summary>
internal sealed class KernelHarness : IDisposable
{
    private const string DeviceVariable = "ENGINELLM_DEVICE";
    private readonly PipelineBatch _pipelines;

    private KernelHarness(VulkanDevice device, bool isValidated)
    {
        Device = device;
        IsValidated = isValidated;
        _pipelines = new PipelineBatch(device);
        Commands = new CommandListPool(device, device.Compute);
    }

    internal VulkanDevice Device { get; }

    internal CommandListPool Commands { get; }

    /// <summary>False where the validation layers are not installed.</summary>
    internal bool IsValidated { get; }

    /// <summary>True where the kernels for devices of type CPU run: they are made for subgroups of 8.</summary>
    internal bool HasLanes => Device.Physical.SubgroupSize == 8;

    internal IReadOnlyList<string> ValidationMessages => Device.ValidationMessages;

    /// <summary>
    /// Opens the device that the variable ENGINELLM_DEVICE names, or the best one. Goes without validation only where the layers are not
    /// installed
    /// and <paramref name="requireValidation"/> is false.
    /// </summary>
    /// <exception cref="VulkanUnavailableException">No driver; the message names the package to install.</exception>
    internal static KernelHarness Open(bool requireValidation)
    {
        string? wanted = Environment.GetEnvironmentVariable(DeviceVariable);
        try
        {
            return new KernelHarness(VulkanDevice.Open(wanted, validation: true), isValidated: true);
        }
        catch (VulkanUnavailableException) when (!requireValidation)
        {
            // Where it was the driver that is missing, this fails again and says so.
            return new KernelHarness(VulkanDevice.Open(wanted), isValidated: false);
        }
    }

    /// <summary>The compiled pipeline of a shader with these specialisation constants, by id from 0.</summary>
    internal ComputePipeline Pipeline(ShaderDescription shader, params uint[] constants)
    {
        ComputePipeline pipeline = _pipelines.Get(shader, constants);
        pipeline.Compile();
        return pipeline;
    }

    public void Dispose()
    {
        Device.WaitIdle();
        Commands.Dispose();
        _pipelines.Dispose();
        Device.Dispose();
    }
}
