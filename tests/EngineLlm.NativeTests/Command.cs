using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace EngineLlm.NativeTests;

/// <summary>Another program, run to its end, and what it printed. For all test projects that start programs.</summary>
internal sealed record Command(int ExitCode, string Output, string Errors)
{
    /// <summary>The repository's root.</summary>
    internal static string Root { get; } = FindRoot();

    /// <summary>A folder for what the tests build, kept between runs.</summary>
    internal static string BuildFolder => Directory.CreateDirectory(Path.Combine(Root, ".artifacts", "native-tests")).FullName;

    /// <summary>Everything that was printed.</summary>
    internal string Printed => Output + Errors;

    /// <summary>Everything that was printed, with the exit code: for messages.</summary>
    internal string Report => $"exit code {ExitCode}\n{Output}\n{Errors}";

    /// <summary>True where a program of this name is on the path.</summary>
    internal static bool Exists(string program)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders.Any(folder => File.Exists(Path.Combine(folder, program)));
    }

    /// <summary>Runs a program to its end. One that does not end in time is killed, and the test fails.</summary>
    internal static Command Run(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null,
        int timeoutSeconds = 900)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? Root,
        };
        // What the test host was told about its own run is not meant for other builds.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(timeoutSeconds)))
        {
            process.Kill(entireProcessTree: true);
            string command = $"{program} {string.Join(' ', start.ArgumentList)}";
            Assert.Fail($"{command} did not end within {timeoutSeconds} s:\n{output.Result}\n{errors.Result}");
        }
        return new Command(process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>
    /// Builds a project of the repository by the given command. All test projects that build have one folder of intermediate files, so that
    /// the native library is compiled once; who comes second waits, and finds it there.
    /// </summary>
    internal static void Build(string command, string project, params string[] arguments)
    {
        using FileStream turn = WaitForTurn(Path.Combine(BuildFolder, "build.lock"));
        string artifacts = $"-p:ArtifactsPath={Path.Combine(BuildFolder, "artifacts")}";
        Command built = Dotnet(Root, [command, $"src/{project}", artifacts, .. arguments]);
        Assert.That(built.ExitCode, Is.Zero, built.Report);
        Assert.That(built.Output, Does.Not.Contain("warning"));
    }

    /// <summary>Runs a program of the .NET SDK, without servers that stay behind.</summary>
    internal static Command Dotnet(string folder, params string[] arguments)
    {
        var environment = new Dictionary<string, string?>
        {
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            ["UseSharedCompilation"] = "false",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        };
        bool isHost = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        return Run(isHost ? Environment.ProcessPath! : "dotnet", arguments, environment, folder);
    }

    private static FileStream WaitForTurn(string path)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited.Elapsed < TimeSpan.FromMinutes(15))
            {
                Thread.Sleep(200);
            }
        }
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EngineLlm.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
