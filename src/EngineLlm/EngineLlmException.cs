using System;

namespace EngineLlm;

/// <summary>Base of every error that EngineLlm raises on purpose. The message is one line and says what to do.</summary>
public class EngineLlmException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">One line: what is wrong, and what to do about it.</param>
    /// <param name="inner">The error underneath, where there is one.</param>
    public EngineLlmException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>There is no Vulkan loader, no driver, or no device that reaches the portable floor.</summary>
public sealed class VulkanUnavailableException : EngineLlmException
{
    /// <inheritdoc cref="EngineLlmException(string, Exception)"/>
    public VulkanUnavailableException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>The device asked for by name or index does not exist.</summary>
public sealed class DeviceNotFoundException : EngineLlmException
{
    /// <inheritdoc cref="EngineLlmException(string, Exception)"/>
    public DeviceNotFoundException(string message) : base(message) { }
}

/// <summary>The driver reset the device, or the device went away.</summary>
public sealed class DeviceLostException : EngineLlmException
{
    /// <inheritdoc cref="EngineLlmException(string, Exception)"/>
    public DeviceLostException(string message) : base(message) { }
}

/// <summary>The device has less memory than the model or its pages need.</summary>
public sealed class OutOfDeviceMemoryException : EngineLlmException
{
    /// <inheritdoc cref="EngineLlmException(string, Exception)"/>
    public OutOfDeviceMemoryException(string message) : base(message) { }
}

/// <summary>The file is missing, is no GGUF, is truncated, or contradicts itself.</summary>
public sealed class ModelFormatException : EngineLlmException
{
    /// <inheritdoc cref="EngineLlmException(string, Exception)"/>
    public ModelFormatException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>The file is sound, but asks for something that EngineLlm does not do: an architecture, a tensor type, a tokenizer.</summary>
public sealed class UnsupportedModelException : EngineLlmException
{
    /// <inheritdoc cref="EngineLlmException(string, Exception)"/>
    public UnsupportedModelException(string message) : base(message) { }
}

/// <summary>A prompt does not fit into the context, or into the page pool.</summary>
public sealed class PromptTooLongException : EngineLlmException
{
    /// <inheritdoc cref="EngineLlmException(string, Exception)"/>
    public PromptTooLongException(string message) : base(message) { }
}
