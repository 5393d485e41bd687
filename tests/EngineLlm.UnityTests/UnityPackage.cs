using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO;
using System.IO.Compression;
using System.Linq;

namespace EngineLlm.UnityTests;

/// <summary>The tarball that `npm pack` makes at the repository's root, made once for all tests, and what is in it.</summary>
internal sealed class UnityPackage
{
    private static readonly Lazy<UnityPackage?> s_made = new(Make);

    private UnityPackage(string folder, IReadOnlyList<string> files)
    {
        Folder = folder;
        Files = files;
    }

    /// <summary>The unpacked package.</summary>
    internal string Folder { get; }

    /// <summary>Every file of the tarball, as it names them below `package/`, sorted.</summary>
    internal IReadOnlyList<string> Files { get; }

    /// <summary>The assemblies of the package.</summary>
    internal IEnumerable<string> Assemblies => Directory.GetFiles(PathOf("Runtime/Plugins"), "*.dll");

    /// <summary>Makes the package, or skips the calling test where there is no npm.</summary>
    internal static UnityPackage Get()
    {
        if (s_made.Value is null) Repository.Missing("there is no npm here, and so no Unity package to test; install Node.js.");
        return s_made.Value!;
    }

    internal string PathOf(string file) => Path.Combine(Folder, file);

    internal string Read(string file) => File.ReadAllText(PathOf(file));

    /// <summary>Whether Unity imports a file: not what lies in Documentation~.</summary>
    internal static bool IsAsset(string file) => !file.EndsWith(".meta", StringComparison.Ordinal)
        && !file.StartsWith("Documentation~/", StringComparison.Ordinal);

    private static UnityPackage? Make()
    {
        string output = Path.Combine(Repository.Output, "package");
        if (Directory.Exists(output)) Directory.Delete(output, recursive: true);
        Directory.CreateDirectory(output);
        if (!TryPack(output)) return null;
        string tarball = Directory.GetFiles(output, "*.tgz").Single();
        var files = new List<string>();
        using (var stream = new GZipStream(File.OpenRead(tarball), CompressionMode.Decompress))
        using (var reader = new TarReader(stream))
        {
            while (reader.GetNextEntry() is { } entry) files.Add(Unpack(entry, output));
        }
        return new UnityPackage(Path.Combine(output, "package"), files.Order(StringComparer.Ordinal).ToList());
    }

    private static bool TryPack(string output)
    {
        string npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        var start = new ProcessStartInfo(npm, ["pack", "--pack-destination", output])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            string said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"npm pack ended with {process.ExitCode}:\n{said}\n{errors.Result}");
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static string Unpack(TarEntry entry, string output)
    {
        string target = Path.Combine(output, entry.Name);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        entry.ExtractToFile(target, overwrite: true);
        return entry.Name["package/".Length..];
    }
}
