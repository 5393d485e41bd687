using System;

namespace EngineLlm.ShaderCompiler;

/// <summary>A shader that cannot be compiled or described. The message says which one and why.</summary>
internal sealed class ShaderException : Exception
{
    /// <summary>Creates the error.</summary>
    public ShaderException(string message, Exception? inner = null) : base(message, inner) { }
}
