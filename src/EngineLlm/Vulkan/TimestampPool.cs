using System;
using Silk.NET.Vulkan;

namespace EngineLlm.Vulkan;

/// <summary>Timestamps that the device writes between kernels.</summary>
internal sealed unsafe class TimestampPool : IDisposable
{
    private readonly VulkanDevice _device;
    private readonly QueryPool _handle;

    internal TimestampPool(VulkanDevice device, int count)
    {
        _device = device;
        var info = new QueryPoolCreateInfo { SType = StructureType.QueryPoolCreateInfo, QueryType = QueryType.Timestamp, QueryCount = (uint)count };
        device.Api.CreateQueryPool(device.Handle, in info, null, out _handle).Check("create timestamps");
    }

    internal QueryPool Handle => _handle;

    /// <summary>Microseconds between two timestamps, or null where the device has not written both. Never waits.</summary>
    internal double? MicrosecondsBetween(int first, int last)
    {
        ulong* pair = stackalloc ulong[2];
        if (!TryRead(first, pair) || !TryRead(last, pair + 1)) return null;
        return (pair[1] - pair[0]) * (double)_device.Physical.Limits.TimestampPeriod / 1000.0;
    }

    public void Dispose() => _device.Api.DestroyQueryPool(_device.Handle, _handle, null);

    private bool TryRead(int index, ulong* value) => _device.Api.GetQueryPoolResults(
        _device.Handle, _handle, (uint)index, 1, sizeof(ulong), value, sizeof(ulong), QueryResultFlags.Result64Bit) == Result.Success;
}
