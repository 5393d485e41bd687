using System;
using System.Collections.Generic;
using Silk.NET.Vulkan;

namespace EngineLlm.Vulkan;

/// <summary>Who writes and who reads a buffer, which decides the memory that it lies in.</summary>
internal enum BufferPlace
{
    /// <summary>Close to the device; mapped only where host and device share their memory.</summary>
    Device,

    /// <summary>Written by the host, read by the device.</summary>
    Upload,

    /// <summary>Written by the device, read by the host.</summary>
    ReadBack,
}

/// <summary>
/// Takes device memory in a few big blocks and hands out buffers from them. Buffers live as long as the pool: nothing is returned one by one,
/// everything is freed with it.
/// </summary>
internal sealed unsafe class DeviceMemoryPool : IDisposable
{
    private const ulong BlockBytes = 64UL << 20;
    private const BufferUsageFlags Usage = BufferUsageFlags.StorageBufferBit | BufferUsageFlags.TransferSrcBit | BufferUsageFlags.TransferDstBit
        | BufferUsageFlags.IndirectBufferBit | BufferUsageFlags.StorageTexelBufferBit;

    private readonly VulkanDevice _device;
    private readonly List<Block> _blocks = new();
    private readonly List<DeviceBuffer> _buffers = new();

    internal DeviceMemoryPool(VulkanDevice device) => _device = device;

    /// <summary>Bytes of device memory taken so far.</summary>
    internal ulong AllocatedBytes { get; private set; }

    /// <summary>Makes a buffer.</summary>
    /// <param name="bytes">Its size; rounded up to a multiple of 16.</param>
    /// <param name="place">Who writes and reads it.</param>
    /// <exception cref="OutOfDeviceMemoryException">The device has no room for it.</exception>
    internal DeviceBuffer Create(ulong bytes, BufferPlace place)
    {
        bytes = (Math.Max(bytes, 16) + 15) & ~15UL;
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
            uint type = ChooseType(needs.MemoryTypeBits, place);
            Block block = FindOrAddBlock(type, needs, out ulong offset);
            _device.Api.BindBufferMemory(_device.Handle, handle, block.Memory, offset).Check("bind a buffer");
            block.Used = offset + needs.Size;
            var buffer = new DeviceBuffer(_device, handle, bytes, block.Mapped == null ? null : block.Mapped + offset);
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
        foreach (Block block in _blocks) _device.Api.FreeMemory(_device.Handle, block.Memory, null);
        _buffers.Clear();
        _blocks.Clear();
    }

    private Block FindOrAddBlock(uint type, in MemoryRequirements needs, out ulong offset)
    {
        foreach (Block block in _blocks)
        {
            offset = (block.Used + needs.Alignment - 1) / needs.Alignment * needs.Alignment;
            if (block.Type == type && offset + needs.Size <= block.Size) return block;
        }
        offset = 0;
        if (needs.Size > _device.Physical.MaxAllocationBytes)
        {
            throw new OutOfDeviceMemoryException(
                $"{_device.Physical.Name} allocates at most {_device.Physical.MaxAllocationBytes >> 20} MiB at once, and {needs.Size >> 20} MiB are needed. Use a smaller model.");
        }
        Block added = Allocate(type, Math.Max(BlockBytes, needs.Size));
        _blocks.Add(added);
        return added;
    }

    private Block Allocate(uint type, ulong bytes)
    {
        var info = new MemoryAllocateInfo { SType = StructureType.MemoryAllocateInfo, AllocationSize = bytes, MemoryTypeIndex = type };
        _device.Api.AllocateMemory(_device.Handle, in info, null, out DeviceMemory memory).Check($"take {bytes >> 20} MiB of memory");
        void* mapped = null;
        if (TypeFlags(type).HasFlag(MemoryPropertyFlags.HostVisibleBit | MemoryPropertyFlags.HostCoherentBit))
        {
            _device.Api.MapMemory(_device.Handle, memory, 0, Vk.WholeSize, 0, ref mapped).Check("map memory");
        }
        AllocatedBytes += bytes;
        return new Block { Type = type, Memory = memory, Size = bytes, Mapped = (byte*)mapped };
    }

    private uint ChooseType(uint allowed, BufferPlace place)
    {
        const MemoryPropertyFlags host = MemoryPropertyFlags.HostVisibleBit | MemoryPropertyFlags.HostCoherentBit;
        return place switch
        {
            BufferPlace.Device => FindType(allowed, MemoryPropertyFlags.DeviceLocalBit) ?? FindType(allowed, 0),
            BufferPlace.Upload => FindType(allowed, host),
            _ => FindType(allowed, host | MemoryPropertyFlags.HostCachedBit) ?? FindType(allowed, host),
        } ?? throw new EngineLlmException($"{_device.Physical.Name} has no memory of the kind '{place}'.");
    }

    private uint? FindType(uint allowed, MemoryPropertyFlags flags)
    {
        for (int i = 0; i < _device.Physical.Memory.MemoryTypeCount; i++)
        {
            if ((allowed & (1u << i)) != 0 && TypeFlags((uint)i).HasFlag(flags)) return (uint)i;
        }
        return null;
    }

    private MemoryPropertyFlags TypeFlags(uint type) => _device.Physical.Memory.MemoryTypes[(int)type].PropertyFlags;

    private sealed class Block
    {
        internal uint Type { get; init; }

        internal DeviceMemory Memory { get; init; }

        internal ulong Size { get; init; }

        internal byte* Mapped { get; init; }

        internal ulong Used { get; set; }
    }
}
