using System;
using EngineLlm.Models.Weights;
using EngineLlm.Vulkan;
using Silk.NET.Vulkan;

namespace EngineLlm.Kernels;

/// <summary>What every kernel is made from: the device, its pipelines and its bindings. Owns pipelines and bindings.</summary>
internal sealed class KernelContext : IDisposable
{
    internal KernelContext(VulkanDevice device, DeviceMemoryPool memory, WeightOrder? order = null)
    {
        Device = device;
        Memory = memory;
        Pipelines = new PipelineBatch(device);
        Bindings = new BindingPool(device);
        Order = order ?? OrderFor(device.Physical);
        Unused = memory.Create(UnusedBytes, BufferPlace.Device);
    }

    internal VulkanDevice Device { get; }

    internal DeviceMemoryPool Memory { get; }

    internal PipelineBatch Pipelines { get; }

    internal BindingPool Bindings { get; }

    /// <summary>How weights lie on this device, and with it which kernels run.</summary>
    internal WeightOrder Order { get; }

    /// <summary>Which kernels suit a device.</summary>
    internal static WeightOrder OrderFor(Vulkan.PhysicalDevice device)
    {
        // The CPU kernels keep a row in each of eight lanes; another subgroup size would need another layout of the weights.
        return device is { IsCpu: true, SubgroupSize: 8 } ? WeightOrder.Lanes : WeightOrder.Rows;
    }

    /// <summary>
    /// Invocations of a workgroup in kernels that are a few loads and stores each. On devices of type CPU too, where starting a workgroup costs
    /// as much as the few loads and stores of one subgroup.
    /// </summary>
    internal const int SmallLocalSize = 64;

    /// <summary>Bytes of <see cref="Unused"/>.</summary>
    internal const ulong UnusedBytes = 16;

    /// <summary>Bound where a shader's option does not use a binding.</summary>
    internal DeviceBuffer Unused { get; }

    /// <summary>Floats, one a texel; a shader that has a plain buffer there ignores the texels.</summary>
    internal static Binding Floats(BufferRange range) => new(range, Format.R32Sfloat);

    /// <inheritdoc cref="Floats"/>
    internal static Binding FloatQuads(BufferRange range) => new(range, Format.R32G32B32A32Sfloat);

    /// <inheritdoc cref="Floats"/>
    internal static Binding Words(BufferRange range) => new(range, Format.R32Uint);

    /// <inheritdoc cref="Floats"/>
    internal static Binding Quads(BufferRange range) => new(range, Format.R32G32B32A32Uint);

    public void Dispose()
    {
        Bindings.Dispose();
        Pipelines.Dispose();
    }
}
