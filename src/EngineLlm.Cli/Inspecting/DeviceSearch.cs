using EngineLlm.Models;
using EngineLlm.Vulkan;

namespace EngineLlm.Cli.Inspecting;

/// <summary>Finds the device that a model would run on, without opening it.</summary>
internal static class DeviceSearch
{
    /// <summary>The device, or why there is none.</summary>
    /// <param name="wanted">Its number or part of its name; null for the best one.</param>
    /// <exception cref="DeviceNotFoundException">No device is called that.</exception>
    internal static (DeviceCapacity? Device, string? Problem) Find(string? wanted)
    {
        try
        {
            using VulkanInstance instance = VulkanInstance.Create();
            return (DeviceCapacity.Of(PhysicalDevice.Choose(instance, wanted)), null);
        }
        catch (VulkanUnavailableException error)
        {
            return (null, error.Message);
        }
    }
}
