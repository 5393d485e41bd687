using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace EngineLlm.UnityTests;

/// <summary>The tarball as Unity's package manager takes it.</summary>
public sealed class PackageTests
{
    private UnityPackage _package = null!;

    [OneTimeSetUp]
    public void Pack() => _package = UnityPackage.Get();

    [Test]
    public void It_holds_the_files_of_the_list_and_the_models_that_the_repository_has()
    {
        string[] listed = File.ReadAllLines(Path.Combine(Repository.Tests, "package-listing.txt"));

        Assert.That(_package.Files, Is.EqualTo(listed.Concat(ModelFiles()).Order(StringComparer.Ordinal).ToArray()));
    }

    private static IEnumerable<string> ModelFiles()
    {
        string[] models = Directory.GetFiles(Path.Combine(Repository.Root, "models", "npc"), "*.gguf")
            .Select(path => Path.GetFileName(path)!).ToArray();
        if (models.Length > 0) yield return "Runtime/Models.meta";
        foreach (string model in models)
        {
            yield return $"Runtime/Models/{model}";
            yield return $"Runtime/Models/{model}.meta";
        }
    }

    [Test]
    public void Packing_leaves_nothing_behind()
    {
        foreach (string name in new[] { "Runtime", "Editor", "Samples~", "Documentation~", "Third Party Notices.md", "package.json.meta" })
            Assert.That(Path.Exists(Path.Combine(Repository.Root, name)), Is.False, name);
    }

    [Test]
    public void Every_asset_and_every_folder_of_assets_has_a_meta_file_and_nothing_else_has()
    {
        string[] assets = _package.Files.Where(UnityPackage.IsAsset).ToArray();
        IEnumerable<string> folders = assets.SelectMany(FoldersOf).Distinct().Where(folder => folder != "Samples~");
        string[] metas = _package.Files.Where(file => file.EndsWith(".meta", StringComparison.Ordinal)).ToArray();

        Assert.That(metas, Is.EquivalentTo(assets.Concat(folders).Select(asset => asset + ".meta")));
    }

    private static IEnumerable<string> FoldersOf(string asset)
    {
        for (int slash = asset.IndexOf('/'); slash >= 0; slash = asset.IndexOf('/', slash + 1)) yield return asset[..slash];
    }

    [Test]
    public void No_guid_is_there_twice_and_each_follows_from_its_path()
    {
        Dictionary<string, string> guids = _package.Files.Where(file => file.EndsWith(".meta", StringComparison.Ordinal))
            .ToDictionary(file => file, GuidOf);

        Assert.That(guids.Values, Is.All.Match("^[0-9a-f]{32}$"));
        Assert.That(guids.Values, Is.Unique);
        foreach ((string meta, string guid) in guids) Assert.That(guid, Is.EqualTo(ExpectedGuid(meta[..^".meta".Length])), meta);
    }

    private string GuidOf(string meta) => Regex.Match(_package.Read(meta), @"^guid: (\S+)$", RegexOptions.Multiline).Groups[1].Value;

    // The rule that may never change: projects refer to assets by these numbers.
    private static string ExpectedGuid(string asset) => Convert.ToHexStringLower(
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes("com.enginellm.runtime/" + asset)))[..32];

    [Test]
    public void Meta_files_are_yaml_of_the_kind_that_fits_their_asset()
    {
        foreach (string asset in _package.Files.Where(UnityPackage.IsAsset))
        {
            string meta = _package.Read(asset + ".meta");
            string importer = Path.GetExtension(asset) switch
            {
                ".cs" => "MonoImporter", ".dll" => "PluginImporter", ".asmdef" => "AssemblyDefinitionImporter",
                ".json" => "PackageManifestImporter", ".gguf" => "ScriptedImporter", _ => "TextScriptImporter",
            };
            Assert.That(meta, Does.StartWith("fileFormatVersion: 2\nguid: ").And.Contain($"\n{importer}:\n").And.EndWith("\n"), asset);
            Assert.That(meta, Does.Not.Contain('\t').And.Not.Contain('\r'), asset);
        }
    }

    [Test]
    public void A_model_is_imported_by_the_package_s_own_importer()
    {
        string importer = GuidOf("Editor/GgufImporter.cs.meta");

        foreach (string model in _package.Files.Where(file => file.EndsWith(".gguf", StringComparison.Ordinal)))
            Assert.That(_package.Read(model + ".meta"), Does.Contain($"script: {{fileID: 11500000, guid: {importer}, type: 3}}"), model);
    }

    [Test]
    public void The_manifest_s_sample_is_there()
    {
        using JsonDocument manifest = JsonDocument.Parse(_package.Read("package.json"));
        JsonElement sample = manifest.RootElement.GetProperty("samples").EnumerateArray().Single();

        Assert.That(Directory.Exists(_package.PathOf(sample.GetProperty("path").GetString()!)));
    }

    [Test]
    public void Every_assembly_that_ships_is_named_in_the_third_party_notices()
    {
        string notices = _package.Read("Third Party Notices.md");
        IEnumerable<string> others = _package.Assemblies.Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => name != "EngineLlm");

        Assert.That(others.Where(name => !notices.Contains($"`{name}`", StringComparison.Ordinal)), Is.Empty);
    }
}
