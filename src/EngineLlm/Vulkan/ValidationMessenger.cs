using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using AOT;
using Silk.NET.Core.Native;
using Silk.NET.Vulkan;

namespace EngineLlm.Vulkan;

/// <summary>Collects what the validation layers say. For tests and for debugging; never on in a player's game.</summary>
internal sealed unsafe class ValidationMessenger : IDisposable
{
    private static readonly DebugUtilsMessengerCallbackFunctionEXT s_receive = Receive;

    private readonly VulkanLoader _loader;
    private readonly Instance _instance;
    private readonly DebugUtilsMessengerEXT _handle;
    private readonly List<string> _messages = new();
    private GCHandle _self;

    internal ValidationMessenger(VulkanLoader loader, Instance instance)
    {
        _loader = loader;
        _instance = instance;
        _self = GCHandle.Alloc(this);
        var info = new DebugUtilsMessengerCreateInfoEXT
        {
            SType = StructureType.DebugUtilsMessengerCreateInfoExt,
            MessageSeverity = DebugUtilsMessageSeverityFlagsEXT.WarningBitExt | DebugUtilsMessageSeverityFlagsEXT.ErrorBitExt,
            MessageType = DebugUtilsMessageTypeFlagsEXT.ValidationBitExt | DebugUtilsMessageTypeFlagsEXT.PerformanceBitExt,
            PfnUserCallback = new PfnDebugUtilsMessengerCallbackEXT(s_receive),
            PUserData = (void*)GCHandle.ToIntPtr(_self),
        };
        var create = (delegate* unmanaged[Cdecl]<Instance, DebugUtilsMessengerCreateInfoEXT*, AllocationCallbacks*, DebugUtilsMessengerEXT*, Result>)
            (void*)loader.GetProcAddress("vkCreateDebugUtilsMessengerEXT");
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
            (void*)_loader.GetProcAddress("vkDestroyDebugUtilsMessengerEXT");
        destroy(_instance, _handle, null);
        _self.Free();
    }

    // Static, and found through the user data: IL2CPP gives native code no other kind of method to call.
    [MonoPInvokeCallback(typeof(DebugUtilsMessengerCallbackFunctionEXT))]
    private static uint Receive(
        DebugUtilsMessageSeverityFlagsEXT severity, DebugUtilsMessageTypeFlagsEXT type, DebugUtilsMessengerCallbackDataEXT* data, void* user)
    {
        List<string> messages = ((ValidationMessenger)GCHandle.FromIntPtr((IntPtr)user).Target!)._messages;
        lock (messages) messages.Add($"{severity}: {SilkMarshal.PtrToString((nint)data->PMessage)}");
        return Vk.False;
    }
}
