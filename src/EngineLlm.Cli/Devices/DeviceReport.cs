using System.Collections.Generic;
using System.Text.Json.Serialization;
using EngineLlm.Vulkan;
using Silk.NET.Vulkan;
using PhysicalDevice = EngineLlm.Vulkan.PhysicalDevice;

namespace EngineLlm.Cli.Devices;

/// <summary>The machine's Vulkan devices, in the order in which EngineLlm prefers them.</summary>
internal sealed record DeviceListReport(IReadOnlyList<DeviceReport> Devices)
{
    /// <summary>Asks the driver.</summary>
    /// <exception cref="VulkanUnavailableException">There is no loader, no driver or no device.</exception>
    internal static DeviceListReport Read()
    {
        using VulkanInstance instance = VulkanInstance.Create();
        List<PhysicalDevice> devices = PhysicalDevice.List(instance);
        if (devices.Count == 0) throw new VulkanUnavailableException(VulkanInstance.NoDriver);
        int chosen = devices.FindIndex(device => device.MissingFromFloor is null);
        var reports = new List<DeviceReport>();
        for (int i = 0; i < devices.Count; i++) reports.Add(DeviceReport.Of(devices[i], i, i == chosen));
        return new DeviceListReport(reports);
    }
}

/// <summary>What `devices` says of one device. The JSON's names are the properties' in snake case.</summary>
internal sealed record DeviceReport
{
    /// <summary>What --device takes.</summary>
    public required int Index { get; init; }

    /// <summary>The driver's name for it; --device takes part of it too.</summary>
    public required string Name { get; init; }

    /// <summary>Discrete GPU, integrated GPU, virtual GPU, software or other.</summary>
    public required string Kind { get; init; }

    /// <summary>Driver and its version.</summary>
    public required string Driver { get; init; }

    /// <summary>The newest Vulkan version it speaks.</summary>
    public required string VulkanVersion { get; init; }

    /// <summary>Device-local memory, in bytes.</summary>
    public required ulong MemoryBytes { get; init; }

    /// <summary>Largest single allocation, in bytes.</summary>
    public required ulong MaxAllocationBytes { get; init; }

    /// <summary>Largest range of a storage buffer, in bytes.</summary>
    public required ulong MaxStorageBufferRange { get; init; }

    /// <summary>Shared memory a workgroup, in bytes.</summary>
    public required uint SharedMemoryBytes { get; init; }

    /// <summary>Invocations a workgroup.</summary>
    public required uint MaxInvocations { get; init; }

    /// <summary>Invocations a subgroup.</summary>
    public required int SubgroupSize { get; init; }

    /// <summary>Push constants, in bytes.</summary>
    public required uint MaxPushConstantBytes { get; init; }

    /// <summary>"compute only" where there is a family without graphics, otherwise "shared with graphics" or "none".</summary>
    public required string ComputeQueue { get; init; }

    /// <summary>"dedicated" where there is a family only for transfers, otherwise "shared with compute".</summary>
    public required string TransferQueue { get; init; }

    /// <summary>Whether timestamps work on compute queues.</summary>
    public required bool Timestamps { get; init; }

    /// <summary>16-bit float arithmetic.</summary>
    public required bool Float16 { get; init; }

    /// <summary>8-bit integer arithmetic.</summary>
    public required bool Int8 { get; init; }

    /// <summary>16-bit values in storage buffers.</summary>
    public required bool Storage16Bit { get; init; }

    /// <summary>8-bit values in storage buffers.</summary>
    public required bool Storage8Bit { get; init; }

    /// <summary>Integer dot product (an extension, or Vulkan 1.3).</summary>
    public required bool IntegerDotProduct { get; init; }

    /// <summary>VK_KHR_cooperative_matrix.</summary>
    public required bool CooperativeMatrix { get; init; }

    /// <summary>Why it cannot run EngineLlm; null where it can.</summary>
    public required string? MissingFromFloor { get; init; }

    /// <summary>Whether EngineLlm takes this one where --device is not given.</summary>
    public required bool Chosen { get; init; }

    internal static DeviceReport Of(PhysicalDevice device, int index, bool chosen) => new()
    {
        Index = index,
        Name = device.Name,
        Kind = KindOf(device.Type),
        Driver = device.DriverName,
        VulkanVersion = VersionText(device.ApiVersion),
        MemoryBytes = device.DeviceLocalBytes,
        MaxAllocationBytes = device.MaxAllocationBytes,
        MaxStorageBufferRange = device.Limits.MaxStorageBufferRange,
        SharedMemoryBytes = device.Limits.MaxComputeSharedMemorySize,
        MaxInvocations = device.Limits.MaxComputeWorkGroupInvocations,
        SubgroupSize = device.SubgroupSize,
        MaxPushConstantBytes = device.Limits.MaxPushConstantsSize,
        ComputeQueue = ComputeQueueOf(device),
        TransferQueue = device.TransferFamily == device.ComputeFamily ? "shared with compute" : "dedicated",
        Timestamps = device.Limits.TimestampComputeAndGraphics,
        Float16 = device.Features.ShaderFloat16,
        Int8 = device.Features.ShaderInt8,
        Storage16Bit = device.Features.StorageBuffer16Bit,
        Storage8Bit = device.Features.StorageBuffer8Bit,
        IntegerDotProduct = device.Extensions.Contains("VK_KHR_shader_integer_dot_product") || device.ApiVersion >= Vk.Version13,
        CooperativeMatrix = device.Extensions.Contains("VK_KHR_cooperative_matrix"),
        MissingFromFloor = device.MissingFromFloor,
        Chosen = chosen,
    };

    internal static string KindOf(PhysicalDeviceType type) => type switch
    {
        PhysicalDeviceType.DiscreteGpu => "discrete GPU",
        PhysicalDeviceType.IntegratedGpu => "integrated GPU",
        PhysicalDeviceType.VirtualGpu => "virtual GPU",
        PhysicalDeviceType.Cpu => "software",
        _ => "other",
    };

    private static string VersionText(uint version) => $"{version >> 22 & 0x7F}.{version >> 12 & 0x3FF}.{version & 0xFFF}";

    private static string ComputeQueueOf(PhysicalDevice device)
    {
        if (device.ComputeFamily is not { } family) return "none";
        return device.QueueFamilies[family].QueueFlags.HasFlag(QueueFlags.GraphicsBit) ? "shared with graphics" : "compute only";
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(DeviceListReport))]
internal sealed partial class DeviceJson : JsonSerializerContext;
