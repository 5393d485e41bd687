using System;
using System.IO;

namespace EngineLlm.Tests.Cli;

/// <summary>A text file that is gone at the end of the test.</summary>
internal sealed class ScratchFile : IDisposable
{
    internal ScratchFile(string text, string extension = ".json")
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"enginellm-{Guid.NewGuid():N}{extension}");
        File.WriteAllText(Path, text);
    }

    internal string Path { get; }

    public void Dispose() => File.Delete(Path);
}
