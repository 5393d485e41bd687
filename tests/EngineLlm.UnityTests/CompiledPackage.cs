using System;
using System.Collections.Generic;
using System.Linq;

namespace EngineLlm.UnityTests;

/// <summary>The package's assemblies, compiled once for all tests.</summary>
internal sealed class CompiledPackage
{
    private static readonly Lazy<CompiledPackage> s_forEditor = new(() => new CompiledPackage(UnityPackage.Get(), forEditor: true));
    private static readonly Lazy<CompiledPackage> s_forPlayer = new(() => new CompiledPackage(UnityPackage.Get(), forEditor: false));

    private CompiledPackage(UnityPackage package, bool forEditor)
    {
        Package = package;
        Compiler = new UnityCompiler(package, forEditor);
        Compiler.CompileStubs();
        Definitions = Ordered(AsmdefFile.ReadAll(package).Where(definition => forEditor || !definition.IsEditorOnly).ToList());
        foreach (AsmdefFile definition in Definitions) Compiler.Compile(definition);
    }

    internal static CompiledPackage ForEditor
    {
        get
        {
            UnityPackage.Get();
            return s_forEditor.Value;
        }
    }

    internal static CompiledPackage ForPlayer
    {
        get
        {
            UnityPackage.Get();
            return s_forPlayer.Value;
        }
    }

    internal UnityPackage Package { get; }

    internal UnityCompiler Compiler { get; }

    /// <summary>The assembly definitions, each after those that it refers to.</summary>
    internal IReadOnlyList<AsmdefFile> Definitions { get; }

    private static List<AsmdefFile> Ordered(List<AsmdefFile> definitions)
    {
        var ordered = new List<AsmdefFile>();
        while (ordered.Count < definitions.Count)
        {
            AsmdefFile next = definitions.First(definition => !ordered.Contains(definition)
                && definition.References.All(reference => ordered.Any(done => done.Name == reference)));
            ordered.Add(next);
        }
        return ordered;
    }
}
