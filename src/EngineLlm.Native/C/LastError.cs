using System;
using System.Text;

namespace EngineLlm.Native.C;

/// <summary>The text of the last call that failed, for each thread.</summary>
internal static class LastError
{
    [ThreadStatic]
    private static byte[]? s_text;

    /// <summary>What was said last on this thread; empty where no call has failed.</summary>
    internal static ReadOnlySpan<byte> Text => s_text;

    /// <summary>Remembers an error, and says which status stands for it.</summary>
    internal static Status Set(Exception error)
    {
        Status status = Statuses.Of(error);
        string message = status == Status.Internal ? $"{error.GetType().Name}: {error.Message}" : error.Message;
        s_text = Encoding.UTF8.GetBytes(message);
        return status;
    }
}
