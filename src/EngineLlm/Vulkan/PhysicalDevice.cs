using System;
using System.Collections.Generic;
using System.Linq;
using Silk.NET.Core.Native;
using Silk.NET.Vulkan;

namespace EngineLlm.Vulkan;

/// <summary>What one of the machine's Vulkan devices is and can do, as far as EngineLlm cares.</summary>
internal sealed unsafe class PhysicalDevice
{
    private PhysicalDevice(Vk api, Silk.NET.Vulkan.PhysicalDevice handle)
    {
        Handle = handle;
        var subgroups = new PhysicalDeviceSubgroupProperties { SType = StructureType.PhysicalDeviceSubgroupProperties };
        var driver = new PhysicalDeviceDriverProperties { SType = StructureType.PhysicalDeviceDriverProperties, PNext = &subgroups };
        var maintenance = new PhysicalDeviceMaintenance3Properties { SType = StructureType.PhysicalDeviceMaintenance3Properties, PNext = &driver };
        var properties = new PhysicalDeviceProperties2 { SType = StructureType.PhysicalDeviceProperties2, PNext = &maintenance };
        api.GetPhysicalDeviceProperties2(handle, &properties);
        Name = SilkMarshal.PtrToString((nint)properties.Properties.DeviceName) ?? "unnamed device";
        Type = properties.Properties.DeviceType;
        ApiVersion = properties.Properties.ApiVersion;
        Limits = properties.Properties.Limits;
        MaxAllocationBytes = maintenance.MaxMemoryAllocationSize;
        SubgroupSize = (int)subgroups.SubgroupSize;
        SubgroupOperations = subgroups.SupportedOperations;
        DriverName = $"{SilkMarshal.PtrToString((nint)driver.DriverName)} {SilkMarshal.PtrToString((nint)driver.DriverInfo)}".Trim();
        PipelineCacheIdentity = new byte[Vk.UuidSize];
        new ReadOnlySpan<byte>(properties.Properties.PipelineCacheUuid, (int)Vk.UuidSize).CopyTo(PipelineCacheIdentity);
        Features = DeviceFeatures.Read(api, handle);
        Extensions = ReadExtensions(api, handle);
        api.GetPhysicalDeviceMemoryProperties(handle, out PhysicalDeviceMemoryProperties memory);
        Memory = memory;
        QueueFamilies = ReadQueueFamilies(api, handle);
    }

    internal Silk.NET.Vulkan.PhysicalDevice Handle { get; }

    /// <summary>Place in <see cref="List"/>.</summary>
    internal int Index { get; private set; }

    internal string Name { get; }

    internal string DriverName { get; }

    internal PhysicalDeviceType Type { get; }

    internal uint ApiVersion { get; }

    internal PhysicalDeviceLimits Limits { get; }

    internal PhysicalDeviceMemoryProperties Memory { get; }

    internal QueueFamilyProperties[] QueueFamilies { get; }

    internal DeviceFeatures Features { get; }

    internal HashSet<string> Extensions { get; }

    internal byte[] PipelineCacheIdentity { get; }

    /// <summary>The largest single memory allocation, in bytes.</summary>
    internal ulong MaxAllocationBytes { get; }

    internal int SubgroupSize { get; }

    internal SubgroupFeatureFlags SubgroupOperations { get; }

    /// <summary>True where the device is a processor, which wants kernels of its own shape.</summary>
    internal bool IsCpu => Type == PhysicalDeviceType.Cpu;

    /// <summary>Bytes of memory that only the device is close to; on integrated and software devices the memory that it shares with the host.</summary>
    internal ulong DeviceLocalBytes
    {
        get
        {
            ulong bytes = 0;
            for (int i = 0; i < Memory.MemoryHeapCount; i++)
            {
                MemoryHeap heap = Memory.MemoryHeaps[i];
                if (heap.Flags.HasFlag(MemoryHeapFlags.DeviceLocalBit)) bytes += heap.Size;
            }
            return bytes;
        }
    }

    /// <summary>Why the device cannot run EngineLlm, or null where it can: the portable floor of the design.</summary>
    internal string? MissingFromFloor
    {
        get
        {
            const SubgroupFeatureFlags needed = SubgroupFeatureFlags.BasicBit | SubgroupFeatureFlags.ArithmeticBit | SubgroupFeatureFlags.ShuffleBit;
            if (ApiVersion < Vk.Version12) return "Vulkan 1.2 is needed";
            if (!Features.TimelineSemaphore) return "timeline semaphores are needed";
            if ((SubgroupOperations & needed) != needed) return "subgroup arithmetic and shuffle are needed";
            if (SubgroupSize < 8 || SubgroupSize > 128) return $"subgroups of 8 to 128 are needed, not {SubgroupSize}";
            if (Limits.MaxComputeSharedMemorySize < 32 * 1024) return "32 KiB of shared memory are needed";
            if (Limits.MaxComputeWorkGroupInvocations < 256) return "256 invocations in a workgroup are needed";
            if (Limits.MaxPerStageDescriptorStorageBuffers < 12) return "12 storage buffers in a shader are needed";
            if (ComputeFamily is null) return "a compute queue is needed";
            return null;
        }
    }

