using System;
using Silk.NET.Core.Contexts;
using Silk.NET.Vulkan;

namespace EngineLlm.Vulkan;

/// <summary>
/// Finds the system's Vulkan loader, and through it every command. Nothing native ships with EngineLlm. Silk.NET's default context is not
/// used: it looks for native files beside the assemblies, which NativeAOT and IL2CPP do not have.
/// </summary>
internal sealed class VulkanLoader : INativeContext
{
    private readonly InstanceProcAddress _find;

    private VulkanLoader(InstanceProcAddress find) => _find = find;

    /// <summary>The instance whose commands are looked up, or none before there is one: then only those that need none are found.</summary>
    internal Instance Instance { get; set; }

    /// <summary>Opens the loader.</summary>
    /// <param name="api">The commands, found at their first use.</param>
    /// <exception cref="VulkanUnavailableException">It is not there, or too old.</exception>
    internal static VulkanLoader Open(out Vk api)
    {
        var loader = new VulkanLoader(VulkanLibrary.Find());
        api = new Vk(loader);
        uint version = 0;
        // A loader of Vulkan 1.0 lacks the command itself.
        bool isNew = loader.TryGetProcAddress("vkEnumerateInstanceVersion", out _);
        if (isNew && api.EnumerateInstanceVersion(ref version) != Result.Success) version = 0;
        if (version >= Vk.Version12) return loader;
        api.Dispose();
        throw new VulkanUnavailableException("The Vulkan loader is older than 1.2. Update the graphics driver.");
    }

    public nint GetProcAddress(string proc, int? slot = null) => TryGetProcAddress(proc, out nint address, slot)
        ? address : throw new VulkanUnavailableException($"The Vulkan loader has no command {proc}. Update the graphics driver.");

    public bool TryGetProcAddress(string proc, out nint addr, int? slot = null)
    {
        addr = _find(Instance.Handle, proc);
        return addr != 0;
    }

    public void Dispose() { }
}
