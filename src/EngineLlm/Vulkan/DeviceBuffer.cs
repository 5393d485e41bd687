using System;
using Silk.NET.Vulkan;

namespace EngineLlm.Vulkan;

/// <summary>A buffer inside a block of a <see cref="DeviceMemoryPool"/>, which owns it.</summary>
internal sealed unsafe class DeviceBuffer
{
    private readonly VulkanDevice? _device;

    internal DeviceBuffer(VulkanDevice device, Silk.NET.Vulkan.Buffer handle, ulong bytes, byte* mapped)
    {
        _device = device;
        Handle = handle;
        Bytes = bytes;
        Mapped = mapped;
        IsMapped = mapped != null;
    }

    private DeviceBuffer(ulong bytes, bool isMapped)
    {
        Bytes = bytes;
        IsMapped = isMapped;
    }

    /// <summary>A buffer that is only counted, see <see cref="MemoryTally"/>: it has a size and no memory.</summary>
    internal static DeviceBuffer Counted(ulong bytes, bool isMapped) => new(bytes, isMapped);

    internal Silk.NET.Vulkan.Buffer Handle { get; }

    /// <summary>Size in bytes, a multiple of 16.</summary>
    internal ulong Bytes { get; }

    /// <summary>Where the host sees the buffer, or null where it does not.</summary>
    internal byte* Mapped { get; }

    internal bool IsMapped { get; }

    /// <summary>The mapped buffer as a span.</summary>
    /// <exception cref="InvalidOperationException">The host does not see the buffer.</exception>
    internal Span<T> Span<T>() where T : unmanaged
    {
        if (Mapped == null) throw new InvalidOperationException("The buffer is not mapped.");
        return new Span<T>(Mapped, checked((int)(Bytes / (ulong)sizeof(T))));
    }

    internal void Destroy() => _device!.Api.DestroyBuffer(_device.Handle, Handle, null);

    internal BufferRange Range(ulong offset, ulong bytes) => new(this, offset, bytes);

    public static implicit operator BufferRange(DeviceBuffer buffer) => new(buffer, 0, buffer.Bytes);
}

/// <summary>Part of a buffer, as a shader binding sees it.</summary>
/// <param name="Buffer">The buffer.</param>
/// <param name="Offset">First byte; a multiple of the device's storage-buffer alignment.</param>
/// <param name="Bytes">Size in bytes.</param>
internal readonly record struct BufferRange(DeviceBuffer Buffer, ulong Offset, ulong Bytes);
