namespace EngineLlm.Vulkan;

/// <summary>Who writes and who reads a buffer, which decides the memory that it lies in.</summary>
internal enum BufferPlace
{
    /// <summary>Close to the device; mapped only where host and device share their memory.</summary>
    Device,

    /// <summary>Written by the host, read by the device.</summary>
    Upload,

    /// <summary>Written by the device, read by the host.</summary>
    ReadBack,
}

/// <summary>Where buffers come from: a device's memory, or a tally of what would be taken from it.</summary>
internal interface IDeviceMemory
{
    /// <summary>Makes a buffer.</summary>
    /// <param name="bytes">Its size; rounded up to a multiple of 16.</param>
    /// <param name="place">Who writes and reads it.</param>
    /// <exception cref="OutOfDeviceMemoryException">The device has no room for it.</exception>
    DeviceBuffer Create(ulong bytes, BufferPlace place);
}
