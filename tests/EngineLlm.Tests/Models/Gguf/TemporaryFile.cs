using System;
using System.IO;

namespace EngineLlm.Tests.Models.Gguf;

/// <summary>A file that goes when the test does.</summary>
internal sealed class TemporaryFile : IDisposable
{
    internal TemporaryFile(byte[] content)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"enginellm-test-{Guid.NewGuid():N}.gguf");
        File.WriteAllBytes(Path, content);
    }

    internal string Path { get; }

    public void Dispose() => File.Delete(Path);
}
