namespace EngineLlm.Vulkan;

/// <summary>
/// Counts the memory that buffers would take, and takes none. It places them as <see cref="DeviceMemoryPool"/> does; only the alignment that
/// a driver asks for has to be guessed.
/// </summary>
internal sealed class MemoryTally : IDeviceMemory
{
    // What drivers of GPUs ask for; a larger one moves blocks' ends by a few KiB.
    private const ulong Alignment = 256;
    private readonly PhysicalDevice? _device;
    private readonly MemoryBlocks _blocks = new();

    /// <param name="device">The device whose memory is meant; null for a GPU with memory of its own.</param>
    internal MemoryTally(PhysicalDevice? device) => _device = device;

    /// <summary>Bytes of the buffers in the device's own memory.</summary>
    internal ulong DeviceBytes { get; private set; }

    /// <summary>Bytes of the buffers in the host's memory.</summary>
    internal ulong HostBytes { get; private set; }

    /// <summary>Bytes of the blocks that the buffers lie in: what the driver is asked for.</summary>
    internal ulong AllocatedBytes { get; private set; }

    /// <summary>Bytes of those blocks that are in the device's own memory.</summary>
    internal ulong AllocatedDeviceBytes { get; private set; }

    public DeviceBuffer Create(ulong bytes, BufferPlace place)
    {
        bytes = DeviceMemoryPool.Rounded(bytes);
        uint type = _device is null ? (uint)place : MemoryTypes.Choose(_device, uint.MaxValue, place);
        bool isLocal = _device is null ? place == BufferPlace.Device : MemoryTypes.IsLocal(_device, type);
        _blocks.Place(type, bytes, Alignment, Add, out _);
        if (isLocal) DeviceBytes += bytes;
        else HostBytes += bytes;
        return DeviceBuffer.Counted(bytes, _device is null ? place != BufferPlace.Device : MemoryTypes.IsMappable(_device, type));

        void Add(MemoryBlock block)
        {
            if (_device is not null && bytes > _device.MaxAllocationBytes) throw DeviceMemoryPool.TooLarge(_device, bytes);
            AllocatedBytes += block.Size;
            if (isLocal) AllocatedDeviceBytes += block.Size;
        }
    }
}
