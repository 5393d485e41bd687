using Silk.NET.Vulkan;

namespace EngineLlm.Vulkan;

/// <summary>The optional features that matter to EngineLlm, as the device reports them.</summary>
internal sealed unsafe class DeviceFeatures
{
    internal bool TimelineSemaphore { get; private init; }

    internal bool ShaderFloat16 { get; private init; }

    internal bool ShaderInt8 { get; private init; }

    internal bool StorageBuffer16Bit { get; private init; }

    internal bool StorageBuffer8Bit { get; private init; }

    internal bool BufferDeviceAddress { get; private init; }

    internal static DeviceFeatures Read(Vk api, Silk.NET.Vulkan.PhysicalDevice device)
    {
        var vulkan12 = new PhysicalDeviceVulkan12Features { SType = StructureType.PhysicalDeviceVulkan12Features };
        var vulkan11 = new PhysicalDeviceVulkan11Features { SType = StructureType.PhysicalDeviceVulkan11Features, PNext = &vulkan12 };
        var features = new PhysicalDeviceFeatures2 { SType = StructureType.PhysicalDeviceFeatures2, PNext = &vulkan11 };
        api.GetPhysicalDeviceFeatures2(device, &features);
        return new DeviceFeatures
        {
            TimelineSemaphore = vulkan12.TimelineSemaphore,
            ShaderFloat16 = vulkan12.ShaderFloat16,
            ShaderInt8 = vulkan12.ShaderInt8,
            StorageBuffer16Bit = vulkan11.StorageBuffer16BitAccess,
            StorageBuffer8Bit = vulkan12.StorageBuffer8BitAccess,
            BufferDeviceAddress = vulkan12.BufferDeviceAddress,
        };
    }
}
