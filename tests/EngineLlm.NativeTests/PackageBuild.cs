using System;
using System.IO;
using System.Linq;
using NUnit.Framework;

namespace EngineLlm.NativeTests;

/// <summary>The NuGet packages, packed once for all tests, under a version that nobody has in a cache.</summary>
internal static class PackageBuild
{
    internal const string Version = "0.0.0-packagetest";
    private static readonly string[] s_projects = ["EngineLlm", "EngineLlm.Extensions.AI"];
    private static readonly Lazy<string> s_folder = new(() => Pack("packages"));

    /// <summary>The folder with the packages.</summary>
    internal static string Folder => s_folder.Value;

    /// <summary>The path of a package.</summary>
    internal static string PathOf(string name, string extension = "nupkg") => Path.Combine(Folder, $"{name}.{Version}.{extension}");

    /// <summary>Compiles everything again, and packs into another folder.</summary>
    internal static string PackAgain()
    {
        _ = Folder;
        Command.Build("build", "EngineLlm.Extensions.AI", "-c", "Release", "--no-incremental");
        return Pack("packages-again");
    }

    private static string Pack(string name)
    {
        string folder = Path.Combine(Command.BuildFolder, name);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        foreach (string project in s_projects) Command.Build("pack", project, "-c", "Release", "-o", folder, $"-p:PackageVersion={Version}");
        string[] expected = [.. s_projects.SelectMany(project => new[] { $"{project}.{Version}.nupkg", $"{project}.{Version}.snupkg" })];
        Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName), Is.EquivalentTo(expected));
        return folder;
    }
}
