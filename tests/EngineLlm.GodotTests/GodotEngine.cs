using System;
using System.Collections.Generic;
using System.IO;
using EngineLlm.NativeTests;
using NUnit.Framework;

namespace EngineLlm.GodotTests;

/// <summary>The real engine, without a window, and the project that the tests run in it.</summary>
internal static class GodotEngine
{
    private static readonly Lazy<string> s_project = new(MakeProject);

    private static string Fetched => Path.Combine(Command.Root, ".tools", "godot", "bin", "godot");

    /// <summary>The engine's program. Skips the calling test where there is none.</summary>
    internal static string Program
    {
        get
        {
            if (Environment.GetEnvironmentVariable("ENGINELLM_GODOT") is { Length: > 0 } named) return named;
            if (!File.Exists(Fetched))
            {
                Assert.Ignore("GODOT WAS NOT TESTED: the engine is not here. tools/fetch-godot.sh fetches it from Debian; "
                    + "ENGINELLM_GODOT names one of your own.");
            }
            return Fetched;
        }
    }

    /// <summary>The tests' project with the addon in it, imported.</summary>
    internal static string Project
    {
        get
        {
            _ = Program;
            if (!Command.Exists("clang") && !Command.Exists("gcc"))
                Assert.Ignore("GODOT WAS NOT TESTED: there is no C compiler to link the library with. On Debian: apt install gcc.");
            return s_project.Value;
        }
    }

    /// <summary>Puts the addon into a project, as the README says. The library has to publish without warnings.</summary>
    internal static void AddAddon(string project) =>
        Command.Build("publish", "EngineLlm.Native", "--ucr", $"-p:GodotProject={project}");

    /// <summary>Imports a project, which also finds the extension and the classes of its scripts.</summary>
    internal static Command Import(string project)
    {
        Command imported = Run("--path", project, "--import");
        Assert.That(imported.ExitCode, Is.Zero, imported.Report);
        Assert.That(imported.Printed, Does.Not.Contain("ERROR"), "the project is imported without errors");
        return imported;
    }

    /// <summary>Runs a script of the tests' project.</summary>
    internal static Command RunScript(string script, string model) =>
        RunProgram(Program, ["--headless", "--path", Project, "-s", $"res://{script}.gd"], model);

    /// <summary>Runs the engine without a window.</summary>
    internal static Command Run(params string[] arguments) => RunProgram(Program, ["--headless", .. arguments], model: "");

    /// <summary>Runs a program of the engine's, with a home of its own and a model.</summary>
    internal static Command RunProgram(string program, string[] arguments, string model)
    {
        string home = Directory.CreateDirectory(Path.Combine(Command.BuildFolder, "godot-home")).FullName;
        string driver = Path.Combine(Path.GetDirectoryName(Program)!, "software-driver.json");
        var environment = new Dictionary<string, string?>
        {
            ["ENGINELLM_MODEL"] = model,
            ["HOME"] = home,
            // Otherwise memory that lies free in the C library's many pools would pass for growth.
            ["MALLOC_ARENA_MAX"] = "1",
            ["XDG_DATA_HOME"] = null,
            ["XDG_CONFIG_HOME"] = null,
            ["XDG_CACHE_HOME"] = null,
        };
        // The fetched engine is started by a script that names the driver; an exported game is not.
        if (File.Exists(driver)) environment["VK_DRIVER_FILES"] = driver;
        return Command.Run(program, arguments, environment, timeoutSeconds: 600);
    }

    /// <summary>Copies a project as it stands in the repository, without what the engine and the build have put beside it.</summary>
    internal static string CopyProject(string source, string name)
    {
        string target = Path.Combine(Command.BuildFolder, name);
        if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(source, file);
            if (relative.Split(Path.DirectorySeparatorChar)[0] is ".godot" or "addons") continue;
            string copy = Path.Combine(target, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return target;
    }

    private static string MakeProject()
    {
        string project = CopyProject(Path.Combine(Command.Root, "tests", "EngineLlm.GodotTests", "project"), "godot-project");
        AddAddon(project);
        Import(project);
        return project;
    }
}
