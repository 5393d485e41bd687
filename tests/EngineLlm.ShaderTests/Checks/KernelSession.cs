using System;
using EngineLlm.Vulkan;
using Silk.NET.Vulkan;

namespace EngineLlm.ShaderTests.Checks;

/// <summary>
/// The buffers and the commands of one check. All buffers are seen by the host, so that a check writes and reads plain arrays.
/// </summary>
internal sealed class KernelSession : IDisposable
{
    private readonly DeviceMemoryPool _memory;
    private readonly BindingPool _bindings;
    private readonly CommandList _commands;
    private bool _isRecording;

    internal KernelSession(KernelHarness harness)
    {
        Harness = harness;
        _memory = new DeviceMemoryPool(harness.Device);
        _bindings = new BindingPool(harness.Device);
        _commands = harness.Commands.Create();
        Nothing = Upload(new uint[4]);
    }

    internal KernelHarness Harness { get; }

    /// <summary>For bindings that a variant of a kernel does not use.</summary>
    internal DeviceBuffer Nothing { get; }

    /// <summary>A buffer that holds the values.</summary>
    internal unsafe DeviceBuffer Upload<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        DeviceBuffer buffer = _memory.Create((ulong)values.Length * (ulong)sizeof(T), BufferPlace.ReadBack);
        buffer.Span<byte>().Clear();
        values.CopyTo(buffer.Span<T>());
        return buffer;
    }

    internal DeviceBuffer Upload<T>(T[] values) where T : unmanaged => Upload((ReadOnlySpan<T>)values);

    /// <summary>A buffer full of NaN, so that a value that is never written, or read before it is, shows.</summary>
    internal DeviceBuffer Poisoned(int floatCount)
    {
        DeviceBuffer buffer = _memory.Create((ulong)floatCount * sizeof(float), BufferPlace.ReadBack);
        buffer.Span<float>().Fill(float.NaN);
        return buffer;
    }

    /// <summary>The first values of a buffer, once <see cref="Finish"/> has returned.</summary>
    internal static T[] Read<T>(DeviceBuffer buffer, int count) where T : unmanaged => buffer.Span<T>()[..count].ToArray();

    /// <summary>Records a dispatch; what earlier ones wrote is visible to it.</summary>
    internal void Dispatch<TPush>(ComputePipeline pipeline, in TPush push, (int X, int Y, int Z) groups, params Binding[] bindings)
        where TPush : unmanaged
    {
        if (_isRecording) _commands.BarrierBetweenShaders();
        else _commands.Begin(once: true);
        _isRecording = true;
        _commands.Dispatch(_bindings.Bind(pipeline, bindings), push, groups.X, groups.Y, groups.Z);
    }

    /// <summary>Submits what was recorded and waits for it.</summary>
    internal void Finish()
    {
        _commands.BarrierToHost();
        _commands.End();
        _isRecording = false;
        ReadOnlySpan<CommandBuffer> buffers = [_commands.Handle];
        DeviceQueue queue = Harness.Device.Compute;
        if (!queue.Wait(queue.Submit(buffers), 60_000_000_000)) throw new TimeoutException("The kernel did not finish within a minute.");
    }

    public void Dispose()
    {
        Harness.Device.WaitIdle();
        _bindings.Dispose();
        _memory.Dispose();
    }
}
