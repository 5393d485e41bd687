using System;
using System.Runtime.InteropServices;

namespace EngineLlm.Vulkan;

/// <summary>vkGetInstanceProcAddr: the address of a command, or 0.</summary>
/// <param name="instance">The instance, or 0 for commands that need none.</param>
/// <param name="name">The command, in ASCII.</param>
internal delegate nint InstanceProcAddress(nint instance, string name);

/// <summary>
/// The one import from the Vulkan loader, under each of the names that the systems give it. Plain imports, since they are what every
/// runtime resolves: .NET, NativeAOT, Mono and IL2CPP.
/// </summary>
internal static class VulkanLibrary
{
    private const string Command = "vkGetInstanceProcAddr";

    private static readonly InstanceProcAddress[] s_everyImport =
    {
        Windows, Linux, Android, MacOS, MacOSUnversioned, MoltenVk,
    };

    /// <summary>The import that resolves here.</summary>
    /// <exception cref="VulkanUnavailableException">None does.</exception>
    internal static InstanceProcAddress Find()
    {
        Exception? failure = null;
        foreach (InstanceProcAddress import in s_everyImport)
        {
            try
            {
                import(default, "vkCreateInstance");
                return import;
            }
            catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
            {
                failure = e;
            }
        }
        throw new VulkanUnavailableException(
            "The Vulkan loader was not found. Install your graphics vendor's driver; on Debian and Ubuntu: "
            + "apt install libvulkan1 mesa-vulkan-drivers.",
            failure);
    }

    [DllImport("vulkan-1", EntryPoint = Command, ExactSpelling = true)]
    private static extern nint Windows(nint instance, [MarshalAs(UnmanagedType.LPStr)] string name);

    [DllImport("libvulkan.so.1", EntryPoint = Command, ExactSpelling = true)]
    private static extern nint Linux(nint instance, [MarshalAs(UnmanagedType.LPStr)] string name);

    [DllImport("libvulkan.so", EntryPoint = Command, ExactSpelling = true)]
    private static extern nint Android(nint instance, [MarshalAs(UnmanagedType.LPStr)] string name);

    [DllImport("libvulkan.1.dylib", EntryPoint = Command, ExactSpelling = true)]
    private static extern nint MacOS(nint instance, [MarshalAs(UnmanagedType.LPStr)] string name);

    [DllImport("libvulkan.dylib", EntryPoint = Command, ExactSpelling = true)]
    private static extern nint MacOSUnversioned(nint instance, [MarshalAs(UnmanagedType.LPStr)] string name);

    [DllImport("libMoltenVK.dylib", EntryPoint = Command, ExactSpelling = true)]
    private static extern nint MoltenVk(nint instance, [MarshalAs(UnmanagedType.LPStr)] string name);
}
