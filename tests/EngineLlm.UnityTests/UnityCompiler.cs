using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace EngineLlm.UnityTests;

/// <summary>
/// Compiles as Unity 2021.3 does: the compiler of C# 9, netstandard2.1, no nullable context, against stubs of Unity's own assemblies.
/// </summary>
internal sealed class UnityCompiler
{
    private readonly UnityPackage _package;
    private readonly string _folder;
    private readonly bool _forEditor;

    /// <param name="package">The package.</param>
    /// <param name="forEditor">With the editor's symbol and assembly, or as for a player.</param>
    internal UnityCompiler(UnityPackage package, bool forEditor)
    {
        _package = package;
        _forEditor = forEditor;
        _folder = Path.Combine(Repository.Output, forEditor ? "editor" : "player");
        Directory.CreateDirectory(_folder);
    }

    /// <summary>Where compiled assemblies lie.</summary>
    internal string Folder => _folder;

    internal string PathOf(string assembly) => Path.Combine(_folder, assembly + ".dll");

    /// <summary>Compiles the stubs.</summary>
    internal void CompileStubs()
    {
        string stubs = Path.Combine(Repository.Tests, "Stubs");
        Write("UnityEngine", SourcesIn(Path.Combine(stubs, "UnityEngine")), []);
        if (_forEditor) Write("UnityEditor", SourcesIn(Path.Combine(stubs, "UnityEditor")), [PathOf("UnityEngine")]);
    }

    /// <summary>
    /// Compiles one of the package's assembly definitions into <see cref="Folder"/>; the stubs and its references must be there.
    /// </summary>
    /// <exception cref="InvalidOperationException">It does not compile.</exception>
    internal void Compile(AsmdefFile definition) =>
        Write(definition.Name, definition.Scripts(_package).Select(_package.PathOf), ReferencesOf(definition));

    /// <summary>Compiles a program of the tests' own.</summary>
    internal void CompileProgram(string name, string sources, IEnumerable<string> references) =>
        Write(name, SourcesIn(sources), references, OutputKind.ConsoleApplication);

    /// <summary>Errors of a text compiled as though it were one more script of a definition.</summary>
    internal string[] ErrorsOf(AsmdefFile definition, string script) =>
        Create(definition.Name, [Parse(script, "Script.cs")], ReferencesOf(definition), OutputKind.DynamicallyLinkedLibrary)
            .GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.Id)
            .Distinct().ToArray();

    private IEnumerable<string> ReferencesOf(AsmdefFile definition)
    {
        IEnumerable<string> unity = _forEditor && definition.IsEditorOnly ? ["UnityEngine", "UnityEditor"] : ["UnityEngine"];
        // Without the override Unity gives a script every assembly whose .meta does not hide it.
        IEnumerable<string> plugins = definition.OverridesReferences ? definition.PrecompiledReferences : ["EngineLlm.dll"];
        // Runtime code may name the editor's types behind its symbol.
        if (_forEditor) unity = unity.Append("UnityEditor").Distinct();
        return unity.Concat(definition.References).Select(PathOf)
            .Concat(plugins.Select(plugin => _package.PathOf("Runtime/Plugins/" + plugin)));
    }

    private void Write(string name, IEnumerable<string> sources, IEnumerable<string> references,
        OutputKind kind = OutputKind.DynamicallyLinkedLibrary)
    {
        CSharpCompilation compilation = Create(name, sources.Select(path => Parse(File.ReadAllText(path), path)), references, kind);
        string extension = kind == OutputKind.ConsoleApplication ? ".exe" : ".dll";
        EmitResult result = compilation.Emit(Path.Combine(_folder, name + extension));
        string[] complaints = result.Diagnostics
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && diagnostic.Id != "CS0649")
            .Select(diagnostic => diagnostic.ToString()).ToArray();
        if (!result.Success || complaints.Length > 0)
            throw new InvalidOperationException($"{name} does not compile without complaint:\n{string.Join('\n', complaints)}");
    }

    private static CSharpCompilation Create(string name, IEnumerable<SyntaxTree> trees, IEnumerable<string> references, OutputKind kind) =>
        CSharpCompilation.Create(
            name,
            trees,
            references.Append(Path.Combine(Repository.NetStandard, "netstandard.dll"))
                .Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(kind, optimizationLevel: OptimizationLevel.Release, deterministic: true));

    private SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(
        text,
        new CSharpParseOptions(LanguageVersion.CSharp9, preprocessorSymbols: _forEditor ? ["UNITY_EDITOR"] : []),
        path);

    private static string[] SourcesIn(string folder) => Directory.GetFiles(folder, "*.cs").Order(StringComparer.Ordinal).ToArray();
}
