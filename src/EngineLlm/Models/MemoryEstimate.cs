using EngineLlm.Kernels;
using EngineLlm.Models.Weights;
using EngineLlm.Vulkan;

namespace EngineLlm.Models;

/// <summary>
/// What an engine takes of a device's memory for a model, from the code that takes it: the same buffers are made, of memory that is only
/// counted.
/// </summary>
/// <param name="WeightBytes">Weights as they lie on the device, and the table of rotations.</param>
/// <param name="PageBytes">The pages of keys and values.</param>
/// <param name="WorkBytes">Everything between: what a step reads and writes.</param>
/// <param name="HostBytes">What lies in the host's memory instead.</param>
/// <param name="AllocatedBytes">What the driver is asked for: blocks, which the buffers fill in part.</param>
/// <param name="AllocatedDeviceBytes">The share of that in the device's own memory.</param>
internal sealed record MemoryEstimate(
    ulong WeightBytes, ulong PageBytes, ulong WorkBytes, ulong HostBytes, ulong AllocatedBytes, ulong AllocatedDeviceBytes)
{
    /// <summary>Counts the memory of a model.</summary>
    /// <param name="source">The model; of its matrices only the sizes are read.</param>
    /// <param name="limits">What the buffers are made for.</param>
    /// <param name="device">The device.</param>
    /// <exception cref="OutOfDeviceMemoryException">A buffer is larger than anything that the device allocates.</exception>
    internal static MemoryEstimate Of(IWeightSource source, StepLimits limits, DeviceCapacity device)
    {
        var memory = new MemoryTally(device.Physical);
        // In the engine's own order, since the order decides what shares a block.
        memory.Create(KernelContext.UnusedBytes, BufferPlace.Device);
        ModelWeights.Load(source, new CountedWeights(memory, device.Order, device.MaxBindingBytes), limits.ContextLength);
        ulong weights = memory.DeviceBytes;
        _ = new StepBuffers(memory, limits);
        ulong beforePages = memory.DeviceBytes;
        _ = new PageMemory(memory, source.Description, limits);
        ulong pages = memory.DeviceBytes - beforePages;
        _ = new Activations(memory, source.Description, limits);
        return new MemoryEstimate(
            weights, pages, memory.DeviceBytes - weights - pages, memory.HostBytes, memory.AllocatedBytes, memory.AllocatedDeviceBytes);
    }
}
