using System;
using System.IO;
using System.Linq;
using NUnit.Framework;

namespace EngineLlm.NativeTests;

/// <summary>The library as its users get it: published once for all tests, and the programs that are compiled against it.</summary>
internal static class NativeLibraryBuild
{
    private static readonly Lazy<string> s_folder = new(Publish);

    /// <summary>The folder with the library and its header. Skips the calling test where there is no C compiler to link it with.</summary>
    internal static string Folder
    {
        get
        {
            RequireCompilers();
            return s_folder.Value;
        }
    }

    /// <summary>Compiles a C file as C11 or as C++17, every warning an error, and links it with the library.</summary>
    /// <returns>The program's path.</returns>
    internal static string Compile(string source, bool asCpp)
    {
        string program = Path.Combine(Command.BuildFolder, Path.GetFileNameWithoutExtension(source) + (asCpp ? "_cpp17" : "_c11"));
        string[] language = asCpp ? ["-std=c++17", "-x", "c++"] : ["-std=c11", "-x", "c"];
        string[] warnings = ["-Wall", "-Wextra", "-pedantic", "-Werror"];
        string[] link = ["-x", "none", "-L", Folder, "-lenginellm_native", "-lpthread", "-lm", $"-Wl,-rpath,{Folder}"];
        Command compiled = Command.Run(asCpp ? "g++" : "gcc", [.. language, .. warnings, "-I", Folder, source, "-o", program, .. link]);
        Assert.That(compiled.ExitCode, Is.Zero, compiled.Report);
        return program;
    }

    private static void RequireCompilers()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("The native library's tests are written for Linux.");
        string[] missing = [.. new[] { "gcc", "g++" }.Where(name => !Command.Exists(name))];
        if (missing.Length == 0) return;
        string message = $"The native library was not tested: there is no {string.Join(", no ", missing)}. On Debian: apt install gcc g++.";
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(message);
        Assert.Ignore(message);
    }

    private static string Publish()
    {
        string folder = Path.Combine(Command.BuildFolder, "library");
        Command.Build("publish", "EngineLlm.Native", "-c", "Release", "--ucr", "-o", folder);
        return folder;
    }
}
