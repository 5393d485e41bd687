using System;
using Silk.NET.Vulkan;

namespace EngineLlm.Vulkan;

/// <summary>
/// One queue and the timeline semaphore that counts its finished submits. Submits may come from several threads; each is numbered.
/// Completion is polled: <see cref="Wait"/> exists for loading, closing and programs without frames, and counts its calls so that tests can
/// prove that a game's thread never waits.
/// </summary>
internal sealed unsafe class DeviceQueue : IDisposable
{
    private readonly VulkanDevice _device;
    private readonly Queue _handle;
    private readonly Semaphore _timeline;
    private readonly object _lock = new();
    private ulong _submitted;
    private long _waitCount;

    internal DeviceQueue(VulkanDevice device, uint family)
    {
        _device = device;
        Family = family;
        device.Api.GetDeviceQueue(device.Handle, family, 0, out _handle);
        var type = new SemaphoreTypeCreateInfo { SType = StructureType.SemaphoreTypeCreateInfo, SemaphoreType = SemaphoreType.Timeline };
        var info = new SemaphoreCreateInfo { SType = StructureType.SemaphoreCreateInfo, PNext = &type };
        device.Api.CreateSemaphore(device.Handle, in info, null, out _timeline).Check("create a timeline semaphore");
    }

    internal uint Family { get; }

    /// <summary>How often a thread has waited for this queue.</summary>
    internal long WaitCount => System.Threading.Interlocked.Read(ref _waitCount);

    /// <summary>True where the queue can write timestamps.</summary>
    internal bool HasTimestamps => _device.Physical.QueueFamilies[Family].TimestampValidBits != 0;

    /// <summary>Hands command buffers to the device, in order, in one submit.</summary>
    /// <returns>The submit's number, for <see cref="IsCompleted"/> and <see cref="Wait"/>.</returns>
    internal ulong Submit(ReadOnlySpan<CommandBuffer> commands)
    {
        lock (_lock)
        {
            ulong value = _submitted + 1;
            Semaphore timeline = _timeline;
            var values = new TimelineSemaphoreSubmitInfo
            {
                SType = StructureType.TimelineSemaphoreSubmitInfo,
                SignalSemaphoreValueCount = 1,
                PSignalSemaphoreValues = &value,
            };
            fixed (CommandBuffer* buffers = commands)
            {
                var info = new SubmitInfo
                {
                    SType = StructureType.SubmitInfo,
                    PNext = &values,
                    CommandBufferCount = (uint)commands.Length,
                    PCommandBuffers = buffers,
                    SignalSemaphoreCount = 1,
                    PSignalSemaphores = &timeline,
                };
                _device.Api.QueueSubmit(_handle, 1, &info, default).Check("submit work");
            }
            return _submitted = value;
        }
    }

    /// <summary>Polls whether a submit has finished. Never waits.</summary>
    /// <exception cref="DeviceLostException">The driver reset the device.</exception>
    internal bool IsCompleted(ulong submit)
    {
        _device.Api.GetSemaphoreCounterValue(_device.Handle, _timeline, out ulong value).Check("ask how far the queue is");
        // A lost device may answer with the largest number there is.
        if (value == ulong.MaxValue) Result.ErrorDeviceLost.Check("ask how far the queue is");
        return value >= submit;
    }

    /// <summary>Waits for a submit.</summary>
    /// <returns>False where the time ran out first.</returns>
    internal bool Wait(ulong submit, ulong timeoutNanoseconds = ulong.MaxValue)
    {
        System.Threading.Interlocked.Increment(ref _waitCount);
        Semaphore timeline = _timeline;
        var info = new SemaphoreWaitInfo
        {
            SType = StructureType.SemaphoreWaitInfo,
            SemaphoreCount = 1,
            PSemaphores = &timeline,
            PValues = &submit,
        };
        Result result = _device.Api.WaitSemaphores(_device.Handle, in info, timeoutNanoseconds);
        result.Check("wait for the queue");
        return result == Result.Success;
    }

    public void Dispose() => _device.Api.DestroySemaphore(_device.Handle, _timeline, null);
}
