using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace EngineLlm.UnityTests;

/// <summary>One .asmdef of the package.</summary>
internal sealed record AsmdefFile(
    string File, string Name, string[] References, string[] PrecompiledReferences, bool IsEditorOnly, bool OverridesReferences)
{
    internal static List<AsmdefFile> ReadAll(UnityPackage package) =>
        package.Files.Where(file => file.EndsWith(".asmdef", StringComparison.Ordinal)).Select(file => Read(package, file)).ToList();

    /// <summary>The scripts below its folder that no definition in a folder below claims.</summary>
    internal IEnumerable<string> Scripts(UnityPackage package)
    {
        string folder = FolderOf(File);
        string[] nearer = package.Files.Where(file => file != File && file.EndsWith(".asmdef", StringComparison.Ordinal)).Select(FolderOf)
            .Where(other => other.StartsWith(folder, StringComparison.Ordinal)).ToArray();
        return package.Files
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) && file.StartsWith(folder, StringComparison.Ordinal)
            && !nearer.Any(other => file.StartsWith(other, StringComparison.Ordinal)));
    }

    private static string FolderOf(string file) => file[..(file.LastIndexOf('/') + 1)];

    private static AsmdefFile Read(UnityPackage package, string file)
    {
        using JsonDocument document = JsonDocument.Parse(package.Read(file));
        JsonElement root = document.RootElement;
        string[] platforms = Strings(root, "includePlatforms");
        return new AsmdefFile(file, root.GetProperty("name").GetString()!, Strings(root, "references"),
            Strings(root, "precompiledReferences"),
            platforms is ["Editor"], root.GetProperty("overrideReferences").GetBoolean());
    }

    private static string[] Strings(JsonElement root, string property) =>
        root.GetProperty(property).EnumerateArray().Select(value => value.GetString()!).ToArray();
}
