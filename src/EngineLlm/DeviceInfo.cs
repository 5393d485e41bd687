using System.Collections.Generic;
using EngineLlm.Vulkan;
using Silk.NET.Vulkan;
using PhysicalDevice = EngineLlm.Vulkan.PhysicalDevice;

namespace EngineLlm;

/// <summary>One of the machine's Vulkan devices.</summary>
public sealed class DeviceInfo
{
    internal DeviceInfo(PhysicalDevice device)
    {
        Index = device.Index;
        Name = device.Name;
        Driver = device.DriverName;
        Kind = device.Type switch
        {
            PhysicalDeviceType.DiscreteGpu => "discrete GPU",
            PhysicalDeviceType.IntegratedGpu => "integrated GPU",
            PhysicalDeviceType.VirtualGpu => "virtual GPU",
            PhysicalDeviceType.Cpu => "software",
            _ => "other",
        };
        MemoryBytes = device.DeviceLocalBytes;
        MissingFromFloor = device.MissingFromFloor;
    }

    /// <summary>Index in <see cref="List"/>, which <see cref="EngineOptions.Device"/> takes.</summary>
    public int Index { get; }

    /// <summary>The device's name.</summary>
    public string Name { get; }

    /// <summary>The driver's name and version.</summary>
    public string Driver { get; }

    /// <summary>What it is: discrete, integrated or virtual GPU, or software.</summary>
    public string Kind { get; }

    /// <summary>Memory close to the device, in bytes; on integrated and software devices memory that it shares with the host.</summary>
    public ulong MemoryBytes { get; }

    /// <summary>Why EngineLlm cannot run on it, or null where it can.</summary>
    public string? MissingFromFloor { get; }

    /// <summary>Lists the machine's devices, the preferred one first.</summary>
    /// <exception cref="VulkanUnavailableException">There is no Vulkan loader or driver.</exception>
    public static IReadOnlyList<DeviceInfo> List()
    {
        using VulkanInstance instance = VulkanInstance.Create();
        List<PhysicalDevice> devices = PhysicalDevice.List(instance);
        var list = new DeviceInfo[devices.Count];
        for (int i = 0; i < list.Length; i++) list[i] = new DeviceInfo(devices[i]);
        return list;
    }
}
