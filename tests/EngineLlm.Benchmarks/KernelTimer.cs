using System;
using System.Collections.Generic;
using System.Diagnostics;
using EngineLlm.Kernels;
using EngineLlm.Vulkan;
using Silk.NET.Vulkan;

namespace EngineLlm.Benchmarks;

/// <summary>
/// Times kernels with the device's own clock, in memory close to it. Owns everything that it hands out, until <see cref="Clear"/>.
/// </summary>
internal sealed class KernelTimer : IDisposable
{
    private const int Repeats = 7;
    private readonly PipelineBatch _pipelines;
    private readonly CommandListPool _commandPool;
    private readonly CommandList _commands;
    private readonly TimestampPool _timestamps;
    private DeviceMemoryPool _memory;
    private BindingPool _bindings;

    internal KernelTimer()
    {
        Device = VulkanDevice.Open(Environment.GetEnvironmentVariable("ENGINELLM_DEVICE"));
        _pipelines = new PipelineBatch(Device);
        _commandPool = new CommandListPool(Device, Device.Compute);
        _commands = _commandPool.Create();
        _timestamps = new TimestampPool(Device, 2);
        _memory = new DeviceMemoryPool(Device);
        _bindings = new BindingPool(Device);
        Nothing = Filled(64, 0);
        Console.WriteLine($"{Device.Physical.Name}, {Device.Physical.DriverName}");
        Console.WriteLine($"medians of {Repeats} runs, a barrier after every dispatch");
    }

    /// <summary>How long a device is kept busy before its times count.</summary>
    internal int WarmUpMilliseconds { get; set; } = 300;

    internal VulkanDevice Device { get; }

    /// <summary>For bindings that a kernel does not use.</summary>
    internal DeviceBuffer Nothing { get; private set; }

    internal ComputePipeline Pipeline(ShaderDescription shader, params uint[] constants)
    {
        ComputePipeline pipeline = _pipelines.Get(shader, constants);
        pipeline.Compile();
        return pipeline;
    }

    /// <summary>Compiles pipelines side by side, so that asking for them one by one takes no time.</summary>
    internal void Compile(ShaderDescription shader, IEnumerable<uint[]> constants)
    {
        foreach (uint[] set in constants) _pipelines.Get(shader, set);
        _pipelines.Compile();
    }

    internal BoundKernel Bind(ComputePipeline pipeline, params Binding[] bindings) => _bindings.Bind(pipeline, bindings);

    /// <summary>A buffer on the device, full of one word.</summary>
    internal DeviceBuffer Filled(ulong bytes, uint word)
    {
        DeviceBuffer buffer = _memory.Create(bytes, BufferPlace.Device);
        Submit(commands => commands.Fill(buffer, word));
        return buffer;
    }

    /// <summary>A buffer on the device that holds the values.</summary>
    internal unsafe DeviceBuffer Upload<T>(T[] values) where T : unmanaged
    {
        ulong bytes = (ulong)values.Length * (ulong)sizeof(T);
        DeviceBuffer host = _memory.Create(bytes, BufferPlace.Upload), buffer = _memory.Create(bytes, BufferPlace.Device);
        values.CopyTo(host.Span<T>());
        Submit(commands => commands.Copy(host, buffer));
        return buffer;
    }

    /// <summary>Frees all buffers.</summary>
    internal void Clear()
    {
        Device.WaitIdle();
        _bindings.Dispose();
        _memory.Dispose();
        _memory = new DeviceMemoryPool(Device);
        _bindings = new BindingPool(Device);
        Nothing = Filled(64, 0);
    }

    /// <summary>Microseconds that a dispatch takes, its barrier included: the median over several runs.</summary>
    /// <param name="record">Records dispatch i.</param>
    internal double Microseconds(Action<CommandList, int> record)
    {
        int count = 2;
        // An idle device runs at a fraction of its clock: it is warm once runs last long enough to be measured.
        double run = Measure(record, count);
        var clock = Stopwatch.StartNew();
        double wanted = Device.Physical.IsCpu ? 20_000 : 3_000;
        while (run < wanted && count < 4096)
        {
            count = (int)Math.Clamp(count * wanted / Math.Max(run, 1), count + 1, 4096);
            run = Measure(record, count);
        }
        while (!Device.Physical.IsCpu && clock.ElapsedMilliseconds < WarmUpMilliseconds) Measure(record, count);
        var runs = new List<double>();
        for (int i = 0; i < Repeats; i++) runs.Add(Measure(record, count) / count);
        runs.Sort();
        return runs[Repeats / 2];
    }

    public void Dispose()
    {
        Device.WaitIdle();
        _bindings.Dispose();
        _memory.Dispose();
        _timestamps.Dispose();
        _commandPool.Dispose();
        _pipelines.Dispose();
        Device.Dispose();
    }

    private double Measure(Action<CommandList, int> record, int count)
    {
        var clock = Stopwatch.StartNew();
        Submit(commands =>
        {
            commands.ResetTimestamps(_timestamps, 0, 2);
            commands.WriteTimestamp(_timestamps, 0);
            for (int i = 0; i < count; i++)
            {
                record(commands, i);
                commands.BarrierBetweenShaders();
            }
            commands.WriteTimestamp(_timestamps, 1);
        });
        return _timestamps.MicrosecondsBetween(0, 1) ?? clock.Elapsed.TotalMicroseconds;
    }

    private void Submit(Action<CommandList> record)
    {
        _commands.Begin(once: true);
        record(_commands);
        _commands.End();
        ReadOnlySpan<CommandBuffer> buffers = [_commands.Handle];
        Device.Compute.Wait(Device.Compute.Submit(buffers));
    }
}
