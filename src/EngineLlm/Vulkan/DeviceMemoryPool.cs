using System;
using System.Collections.Generic;
using Silk.NET.Vulkan;

namespace EngineLlm.Vulkan;

/// <summary>
/// Takes device memory in a few big blocks and hands out buffers from them. Buffers live as long as the pool: nothing is returned one by one,
/// everything is freed with it.
/// </summary>
internal sealed unsafe class DeviceMemoryPool : IDeviceMemory, IDisposable
{
    private const BufferUsageFlags Usage = BufferUsageFlags.StorageBufferBit | BufferUsageFlags.TransferSrcBit | BufferUsageFlags.TransferDstBit
        | BufferUsageFlags.IndirectBufferBit | BufferUsageFlags.StorageTexelBufferBit;

    private readonly VulkanDevice _device;
    private readonly MemoryBlocks _blocks = new();
    private readonly List<(DeviceMemory Memory, IntPtr Mapped)> _memory = new(); // of the block at the same index
    private readonly List<DeviceBuffer> _buffers = new();

    internal DeviceMemoryPool(VulkanDevice device) => _device = device;

    /// <summary>Bytes of device memory taken so far.</summary>
    internal ulong AllocatedBytes { get; private set; }

    /// <summary>Bytes of the buffers handed out so far.</summary>
    internal ulong BufferBytes
    {
        get
        {
            ulong bytes = 0;
            foreach (DeviceBuffer buffer in _buffers) bytes += buffer.Bytes;
            return bytes;
        }
    }

    /// <summary>Bytes that a buffer of so many bytes has.</summary>
    internal static ulong Rounded(ulong bytes) => (Math.Max(bytes, 16) + 15) & ~15UL;

    /// <summary>The error for a buffer that is larger than anything the device allocates.</summary>
    internal static OutOfDeviceMemoryException TooLarge(PhysicalDevice device, ulong bytes) => new(
        $"{device.Name} allocates at most {device.MaxAllocationBytes >> 20} MiB at once, and {bytes >> 20} MiB are needed. "
        + "Use a smaller model.");

    public DeviceBuffer Create(ulong bytes, BufferPlace place)
    {
        bytes = Rounded(bytes);
        uint* families = stackalloc uint[] { _device.Compute.Family, _device.Transfer.Family };
        bool shared = families[0] != families[1];
        var info = new BufferCreateInfo
        {
            SType = StructureType.BufferCreateInfo,
            Size = bytes,
            Usage = Usage,
            SharingMode = shared ? SharingMode.Concurrent : SharingMode.Exclusive,
            QueueFamilyIndexCount = shared ? 2u : 0u,
            PQueueFamilyIndices = families,
        };
        _device.Api.CreateBuffer(_device.Handle, in info, null, out Silk.NET.Vulkan.Buffer handle).Check("create a buffer");
        try
        {
            _device.Api.GetBufferMemoryRequirements(_device.Handle, handle, out MemoryRequirements needs);
            uint type = MemoryTypes.Choose(_device.Physical, needs.MemoryTypeBits, place);
            int block = _blocks.Place(type, needs.Size, needs.Alignment, added => Allocate(added, needs.Size), out ulong offset);
            (DeviceMemory memory, IntPtr mapped) = _memory[block];
            _device.Api.BindBufferMemory(_device.Handle, handle, memory, offset).Check("bind a buffer");
            var buffer = new DeviceBuffer(_device, handle, bytes, mapped == IntPtr.Zero ? null : (byte*)mapped + offset);
            _buffers.Add(buffer);
            return buffer;
        }
        catch
        {
            _device.Api.DestroyBuffer(_device.Handle, handle, null);
            throw;
        }
    }

    public void Dispose()
    {
        foreach (DeviceBuffer buffer in _buffers) buffer.Destroy();
        foreach ((DeviceMemory memory, _) in _memory) _device.Api.FreeMemory(_device.Handle, memory, null);
        _buffers.Clear();
        _memory.Clear();
    }

    private void Allocate(MemoryBlock block, ulong needed)
    {
        if (needed > _device.Physical.MaxAllocationBytes) throw TooLarge(_device.Physical, needed);
        var info = new MemoryAllocateInfo
        {
            SType = StructureType.MemoryAllocateInfo, AllocationSize = block.Size, MemoryTypeIndex = block.Type,
        };
        _device.Api.AllocateMemory(_device.Handle, in info, null, out DeviceMemory memory).Check($"take {block.Size >> 20} MiB of memory");
        void* mapped = null;
        if (MemoryTypes.IsMappable(_device.Physical, block.Type))
        {
            _device.Api.MapMemory(_device.Handle, memory, 0, Vk.WholeSize, 0, ref mapped).Check("map memory");
        }
        AllocatedBytes += block.Size;
        _memory.Add((memory, (IntPtr)mapped));
    }
}