    /// <summary>The queue family for compute: one without graphics where there is one, so that the game's own queue stays free.</summary>
    internal uint? ComputeFamily => FindFamily(QueueFlags.ComputeBit, QueueFlags.GraphicsBit) ?? FindFamily(QueueFlags.ComputeBit, 0);

    /// <summary>The queue family for uploads: a pure transfer family where there is one, otherwise the compute family.</summary>
    internal uint? TransferFamily => FindFamily(QueueFlags.TransferBit, QueueFlags.ComputeBit | QueueFlags.GraphicsBit) ?? ComputeFamily;

    /// <summary>Lists the machine's devices in the order in which EngineLlm prefers them: discrete, integrated, virtual, software.</summary>
    internal static List<PhysicalDevice> List(VulkanInstance instance)
    {
        Vk api = instance.Api;
        uint count = 0;
        api.EnumeratePhysicalDevices(instance.Handle, ref count, null).Check("list the devices");
        var handles = new Silk.NET.Vulkan.PhysicalDevice[count];
        fixed (Silk.NET.Vulkan.PhysicalDevice* p = handles)
        {
            api.EnumeratePhysicalDevices(instance.Handle, ref count, p).Check("list the devices");
        }
        var devices = new List<PhysicalDevice>();
        foreach (Silk.NET.Vulkan.PhysicalDevice handle in handles) devices.Add(new PhysicalDevice(api, handle));
        // Sorting has to keep the driver's order among equals, so that an index means the same device at every start.
        devices = devices.OrderBy(d => Rank(d.Type)).ToList();
        for (int i = 0; i < devices.Count; i++) devices[i].Index = i;
        return devices;
    }

    /// <summary>Chooses the device to run on.</summary>
    /// <param name="instance">The instance whose devices are meant.</param>
    /// <param name="wanted">An index into <see cref="List"/>, or part of a name; null for the best that reaches the floor.</param>
    /// <exception cref="DeviceNotFoundException">No device is called that.</exception>
    /// <exception cref="VulkanUnavailableException">There is no device, or none reaches the floor.</exception>
    internal static PhysicalDevice Choose(VulkanInstance instance, string? wanted)
    {
        List<PhysicalDevice> devices = List(instance);
        if (devices.Count == 0) throw new VulkanUnavailableException(VulkanInstance.NoDriver);
        PhysicalDevice? chosen = wanted is null ? devices.Find(d => d.MissingFromFloor is null) : Find(devices, wanted);
        if (chosen is null && wanted is not null)
        {
            throw new DeviceNotFoundException($"There is no Vulkan device '{wanted}'. Devices here: {string.Join(", ", NamesOf(devices))}.");
        }
        chosen ??= devices[0];
        if (chosen.MissingFromFloor is { } missing)
        {
            throw new VulkanUnavailableException($"{chosen.Name} cannot run EngineLlm: {missing}. A newer driver may help, or choose another device.");
        }
        return chosen;
    }

    private static PhysicalDevice? Find(List<PhysicalDevice> devices, string wanted)
    {
        if (int.TryParse(wanted, out int index)) return index >= 0 && index < devices.Count ? devices[index] : null;
        return wanted.Length == 0 ? null : devices.Find(d => d.Name.IndexOf(wanted, StringComparison.OrdinalIgnoreCase) >= 0);
    }

    private static IEnumerable<string> NamesOf(List<PhysicalDevice> devices)
    {
        for (int i = 0; i < devices.Count; i++) yield return $"{i} {devices[i].Name}";
    }

    private static int Rank(PhysicalDeviceType type) => type switch
    {
        PhysicalDeviceType.DiscreteGpu => 0,
        PhysicalDeviceType.IntegratedGpu => 1,
        PhysicalDeviceType.VirtualGpu => 2,
        PhysicalDeviceType.Cpu => 3,
        _ => 4,
    };

    private uint? FindFamily(QueueFlags needed, QueueFlags unwanted)
    {
        for (uint i = 0; i < QueueFamilies.Length; i++)
        {
            QueueFlags flags = QueueFamilies[i].QueueFlags;
            if ((flags & needed) == needed && (flags & unwanted) == 0) return i;
        }
        return null;
    }

    private static QueueFamilyProperties[] ReadQueueFamilies(Vk api, Silk.NET.Vulkan.PhysicalDevice handle)
    {
        uint count = 0;
        api.GetPhysicalDeviceQueueFamilyProperties(handle, ref count, null);
        var families = new QueueFamilyProperties[count];
        fixed (QueueFamilyProperties* p = families) api.GetPhysicalDeviceQueueFamilyProperties(handle, ref count, p);
        return families;
    }

    private static HashSet<string> ReadExtensions(Vk api, Silk.NET.Vulkan.PhysicalDevice handle)
    {
        uint count = 0;
        api.EnumerateDeviceExtensionProperties(handle, (byte*)null, ref count, null).Check("list the device's extensions");
        var extensions = new ExtensionProperties[count];
        var names = new HashSet<string>(StringComparer.Ordinal);
        fixed (ExtensionProperties* p = extensions)
        {
            api.EnumerateDeviceExtensionProperties(handle, (byte*)null, ref count, p).Check("list the device's extensions");
            for (uint i = 0; i < count; i++) names.Add(SilkMarshal.PtrToString((nint)p[i].ExtensionName) ?? "");
        }
        return names;
    }
}
