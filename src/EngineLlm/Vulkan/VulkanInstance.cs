using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Silk.NET.Core.Native;
using Silk.NET.Vulkan;

namespace EngineLlm.Vulkan;

/// <summary>The Vulkan loader and one instance of it. Owns the instance and, where asked for, the validation messenger.</summary>
internal sealed unsafe class VulkanInstance : IDisposable
{
    private const string ValidationLayer = "VK_LAYER_KHRONOS_validation";
    private readonly ValidationMessenger? _messenger;

    private VulkanInstance(Vk api, Instance handle, ValidationMessenger? messenger)
    {
        Api = api;
        Handle = handle;
        _messenger = messenger;
    }

    internal Vk Api { get; }

    internal Instance Handle { get; }

    /// <summary>What the validation layers have said so far, oldest first; empty where they are off.</summary>
    internal IReadOnlyList<string> ValidationMessages => _messenger is null ? Array.Empty<string>() : _messenger.Messages;

    /// <summary>Opens the loader and creates an instance.</summary>
    /// <param name="validation">Turns on the validation layers, synchronization validation included.</param>
    /// <exception cref="VulkanUnavailableException">There is no loader or no driver, or the layers were asked for and are not installed.</exception>
    internal static VulkanInstance Create(bool validation = false)
    {
        VulkanLoader loader = VulkanLoader.Open(out Vk api);
        if (validation && !HasValidationLayer(api))
        {
            throw new VulkanUnavailableException(
                $"The validation layers were asked for, but {ValidationLayer} is not installed. On Debian and Ubuntu: apt install vulkan-validationlayers.");
        }

        using var names = new NativeStrings();
        var application = new ApplicationInfo
        {
            SType = StructureType.ApplicationInfo,
            PApplicationName = names.Add("EngineLlm"),
            PEngineName = names.Add("EngineLlm"),
            ApiVersion = Vk.Version12,
        };
        ValidationFeatureEnableEXT enabled = ValidationFeatureEnableEXT.SynchronizationValidationExt;
        var features = new ValidationFeaturesEXT
        {
            SType = StructureType.ValidationFeaturesExt,
            EnabledValidationFeatureCount = 1,
            PEnabledValidationFeatures = &enabled,
        };
        byte* layer = names.Add(ValidationLayer);
        byte* extension = names.Add("VK_EXT_debug_utils");
        var info = new InstanceCreateInfo
        {
            SType = StructureType.InstanceCreateInfo,
            PApplicationInfo = &application,
            PNext = validation ? &features : null,
            EnabledLayerCount = validation ? 1u : 0u,
            PpEnabledLayerNames = &layer,
            EnabledExtensionCount = validation ? 1u : 0u,
            PpEnabledExtensionNames = &extension,
        };
        Result result = api.CreateInstance(in info, null, out Instance handle);
        if (result == Result.ErrorIncompatibleDriver)
        {
            throw new VulkanUnavailableException(NoDriver);
        }
        result.Check("create an instance");
        loader.Instance = handle;
        return new VulkanInstance(api, handle, validation ? new ValidationMessenger(loader, handle) : null);
    }

    internal const string NoDriver =
        "No Vulkan driver was found. Install your graphics vendor's driver, or Mesa's (on Debian and Ubuntu: apt install mesa-vulkan-drivers, which also brings a software driver).";

    public void Dispose()
    {
        _messenger?.Dispose();
        Api.DestroyInstance(Handle, null);
        Api.Dispose();
    }

    private static bool HasValidationLayer(Vk api)
    {
        uint count = 0;
        api.EnumerateInstanceLayerProperties(ref count, null).Check("list the instance layers");
        var layers = new LayerProperties[count];
        fixed (LayerProperties* p = layers)
        {
            api.EnumerateInstanceLayerProperties(ref count, p).Check("list the instance layers");
            for (uint i = 0; i < count; i++)
            {
                if (SilkMarshal.PtrToString((nint)p[i].LayerName) == ValidationLayer) return true;
            }
        }
        return false;
    }
}

/// <summary>Zero-terminated UTF-8 strings that live until the scope ends.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly List<IntPtr> _pointers = new();

    internal byte* Add(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text + "\0");
        IntPtr pointer = Marshal.AllocHGlobal(bytes.Length);
        Marshal.Copy(bytes, 0, pointer, bytes.Length);
        _pointers.Add(pointer);
        return (byte*)pointer;
    }

    public void Dispose()
    {
        foreach (IntPtr pointer in _pointers) Marshal.FreeHGlobal(pointer);
        _pointers.Clear();
    }
}
