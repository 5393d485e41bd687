using System;
using System.Runtime.InteropServices;
using Silk.NET.Core.Contexts;
using Silk.NET.Vulkan;

namespace EngineLlm.Vulkan;

/// <summary>Finds the system's Vulkan loader. Nothing native ships with EngineLlm.</summary>
internal static class VulkanLoader
{
    /// <summary>Opens the loader.</summary>
    /// <exception cref="VulkanUnavailableException">It is not there, or too old.</exception>
    internal static Vk Open()
    {
        Vk api;
        uint version = 0;
        try
        {
            api = CreateApi();
            if (api.EnumerateInstanceVersion(ref version) != Result.Success) version = 0;
        }
        catch (Exception e) when (e is not EngineLlmException)
        {
            throw new VulkanUnavailableException(
                "The Vulkan loader was not found. Install your graphics vendor's driver; on Debian and Ubuntu: apt install libvulkan1 mesa-vulkan-drivers.", e);
        }
        if (version >= Vk.Version12) return api;
        throw new VulkanUnavailableException("The Vulkan loader is older than 1.2. Update the graphics driver.");
    }

#if NET
    private static Vk CreateApi() => new(new LoaderContext());

    /// <summary>
    /// The loader through .NET's own NativeLibrary: Silk.NET's default looks for native files beside the assemblies, which NativeAOT does not have.
    /// </summary>
    private sealed class LoaderContext : INativeContext
    {
        private static readonly string[] s_names = OperatingSystem.IsWindows() ? ["vulkan-1.dll"]
            : OperatingSystem.IsMacOS() || OperatingSystem.IsIOS() ? ["libvulkan.1.dylib", "libvulkan.dylib", "libMoltenVK.dylib"]
            : OperatingSystem.IsAndroid() ? ["libvulkan.so"] : ["libvulkan.so.1", "libvulkan.so"];

        private IntPtr _handle;

        internal LoaderContext()
        {
            foreach (string name in s_names)
            {
                if (NativeLibrary.TryLoad(name, out _handle)) return;
            }
            throw new DllNotFoundException(s_names[0]);
        }

        public nint GetProcAddress(string proc, int? slot = null) => NativeLibrary.GetExport(_handle, proc);

        public bool TryGetProcAddress(string proc, out nint addr, int? slot = null) => NativeLibrary.TryGetExport(_handle, proc, out addr);

        public void Dispose()
        {
            if (_handle != IntPtr.Zero) NativeLibrary.Free(_handle);
            _handle = IntPtr.Zero;
        }
    }
#else
    private static Vk CreateApi() => Vk.GetApi();
#endif
}
