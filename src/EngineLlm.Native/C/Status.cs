using System;

namespace EngineLlm.Native.C;

/// <summary>What a call came to: <c>enginellm_status</c>.</summary>
internal enum Status
{
    Ok = 0,
    InvalidArgument = 1,
    InvalidHandle = 2,
    InvalidSize = 3,
    InvalidUtf8 = 4,
    WrongThread = 5,
    InCallback = 6,
    NotReady = 7,
    Cancelled = 8,
    Vulkan = 9,
    DeviceNotFound = 10,
    DeviceMemory = 11,
    DeviceLost = 12,
    ModelFormat = 13,
    ModelUnsupported = 14,
    PromptTooLong = 15,
    Engine = 16,
    Internal = 17,
}

/// <summary>A call that the interface itself refuses.</summary>
internal sealed class RefusedException : Exception
{
    internal RefusedException(Status status, string message) : base(message) => Status = status;

    internal Status Status { get; }
}

internal static class Statuses
{
    /// <summary>The status that stands for an error.</summary>
    internal static Status Of(Exception error) => error switch
    {
        RefusedException refused => refused.Status,
        VulkanUnavailableException => Status.Vulkan,
        DeviceNotFoundException => Status.DeviceNotFound,
        OutOfDeviceMemoryException => Status.DeviceMemory,
        DeviceLostException => Status.DeviceLost,
        ModelFormatException => Status.ModelFormat,
        UnsupportedModelException => Status.ModelUnsupported,
        PromptTooLongException => Status.PromptTooLong,
        EngineLlmException => Status.Engine,
        OperationCanceledException => Status.Cancelled,
        ArgumentException => Status.InvalidArgument,
        _ => Status.Internal,
    };

    /// <summary>The name of a status in <c>enginellm.h</c>, with a zero byte at its end.</summary>
    internal static ReadOnlySpan<byte> NameOf(Status status) => status switch
    {
        Status.Ok => "ENGINELLM_OK\0"u8,
        Status.InvalidArgument => "ENGINELLM_ERROR_INVALID_ARGUMENT\0"u8,
        Status.InvalidHandle => "ENGINELLM_ERROR_INVALID_HANDLE\0"u8,
        Status.InvalidSize => "ENGINELLM_ERROR_INVALID_SIZE\0"u8,
        Status.InvalidUtf8 => "ENGINELLM_ERROR_INVALID_UTF8\0"u8,
        Status.WrongThread => "ENGINELLM_ERROR_WRONG_THREAD\0"u8,
        Status.InCallback => "ENGINELLM_ERROR_IN_CALLBACK\0"u8,
        Status.NotReady => "ENGINELLM_ERROR_NOT_READY\0"u8,
        Status.Cancelled => "ENGINELLM_ERROR_CANCELLED\0"u8,
        Status.Vulkan => "ENGINELLM_ERROR_VULKAN\0"u8,
        Status.DeviceNotFound => "ENGINELLM_ERROR_DEVICE_NOT_FOUND\0"u8,
        Status.DeviceMemory => "ENGINELLM_ERROR_DEVICE_MEMORY\0"u8,
        Status.DeviceLost => "ENGINELLM_ERROR_DEVICE_LOST\0"u8,
        Status.ModelFormat => "ENGINELLM_ERROR_MODEL_FORMAT\0"u8,
        Status.ModelUnsupported => "ENGINELLM_ERROR_MODEL_UNSUPPORTED\0"u8,
        Status.PromptTooLong => "ENGINELLM_ERROR_PROMPT_TOO_LONG\0"u8,
        Status.Engine => "ENGINELLM_ERROR_ENGINE\0"u8,
        Status.Internal => "ENGINELLM_ERROR_INTERNAL\0"u8,
        _ => "unknown status\0"u8,
    };
}
