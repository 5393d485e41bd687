using System;
using Silk.NET.Vulkan;

namespace EngineLlm.Vulkan;

/// <summary>
/// Copies host data to device memory in pieces, through two buffers on the transfer queue: one is filled while the other is copied. For loading.
/// </summary>
internal sealed unsafe class StagingUploader : IDisposable
{
    /// <summary>The usual size of a piece, in bytes. A single larger one makes its buffer grow.</summary>
    internal const long PieceBytes = 32 << 20;

    private readonly VulkanDevice _device;
    private readonly CommandListPool _commands;
    private readonly Slot[] _slots = { new(), new() };
    private int _current;

    internal StagingUploader(VulkanDevice device)
    {
        _device = device;
        _commands = new CommandListPool(device, device.Transfer);
    }

    /// <summary>Starts a piece.</summary>
    /// <returns>Where to write its bytes.</returns>
    internal byte* Begin(long bytes)
    {
        Slot slot = _slots[_current];
        if (slot.Submit != 0) _device.Transfer.Wait(slot.Submit);
        if (slot.Buffer is null || (long)slot.Buffer.Bytes < bytes)
        {
            slot.Memory?.Dispose();
            slot.Memory = new DeviceMemoryPool(_device);
            slot.Buffer = slot.Memory.Create((ulong)Math.Max(bytes, PieceBytes), BufferPlace.Upload);
        }
        slot.Commands ??= _commands.Create();
        slot.Commands.Begin(once: true);
        return slot.Buffer.Mapped;
    }

    /// <summary>Copies part of the piece.</summary>
    internal void Copy(long pieceOffset, DeviceBuffer destination, long offset, long bytes)
    {
        Slot slot = _slots[_current];
        slot.Commands!.Copy(slot.Buffer!.Range((ulong)pieceOffset, (ulong)bytes), destination.Range((ulong)offset, (ulong)bytes));
    }

    /// <summary>Ends the piece and hands it to the queue.</summary>
    internal void End()
    {
        Slot slot = _slots[_current];
        slot.Commands!.End();
        CommandBuffer commands = slot.Commands.Handle;
        slot.Submit = _device.Transfer.Submit(new ReadOnlySpan<CommandBuffer>(&commands, 1));
        _current = 1 - _current;
    }

    /// <summary>Waits until everything has arrived.</summary>
    internal void WaitForAll()
    {
        foreach (Slot slot in _slots)
        {
            if (slot.Submit != 0) _device.Transfer.Wait(slot.Submit);
        }
    }

    /// <summary>Waits until everything has arrived, and frees the buffers.</summary>
    public void Dispose()
    {
        WaitForAll();
        foreach (Slot slot in _slots) slot.Memory?.Dispose();
        _commands.Dispose();
    }

    private sealed class Slot
    {
        internal DeviceMemoryPool? Memory { get; set; }

        internal DeviceBuffer? Buffer { get; set; }

        internal CommandList? Commands { get; set; }

        internal ulong Submit { get; set; }
    }
}
