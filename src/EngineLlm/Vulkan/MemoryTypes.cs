using Silk.NET.Vulkan;

namespace EngineLlm.Vulkan;

/// <summary>Which of a device's memory types a buffer lies in.</summary>
internal static class MemoryTypes
{
    private const MemoryPropertyFlags Host = MemoryPropertyFlags.HostVisibleBit | MemoryPropertyFlags.HostCoherentBit;

    /// <summary>Chooses a memory type.</summary>
    /// <param name="device">The device.</param>
    /// <param name="allowed">A bit for each type that the buffer may lie in.</param>
    /// <param name="place">Who writes and reads it.</param>
    /// <exception cref="EngineLlmException">The device has no such memory.</exception>
    internal static uint Choose(PhysicalDevice device, uint allowed, BufferPlace place) => place switch
    {
        BufferPlace.Device => Find(device, allowed, MemoryPropertyFlags.DeviceLocalBit) ?? Find(device, allowed, 0),
        BufferPlace.Upload => Find(device, allowed, Host),
        _ => Find(device, allowed, Host | MemoryPropertyFlags.HostCachedBit) ?? Find(device, allowed, Host),
    } ?? throw new EngineLlmException($"{device.Name} has no memory of the kind '{place}'.");

    /// <summary>Whether the host can map memory of that type and sees what is written there.</summary>
    internal static bool IsMappable(PhysicalDevice device, uint type) => FlagsOf(device, type).HasFlag(Host);

    /// <summary>Whether memory of that type is the device's own.</summary>
    internal static bool IsLocal(PhysicalDevice device, uint type) => FlagsOf(device, type).HasFlag(MemoryPropertyFlags.DeviceLocalBit);

    private static uint? Find(PhysicalDevice device, uint allowed, MemoryPropertyFlags flags)
    {
        for (uint i = 0; i < device.Memory.MemoryTypeCount; i++)
        {
            if ((allowed & (1u << (int)i)) != 0 && FlagsOf(device, i).HasFlag(flags)) return i;
        }
        return null;
    }

    private static MemoryPropertyFlags FlagsOf(PhysicalDevice device, uint type) => device.Memory.MemoryTypes[(int)type].PropertyFlags;
}
