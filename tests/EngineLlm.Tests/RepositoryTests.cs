using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace EngineLlm.Tests;

/// <summary>What the files at the root promise.</summary>
public sealed class RepositoryTests
{
    private static readonly string s_root = FindRoot();

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EngineLlm.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }

    private static string Read(params string[] parts) => File.ReadAllText(Path.Combine([s_root, .. parts]));

    private static JsonElement Manifest()
    {
        using JsonDocument document = JsonDocument.Parse(Read("package.json"));
        return document.RootElement.Clone();
    }

    [Test]
    public void The_package_manifest_has_the_one_version_number()
    {
        string version = Regex.Match(Read("Directory.Build.props"), "<Version>([^<]+)</Version>").Groups[1].Value;

        Assert.That(version, Does.Match(@"^\d+\.\d+\.\d+$"));
        Assert.That(Manifest().GetProperty("version").GetString(), Is.EqualTo(version));
        Assert.That(typeof(EngineLlmException).Assembly.GetName().Version!.ToString(3), Is.EqualTo(version));
        Assert.That(Read("CHANGELOG.md"), Does.Contain($"\n## {version}\n"));
    }

    [Test]
    public void The_package_manifest_is_what_unity_reads()
    {
        JsonElement manifest = Manifest();

        Assert.That(manifest.GetProperty("name").GetString(), Does.Match(@"^[a-z0-9-]+(\.[a-z0-9-]+){2,}$"));
        Assert.That(manifest.GetProperty("unity").GetString(), Does.Match(@"^\d{4}\.\d$"));
        foreach (string field in new[] { "displayName", "description" })
            Assert.That(manifest.GetProperty(field).GetString(), Is.Not.Empty, field);
        Assert.That(manifest.GetProperty("keywords").EnumerateArray().Select(word => word.GetString()), Is.Not.Empty.And.Unique);
    }

    [Test]
    public void Every_file_of_the_package_manifest_exists()
    {
        string[] files = Manifest().GetProperty("files").EnumerateArray().Select(file => file.GetString()!).ToArray();

        Assert.That(files, Is.Not.Empty);
        // Unity's part comes to the root only while it is packed; EngineLlm.UnityTests compares the whole package with its list.
        string[] places = [s_root, Path.Combine(s_root, "src", "EngineLlm.Unity")];
        Assert.That(files.Where(file => file != "*.meta" && !places.Any(place => Path.Exists(Path.Combine(place, file)))), Is.Empty);
    }

    [Test]
    public void The_readme_explains_every_folder()
    {
        string readme = Read("README.md");

        Assert.That(Folders().Where(folder => !readme.Contains($"\n| `{folder}` | ", StringComparison.Ordinal)), Is.Empty);
    }

    private static IEnumerable<string> Folders() =>
        new[] { "shaders", "samples", "tools" }
            .Concat(ChildrenOf("src"))
            .Concat(ChildrenOf("tests"))
            .Concat(ChildrenOf("src/EngineLlm"))
            .Concat(ChildrenOf("src/EngineLlm/Kernels"));

    private static IEnumerable<string> ChildrenOf(string folder) =>
        Directory.GetDirectories(Path.Combine(s_root, folder)).Select(path => $"{folder}/{Path.GetFileName(path)}")
            .Where(path => !Path.GetFileName(path).StartsWith('.')).Order(StringComparer.Ordinal);
}
