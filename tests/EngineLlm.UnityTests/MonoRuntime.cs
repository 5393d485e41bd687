using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Mono.Cecil;

namespace EngineLlm.UnityTests;

/// <summary>
/// Debian's Mono, made to look like Unity's in a private folder: what is installed stays as it is. Debian's mscorlib lacks members of spans
/// that netstandard2.1 names and Unity's has (<see cref="SpanMembers"/>), and its facades lack the four that forward System.Memory and its
/// kin.
/// </summary>
internal sealed class MonoRuntime
{
    private const string Library = "/usr/lib/mono/4.5";
    private const string Facades = Library + "/Facades";

    // What assemblies for netstandard2.0 refer to, and netstandard2.1 has in itself.
    private static readonly string[] s_forwarders = { "System.Buffers", "System.Memory", "System.Numerics.Vectors",
        "System.Threading.Tasks.Extensions" };
    private static readonly Lazy<MonoRuntime?> s_found = new(Find);

    private readonly string _folder;

    private MonoRuntime(string folder) => _folder = folder;

    /// <summary>Where its assemblies are looked for, in this order.</summary>
    internal string[] Folders => [_folder, Library, Facades];

    /// <summary>Members that the private copy of mscorlib has and Debian's has not.</summary>
    internal List<string> AddedMembers { get; } = new();

    /// <summary>Finds Mono, or skips the calling test.</summary>
    internal static MonoRuntime Get()
    {
        if (s_found.Value is null)
            Repository.Skip("Mono is not installed, so nothing ran on it; on Debian: apt-get install mono-runtime mono-devel.");
        return s_found.Value!;
    }

    /// <summary>Runs the host on it.</summary>
    internal (int ExitCode, string Output) Run(params string[] arguments) => HostRun.Run(
        "mono", [HostRun.Player, .. arguments], new Dictionary<string, string> { ["MONO_PATH"] = string.Join(':', Folders) });

    private static MonoRuntime? Find()
    {
        bool isThere = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, "mono")));
        if (!isThere || !File.Exists($"{Library}/mscorlib.dll") || !File.Exists($"{Facades}/netstandard.dll")) return null;
        string folder = Path.Combine(Repository.Output, "mono");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        var mono = new MonoRuntime(Directory.CreateDirectory(folder).FullName);
        mono.CopyLibrary();
        foreach (string name in s_forwarders) mono.CopyForwarder(name);
        return mono;
    }

    private void CopyLibrary()
    {
        using ModuleDefinition library = ModuleDefinition.ReadModule($"{Library}/mscorlib.dll");
        AddedMembers.AddRange(SpanMembers.AddTo(library));
        // The identity of the code compiled beforehand, which does not fit any more.
        library.Mvid = Guid.NewGuid();
        library.Write(Path.Combine(_folder, "mscorlib.dll"));
    }

    private void CopyForwarder(string name)
    {
        using ModuleDefinition forwarder = ModuleDefinition.ReadModule(Path.Combine(Repository.NetStandard, name + ".dll"));
        // Mono runs no reference assembly, and takes a newer version for an older one but not the other way round.
        foreach (CustomAttribute attribute in forwarder.Assembly.CustomAttributes.ToArray())
        {
            if (attribute.AttributeType.Name == "ReferenceAssemblyAttribute") forwarder.Assembly.CustomAttributes.Remove(attribute);
        }
        forwarder.Assembly.Name.Version = new Version(4, 99, 0, 0);
        forwarder.Write(Path.Combine(_folder, name + ".dll"));
    }
}
