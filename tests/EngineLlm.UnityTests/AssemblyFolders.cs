using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Mono.Cecil;

namespace EngineLlm.UnityTests;

/// <summary>
/// Finds assemblies in the given folders and nowhere else: what is found in .NET's own folders proves nothing about Unity.
/// </summary>
internal sealed class AssemblyFolders : IAssemblyResolver
{
    private readonly Dictionary<string, AssemblyDefinition?> _byName = new(StringComparer.Ordinal);
    private readonly string[] _folders;

    internal AssemblyFolders(params string[] folders) => _folders = folders;

    public AssemblyDefinition Resolve(AssemblyNameReference name) => Resolve(name, new ReaderParameters());

    public AssemblyDefinition Resolve(AssemblyNameReference name, ReaderParameters parameters)
    {
        if (!_byName.TryGetValue(name.Name, out AssemblyDefinition? found))
        {
            string? path = _folders.Select(folder => Path.Combine(folder, name.Name + ".dll")).FirstOrDefault(File.Exists);
            found = path is null ? null : Open(path).Assembly;
            _byName.Add(name.Name, found);
        }
        return found ?? throw new AssemblyResolutionException(name);
    }

    /// <summary>Opens an assembly whose references are looked for here.</summary>
    internal ModuleDefinition Open(string path) =>
        ModuleDefinition.ReadModule(path, new ReaderParameters { AssemblyResolver = this, InMemory = true });

    /// <summary>Types and members that an assembly refers to and that are in none of the folders.</summary>
    internal List<string> MissingFrom(string path)
    {
        using ModuleDefinition module = Open(path);
        var missing = new List<string>();
        foreach (TypeReference type in module.GetTypeReferences())
        {
            if (!Exists(type.Resolve)) missing.Add($"{type.FullName} of {type.Scope.Name}");
        }
        foreach (MemberReference member in module.GetMemberReferences())
        {
            // Arrays have constructors and accessors that no assembly declares.
            if (member.DeclaringType is not ArrayType && !Exists(member.Resolve)) missing.Add(member.FullName);
        }
        return missing;
    }

    public void Dispose()
    {
        foreach (AssemblyDefinition? assembly in _byName.Values) assembly?.Dispose();
    }

    private static bool Exists<T>(Func<T?> resolve)
    {
        try
        {
            return resolve() is not null;
        }
        catch (AssemblyResolutionException)
        {
            return false;
        }
    }
}
