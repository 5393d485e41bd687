using System;
using System.Collections.Generic;
using Silk.NET.Vulkan;

namespace EngineLlm.Vulkan;

/// <summary>
/// The logical device: its queues, its memory and its pipeline cache. Knows nothing of models. Owns the instance that it was opened with.
/// </summary>
internal sealed unsafe class VulkanDevice : IDisposable
{
    private readonly VulkanInstance _instance;

    private VulkanDevice(VulkanInstance instance, PhysicalDevice physical, Device handle, string? pipelineCacheFolder)
    {
        _instance = instance;
        Api = instance.Api;
        Physical = physical;
        Handle = handle;
        uint compute = physical.ComputeFamily!.Value;
        uint transfer = physical.TransferFamily!.Value;
        Compute = new DeviceQueue(this, compute);
        Transfer = transfer == compute ? Compute : new DeviceQueue(this, transfer);
        Pipelines = new PipelineCache(this, pipelineCacheFolder);
    }

    internal Vk Api { get; }

    internal PhysicalDevice Physical { get; }

    internal Device Handle { get; }

    /// <summary>Where every step runs.</summary>
    internal DeviceQueue Compute { get; }

    /// <summary>Where weights are uploaded; the compute queue itself where the device has no other.</summary>
    internal DeviceQueue Transfer { get; }

    internal PipelineCache Pipelines { get; }

    internal IReadOnlyList<string> ValidationMessages => _instance.ValidationMessages;

    /// <summary>Opens a device.</summary>
    /// <param name="wanted">Index or part of the name; null for the best one.</param>
    /// <param name="validation">Turns on the validation layers.</param>
    /// <param name="pipelineCacheFolder">Where compiled pipelines are kept between runs; null keeps none.</param>
    /// <exception cref="VulkanUnavailableException">No loader, driver or device that reaches the floor.</exception>
    /// <exception cref="DeviceNotFoundException">No device is called that.</exception>
    internal static VulkanDevice Open(string? wanted = null, bool validation = false, string? pipelineCacheFolder = null)
    {
        VulkanInstance instance = VulkanInstance.Create(validation);
        try
        {
            PhysicalDevice physical = PhysicalDevice.Choose(instance, wanted);
            return new VulkanDevice(instance, physical, CreateDevice(instance.Api, physical), pipelineCacheFolder);
        }
        catch
        {
            instance.Dispose();
            throw;
        }
    }

    /// <summary>Waits until nothing runs on the device. For loading and for closing, never during play.</summary>
    internal void WaitIdle() => Api.DeviceWaitIdle(Handle);

    public void Dispose()
    {
        WaitIdle();
        Pipelines.Dispose();
        if (!ReferenceEquals(Transfer, Compute)) Transfer.Dispose();
        Compute.Dispose();
        Api.DestroyDevice(Handle, null);
        _instance.Dispose();
    }

    private static Device CreateDevice(Vk api, PhysicalDevice physical)
    {
        using var names = new NativeStrings();
        uint compute = physical.ComputeFamily!.Value;
        uint transfer = physical.TransferFamily!.Value;
        float priority = 0.5f;
        bool hasGlobalPriority = physical.Extensions.Contains("VK_KHR_global_priority");
        // The game's own work goes first wherever the driver can tell the two apart.
        var global = new DeviceQueueGlobalPriorityCreateInfoKHR
        {
            SType = StructureType.DeviceQueueGlobalPriorityCreateInfoKhr,
            GlobalPriority = QueueGlobalPriority.Low,
        };
        DeviceQueueCreateInfo* queues = stackalloc DeviceQueueCreateInfo[2];
        queues[0] = new DeviceQueueCreateInfo
        {
            SType = StructureType.DeviceQueueCreateInfo,
            PNext = hasGlobalPriority ? &global : null,
            QueueFamilyIndex = compute,
            QueueCount = 1,
            PQueuePriorities = &priority,
        };
        queues[1] = queues[0];
        queues[1].QueueFamilyIndex = transfer;
        var vulkan12 = new PhysicalDeviceVulkan12Features { SType = StructureType.PhysicalDeviceVulkan12Features, TimelineSemaphore = true };
        byte* extension = names.Add("VK_KHR_global_priority");
        var info = new DeviceCreateInfo
        {
            SType = StructureType.DeviceCreateInfo,
            PNext = &vulkan12,
            QueueCreateInfoCount = transfer == compute ? 1u : 2u,
            PQueueCreateInfos = queues,
            EnabledExtensionCount = hasGlobalPriority ? 1u : 0u,
            PpEnabledExtensionNames = &extension,
        };
        api.CreateDevice(physical.Handle, in info, null, out Device device).Check($"open {physical.Name}");
        return device;
    }
}
