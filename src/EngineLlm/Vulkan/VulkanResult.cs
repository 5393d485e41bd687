using Silk.NET.Vulkan;

namespace EngineLlm.Vulkan;

/// <summary>Turns Vulkan's result codes into typed errors.</summary>
internal static class VulkanResult
{
    /// <summary>Throws the error that belongs to a result that is not a success.</summary>
    /// <param name="result">What the Vulkan function returned.</param>
    /// <param name="action">What was being done, as it continues "Vulkan could not ...".</param>
    internal static void Check(this Result result, string action)
    {
        if (result < Result.Success) throw ToException(result, action);
    }

    private static EngineLlmException ToException(Result result, string action) => result switch
    {
        Result.ErrorDeviceLost => new DeviceLostException(
            $"The graphics driver reset the device while EngineLlm tried to {action}. Load the engine again; a smaller frame budget makes each submit shorter."),
        Result.ErrorOutOfDeviceMemory => new OutOfDeviceMemoryException(
            $"The device has no memory left to {action}. Use a smaller model, fewer pages, or close other programs that use the GPU."),
        Result.ErrorOutOfHostMemory => new OutOfDeviceMemoryException(
            $"The driver has no host memory left to {action}. Use a smaller model or fewer pages."),
        _ => new EngineLlmException($"Vulkan could not {action} ({result})."),
    };
}
