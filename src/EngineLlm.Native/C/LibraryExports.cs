using System;
using System.Collections.Generic;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace EngineLlm.Native.C;

/// <summary>Functions of <c>enginellm.h</c> that need no engine.</summary>
internal static unsafe class LibraryExports
{
    private const uint Major = 1, Minor = 0;
    private static readonly byte[] s_version = MakeVersion();

    [UnmanagedCallersOnly(EntryPoint = "enginellm_abi_version")]
    internal static uint AbiVersion() => (Major << 16) | Minor;

    [UnmanagedCallersOnly(EntryPoint = "enginellm_version")]
    internal static byte* Version() => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(s_version));

    // The names are constants in the library's image, which nothing moves.
    [UnmanagedCallersOnly(EntryPoint = "enginellm_status_name")]
    internal static byte* StatusName(Status status) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Statuses.NameOf(status)));

    [UnmanagedCallersOnly(EntryPoint = "enginellm_last_error")]
    internal static nuint GetLastError(byte* buffer, nuint capacity)
    {
        if (buffer == null || capacity == 0) return (nuint)LastError.Text.Length;
        Marshalling.WriteText(LastError.Text, new Span<byte>(buffer, (int)Math.Min(capacity, int.MaxValue)));
        return (nuint)LastError.Text.Length;
    }

    [UnmanagedCallersOnly(EntryPoint = "enginellm_device_get")]
    internal static Status GetDevice(uint index, DeviceStruct* device)
    {
        try
        {
            // First, so that a wrong struct is told even where there is no device.
            Marshalling.WriteStruct(device, default(DeviceStruct), nameof(device));
            IReadOnlyList<DeviceInfo> devices = DeviceInfo.List();
            if (index >= devices.Count) throw new DeviceNotFoundException($"There is no device {index}; this machine has {devices.Count}.");
            Marshalling.WriteStruct(device, Describe(devices[(int)index]), nameof(device));
            return Status.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    private static DeviceStruct Describe(DeviceInfo device)
    {
        var described = new DeviceStruct { IsUsable = device.MissingFromFloor is null ? 1u : 0u, MemoryBytes = device.MemoryBytes };
        Marshalling.WriteText(device.Name, new Span<byte>(described.Name, 256));
        Marshalling.WriteText(device.Driver, new Span<byte>(described.Driver, 256));
        Marshalling.WriteText(device.Kind, new Span<byte>(described.Kind, 32));
        return described;
    }

    private static byte[] MakeVersion()
    {
        byte[] text = Encoding.UTF8.GetBytes(typeof(LlmEngine).Assembly.GetName().Version!.ToString(3));
        byte[] pinned = GC.AllocateArray<byte>(text.Length + 1, pinned: true);
        text.CopyTo(pinned, 0);
        return pinned;
    }
}
