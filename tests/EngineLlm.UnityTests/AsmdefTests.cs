using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;

namespace EngineLlm.UnityTests;

/// <summary>The assembly definitions refer to what is there, and to nothing else.</summary>
public sealed class AsmdefTests
{
    private UnityPackage _package = null!;
    private List<AsmdefFile> _definitions = null!;

    [OneTimeSetUp]
    public void Read()
    {
        _package = UnityPackage.Get();
        _definitions = AsmdefFile.ReadAll(_package);
    }

    [Test]
    public void Names_are_unique_and_those_of_their_files()
    {
        Assert.That(_definitions.Select(definition => definition.Name), Is.Unique.And.Not.Empty);
        foreach (AsmdefFile definition in _definitions)
            Assert.That(Path.GetFileNameWithoutExtension(definition.File), Is.EqualTo(definition.Name));
    }

    [Test]
    public void Every_reference_resolves()
    {
        HashSet<string> names = _definitions.Select(definition => definition.Name).ToHashSet();
        HashSet<string> assemblies = _package.Assemblies.Select(path => Path.GetFileName(path)).ToHashSet()!;

        foreach (AsmdefFile definition in _definitions)
        {
            Assert.That(definition.References.Where(reference => !names.Contains(reference)), Is.Empty, definition.Name);
            Assert.That(definition.PrecompiledReferences.Where(reference => !assemblies.Contains(reference)), Is.Empty, definition.Name);
        }
    }

    [Test]
    public void Runtime_code_never_refers_to_editor_code()
    {
        HashSet<string> editorOnly = _definitions.Where(definition => definition.IsEditorOnly)
            .Select(definition => definition.Name).ToHashSet();

        foreach (AsmdefFile definition in _definitions)
        {
            bool isInEditorFolder = definition.File.Contains("Editor/", StringComparison.Ordinal);
            Assert.That(definition.IsEditorOnly, Is.EqualTo(isInEditorFolder), definition.File);
            if (!definition.IsEditorOnly) Assert.That(definition.References.Where(editorOnly.Contains), Is.Empty, definition.Name);
        }
    }

    [Test]
    public void Every_script_belongs_to_an_assembly_definition()
    {
        string[] scripts = _package.Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal)).ToArray();
        string[] owned = _definitions.SelectMany(definition => definition.Scripts(_package)).ToArray();

        Assert.That(owned, Is.EquivalentTo(scripts));
    }
}
