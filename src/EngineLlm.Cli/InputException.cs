using System;

namespace EngineLlm.Cli;

/// <summary>What the user typed, or a file that they named, cannot be used. The message is one line and says what to do.</summary>
internal sealed class InputException : EngineLlmException
{
    internal InputException(string message, Exception? inner = null) : base(message, inner) { }
}
