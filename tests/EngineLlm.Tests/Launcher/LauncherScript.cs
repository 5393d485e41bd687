using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using NUnit.Framework;

namespace EngineLlm.Tests.Launcher;

/// <summary>Runs functions of the launcher's parts in a shell of their own, in a temporary folder that stands for the repository.</summary>
internal sealed class LauncherScript : IDisposable
{
    private readonly string _parts;

    public LauncherScript()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("The launcher is a bash script; Windows has enginellm.cmd.");
        DirectoryInfo? repository = new(AppContext.BaseDirectory);
        while (repository is not null && !File.Exists(Path.Combine(repository.FullName, "EngineLlm.sln")))
            repository = repository.Parent;
        _parts = Path.Combine(repository!.FullName, "tools", "launcher");
        Root = Directory.CreateTempSubdirectory("enginellm-launcher-").FullName;
    }

    /// <summary>The folder that the scripts take for the repository.</summary>
    public string Root { get; }

    /// <summary>Writes a file below <see cref="Root"/>, with its folders.</summary>
    public void Write(string path, string text)
    {
        string full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    /// <summary>Runs bash commands with every part of the launcher loaded.</summary>
    public (int ExitCode, string Output, string Errors) Run(string commands, IReadOnlyDictionary<string, string>? environment = null)
    {
        const string Preamble = """
            set -euo pipefail
            root=$1 artifacts=$1/.artifacts
            for part in messages driver build tests; do . "$2/$part.sh"; done

            """;
        var start = new ProcessStartInfo("bash", ["-c", Preamble + commands, "launcher", Root, _parts])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
