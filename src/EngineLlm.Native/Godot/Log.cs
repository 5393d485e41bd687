using System;
using System.Text;
using EngineLlm.Native.Godot.Interop;

namespace EngineLlm.Native.Godot;

/// <summary>The engine's log, and the debugger's list of errors.</summary>
internal static unsafe class Log
{
    /// <summary>Says what went wrong: one line for errors that are raised on purpose, everything for those that are not.</summary>
    internal static void Error(Exception e) => Error(e is EngineLlmException ? e.Message : e.ToString());

    /// <inheritdoc cref="Error(Exception)"/>
    internal static void Error(string message)
    {
        fixed (byte* title = "EngineLlm"u8, text = Encoding.UTF8.GetBytes(message + '\0'), nowhere = "enginellm"u8)
            GodotApi.PrintErrorWithMessage(title, text, nowhere, nowhere, 0, 1);
    }
}
