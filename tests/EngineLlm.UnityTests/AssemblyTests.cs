using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;
using NUnit.Framework;

namespace EngineLlm.UnityTests;

/// <summary>
/// The assemblies that ship, by their metadata: they need nothing that Unity lacks, and hold nothing that IL2CPP cannot translate.
/// </summary>
public sealed class AssemblyTests
{
    private UnityPackage _package = null!;
    private AssemblyFolders _folders = null!;

    [OneTimeSetUp]
    public void Open()
    {
        _package = UnityPackage.Get();
        _folders = new AssemblyFolders(_package.PathOf("Runtime/Plugins"), Repository.NetStandard);
    }

    [OneTimeTearDown]
    public void Close() => _folders?.Dispose();

    [Test]
    public void Every_member_that_they_refer_to_exists_in_netstandard_or_in_one_of_them()
    {
        string[] missing = _package.Assemblies
            .SelectMany(path => _folders.MissingFrom(path).Select(member => $"{Path.GetFileName(path)} needs {member}")).ToArray();

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void The_check_finds_what_is_missing()
    {
        using var withoutDependencies = new AssemblyFolders(Repository.NetStandard);

        List<string> missing = withoutDependencies.MissingFrom(_package.PathOf("Runtime/Plugins/EngineLlm.dll"));

        Assert.That(missing, Has.Some.Contains("Silk.NET.Vulkan.Vk"));
        Assert.That(missing, Has.None.Contains(" of netstandard"));
        // The tests' own assembly is of .NET 10 and needs what netstandard2.1 has not.
        Assert.That(_folders.MissingFrom(typeof(AssemblyTests).Assembly.Location), Is.Not.Empty);
    }

    [Test]
    public void None_is_there_in_vain()
    {
        var needed = new HashSet<string> { "EngineLlm" };
        var open = new Queue<string>(needed);
        while (open.TryDequeue(out string? name))
        {
            string path = _package.PathOf($"Runtime/Plugins/{name}.dll");
            if (!File.Exists(path)) continue;
            using ModuleDefinition module = _folders.Open(path);
            foreach (AssemblyNameReference reference in module.AssemblyReferences)
            {
                if (needed.Add(reference.Name)) open.Enqueue(reference.Name);
            }
        }

        Assert.That(_package.Assemblies.Select(path => Path.GetFileNameWithoutExtension(path)).Where(name => !needed.Contains(name)),
            Is.Empty);
    }

    [Test]
    public void None_makes_code_while_it_runs()
    {
        string[] refused = { "System.Reflection.Emit.", "System.Linq.Expressions.", "Microsoft.CSharp.",
            "System.Runtime.CompilerServices.CallSite" };

        Assert.That(InEveryModule(module => module.GetTypeReferences().Select(type => type.FullName)
            .Where(name => refused.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))), Is.Empty);
    }

    [Test]
    public void Native_code_is_called_by_conventions_that_IL2CPP_knows() =>
        // Those of the first edition of C# 9; not the later, extensible ones.
        Assert.That(InEveryModule(module => CallSitesOf(module).Where(site => !IsPlain(site.CallingConvention)).Select(site => $"{site}")),
            Is.Empty);

    private static bool IsPlain(MethodCallingConvention convention) =>
        convention is MethodCallingConvention.Default or MethodCallingConvention.C or MethodCallingConvention.StdCall;

    [Test]
    public void The_runtime_reaches_native_code_through_such_calls() =>
        Assert.That(Assemblies("Silk.NET.Vulkan", "EngineLlm").SelectMany(CallSitesOf).Count(), Is.GreaterThan(100));

    [Test]
    public void What_native_code_calls_is_static_and_marked_for_IL2CPP()
    {
        using ModuleDefinition module = _folders.Open(_package.PathOf("Runtime/Plugins/EngineLlm.dll"));
        // A delegate that native code calls is one that a Silk.NET structure of function pointers is made from.
        MethodDefinition[] makers = module.GetTypes().SelectMany(type => type.Methods)
            .Where(method => method.HasBody && method.Body.Instructions.Any(MakesFunctionPointer)).ToArray();
        MethodDefinition[] called = makers.SelectMany(maker => maker.DeclaringType.Methods)
            .Where(method => method.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "MonoPInvokeCallbackAttribute"))
            .Distinct().ToArray();

        Assert.That(called, Has.Length.EqualTo(makers.Length));
        Assert.That(called.Select(method => method.IsStatic), Is.All.True);
    }

    private static bool MakesFunctionPointer(Instruction instruction) => instruction.OpCode == OpCodes.Newobj
        && instruction.Operand is MethodReference { DeclaringType.Name: var name } && name.StartsWith("Pfn", StringComparison.Ordinal);

    [Test]
    public void None_needs_a_feature_that_Unity_s_runtimes_lack()
    {
        string[] refused = { "PreserveBaseOverridesAttribute", "UnmanagedCallersOnlyAttribute", "ModuleInitializerAttribute" };

        Assert.That(InEveryModule(module => module.GetTypes().SelectMany(type => type.Methods)
            .Where(method => method.CustomAttributes.Any(attribute => refused.Contains(attribute.AttributeType.Name))
                || (method.DeclaringType.IsInterface && method.IsStatic && method.IsAbstract)
                || (method.DeclaringType.Name == "<Module>" && method.Name == ".cctor"))
            .Select(method => method.FullName)), Is.Empty);
    }

    private List<string> InEveryModule(Func<ModuleDefinition, IEnumerable<string>> find) =>
        Assemblies(_package.Assemblies.Select(path => Path.GetFileNameWithoutExtension(path)!).ToArray())
            .SelectMany(module => find(module).Select(found => $"{module.Name}: {found}")).Distinct().ToList();

    private IEnumerable<ModuleDefinition> Assemblies(params string[] names)
    {
        foreach (string name in names)
        {
            using ModuleDefinition module = _folders.Open(_package.PathOf($"Runtime/Plugins/{name}.dll"));
            yield return module;
        }
    }

    private static IEnumerable<CallSite> CallSitesOf(ModuleDefinition module) => module.GetTypes().SelectMany(type => type.Methods)
        .Where(method => method.HasBody).SelectMany(method => method.Body.Instructions).Select(i => i.Operand).OfType<CallSite>();
}
