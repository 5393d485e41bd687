using EngineLlm.Kernels;
using EngineLlm.Models.Weights;
using EngineLlm.Vulkan;

namespace EngineLlm.Models;

/// <summary>What decides how a model's buffers are cut and how many pages there are.</summary>
/// <param name="Name">The device, for messages.</param>
/// <param name="LocalBytes">Its own memory.</param>
/// <param name="MaxBindingBytes">The most that a kernel can bind at once.</param>
/// <param name="Order">How weights lie.</param>
/// <param name="Physical">The device; null where none is at hand.</param>
internal sealed record DeviceCapacity(string Name, ulong LocalBytes, ulong MaxBindingBytes, WeightOrder Order, PhysicalDevice? Physical)
{
    /// <summary>A GPU as players have them, for machines that have none.</summary>
    internal static DeviceCapacity Typical { get; } = new("a GPU with memory of its own", 8UL << 30, uint.MaxValue, WeightOrder.Rows, null);

    /// <summary>That of a device.</summary>
    internal static DeviceCapacity Of(PhysicalDevice device) =>
        new(device.Name, device.DeviceLocalBytes, device.Limits.MaxStorageBufferRange, KernelContext.OrderFor(device), device);
}
