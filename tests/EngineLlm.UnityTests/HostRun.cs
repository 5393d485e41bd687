using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;

namespace EngineLlm.UnityTests;

/// <summary>The small game that holds the components: compiled like a game's scripts, and run in a process of its own.</summary>
internal static class HostRun
{
    private const string Name = "EngineLlm.UnityHost";
    private static readonly Lazy<string> s_player = new(() => Compile(CompiledPackage.ForPlayer));
    private static readonly Lazy<string> s_editor = new(() => Compile(CompiledPackage.ForEditor));

    /// <summary>The program as a player, with every assembly of the package beside it.</summary>
    internal static string Player => s_player.Value;

    /// <summary>The program as the editor.</summary>
    internal static string Editor => s_editor.Value;

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">What to start.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">What to add to its environment.</param>
    /// <param name="workingFolder">Its current folder; null for this process's.</param>
    internal static (int ExitCode, string Output) Run(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string? workingFolder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingFolder ?? "",
        };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(8)))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end:\n{output.Result}\n{errors.Result}");
        }
        return (process.ExitCode, output.Result + errors.Result);
    }

    /// <summary>A new folder for what a run writes.</summary>
    internal static string Folder()
    {
        string folder = System.IO.Path.Combine(Repository.Output, "data");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        return Directory.CreateDirectory(folder).FullName;
    }

    private static string Compile(CompiledPackage compiled)
    {
        foreach (string assembly in compiled.Package.Assemblies)
            File.Copy(assembly, System.IO.Path.Combine(compiled.Compiler.Folder, System.IO.Path.GetFileName(assembly)), overwrite: true);
        string[] stubs = compiled == CompiledPackage.ForPlayer ? ["UnityEngine"] : ["UnityEngine", "UnityEditor"];
        string[] references = stubs.Concat(compiled.Definitions.Select(definition => definition.Name))
            .Select(compiled.Compiler.PathOf).Append(compiled.Package.PathOf("Runtime/Plugins/EngineLlm.dll")).ToArray();
        compiled.Compiler.CompileProgram(Name, System.IO.Path.Combine(Repository.Tests, "Host"), references);
        string program = System.IO.Path.Combine(compiled.Compiler.Folder, Name + ".exe");
        File.WriteAllText(System.IO.Path.ChangeExtension(program, ".runtimeconfig.json"), """
            { "runtimeOptions": { "tfm": "net10.0", "framework": { "name": "Microsoft.NETCore.App", "version": "10.0.0" } } }
            """);
        return program;
    }
}
