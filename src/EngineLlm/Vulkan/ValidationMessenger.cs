using System;
using System.Collections.Generic;
using Silk.NET.Core.Native;
using Silk.NET.Vulkan;

namespace EngineLlm.Vulkan;

/// <summary>Collects what the validation layers say. For tests and for debugging; never on in a player's game.</summary>
internal sealed unsafe class ValidationMessenger : IDisposable
{
    private readonly Vk _api;
    private readonly Instance _instance;
    private readonly DebugUtilsMessengerEXT _handle;
    private readonly DebugUtilsMessengerCallbackFunctionEXT _callback;
    private readonly List<string> _messages = new();

    internal ValidationMessenger(Vk api, Instance instance)
    {
        _api = api;
        _instance = instance;
        _callback = Receive;
        var info = new DebugUtilsMessengerCreateInfoEXT
        {
            SType = StructureType.DebugUtilsMessengerCreateInfoExt,
            MessageSeverity = DebugUtilsMessageSeverityFlagsEXT.WarningBitExt | DebugUtilsMessageSeverityFlagsEXT.ErrorBitExt,
            MessageType = DebugUtilsMessageTypeFlagsEXT.ValidationBitExt | DebugUtilsMessageTypeFlagsEXT.PerformanceBitExt,
            PfnUserCallback = new PfnDebugUtilsMessengerCallbackEXT(_callback),
        };
        var create = (delegate* unmanaged[Cdecl]<Instance, DebugUtilsMessengerCreateInfoEXT*, AllocationCallbacks*, DebugUtilsMessengerEXT*, Result>)
            (void*)api.GetInstanceProcAddr(instance, "vkCreateDebugUtilsMessengerEXT");
        DebugUtilsMessengerEXT handle;
        create(instance, &info, null, &handle).Check("create a debug messenger");
        _handle = handle;
    }

    internal IReadOnlyList<string> Messages
    {
        get { lock (_messages) return _messages.ToArray(); }
    }

    public void Dispose()
    {
        var destroy = (delegate* unmanaged[Cdecl]<Instance, DebugUtilsMessengerEXT, AllocationCallbacks*, void>)
            (void*)_api.GetInstanceProcAddr(_instance, "vkDestroyDebugUtilsMessengerEXT");
        destroy(_instance, _handle, null);
        GC.KeepAlive(_callback);
    }

    private uint Receive(
        DebugUtilsMessageSeverityFlagsEXT severity, DebugUtilsMessageTypeFlagsEXT type, DebugUtilsMessengerCallbackDataEXT* data, void* user)
    {
        lock (_messages) _messages.Add($"{severity}: {SilkMarshal.PtrToString((nint)data->PMessage)}");
        return Vk.False;
    }
}
