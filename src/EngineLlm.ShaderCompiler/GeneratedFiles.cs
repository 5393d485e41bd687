using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace EngineLlm.ShaderCompiler;

/// <summary>Compares what should be checked in with what is there, and makes it so.</summary>
internal static class GeneratedFiles
{
    /// <summary>Paths, relative to the root, that are missing, differ or belong to no shader any more.</summary>
    public static IReadOnlyList<string> Stale(Repository repository, IReadOnlyDictionary<string, byte[]> expected) =>
        Changed(expected).Concat(Orphans(repository, expected))
            .Select(path => Path.GetRelativePath(repository.Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal).ToArray();

    /// <summary>Writes what differs and deletes what belongs to no shader any more.</summary>
    public static void Update(Repository repository, IReadOnlyDictionary<string, byte[]> expected)
    {
        Directory.CreateDirectory(repository.Spirv);
        Directory.CreateDirectory(repository.Generated);
        foreach (string path in Changed(expected).ToArray())
            File.WriteAllBytes(path, expected[path]);
        foreach (string path in Orphans(repository, expected).ToArray())
            File.Delete(path);
    }

    private static IEnumerable<string> Changed(IReadOnlyDictionary<string, byte[]> expected) =>
        expected.Where(file => !File.Exists(file.Key) || !Same(file.Key, file.Value)).Select(file => file.Key);

    private static IEnumerable<string> Orphans(Repository repository, IReadOnlyDictionary<string, byte[]> expected) =>
        List(repository.Spirv, "*.spv").Concat(List(repository.Generated, "*.cs")).Where(path => !expected.ContainsKey(path));

    private static IEnumerable<string> List(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern) : [];

    private static bool Same(string path, byte[] expected)
    {
        byte[] actual = File.ReadAllBytes(path);
        if (path.EndsWith(".cs", StringComparison.Ordinal))
            actual = actual.Where(value => value != (byte)'\r').ToArray();
        return actual.AsSpan().SequenceEqual(expected);
    }
}
