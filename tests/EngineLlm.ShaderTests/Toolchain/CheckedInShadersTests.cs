using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using EngineLlm.Kernels;
using EngineLlm.Kernels.Generated;
using EngineLlm.ShaderCompiler;
using NUnit.Framework;

namespace EngineLlm.ShaderTests.Toolchain;

/// <summary>What is checked in belongs to the sources beside it.</summary>
public sealed class CheckedInShadersTests
{
    private static readonly Repository Repository = Repository.Find(AppContext.BaseDirectory);

    private static ShaderDescription[] Catalog => ShaderCatalog.All;

    private static string[] ShaderNames => Catalog.Select(shader => shader.Name).ToArray();

    [Test]
    public void Every_source_hash_is_that_of_the_source()
    {
        Dictionary<string, string> expected = ShaderSource.ReadAll(Repository.Shaders)
            .SelectMany(source => source.Variants.Select(variant => (variant.Name, source.Hash)))
            .ToDictionary(pair => pair.Name, pair => pair.Hash);
        Dictionary<string, string> checkedIn = Catalog.ToDictionary(shader => shader.Name, shader => shader.SourceHash);

        Assert.That(checkedIn, Is.Not.Empty);
        Assert.That(checkedIn, Is.EquivalentTo(expected), "A shader changed and was not compiled: run ./enginellm shaders.");
    }

    [Test]
    public void The_compiler_gives_exactly_what_is_checked_in()
    {
        Glslc? compiler = Glslc.Find(Repository);
        if (compiler?.Version != ShaderCatalog.CompilerVersion)
        {
            Assert.Ignore($"The checked-in SPIR-V is made by {ShaderCatalog.CompilerVersion}, "
                + $"and here is {compiler?.Version ?? "no glslc"}: "
                + "run tools/fetch-shader-compiler.sh.");
        }

        SortedDictionary<string, byte[]> files = new ShaderBuild(Repository, compiler!).Run(reuse: false);

        Assert.That(GeneratedFiles.Stale(Repository, files), Is.Empty, "Run ./enginellm shaders --all.");
    }

    [Test]
    public void Spirv_is_valid()
    {
        SpirvValidator? validator = SpirvValidator.Find(Repository);
        if (validator is null)
            Assert.Ignore("There is no spirv-val: run tools/fetch-shader-compiler.sh, or install spirv-tools.");

        Assert.Multiple(() =>
        {
            foreach (ShaderDescription shader in Catalog)
                Assert.That(validator!.Validate(shader.ReadSpirv()), Is.Null, shader.Name);
        });
    }

    [TestCaseSource(nameof(ShaderNames))]
    public void Spirv_binds_and_pushes_no_more_than_its_description_says(string name)
    {
        ShaderDescription shader = Catalog.Single(candidate => candidate.Name == name);
        SpirvModule module = SpirvModule.Parse(shader.ReadSpirv());
        int[] numbers = SpirvReflection.Variables(module)
            .Select(variable => module.Decoration(variable.Words[1], SpirvDecoration.Binding))
            .OfType<uint>().Select(number => (int)number).Distinct().ToArray();
        bool pushes = SpirvReflection.Variables(module)
            .Any(variable => (SpirvStorageClass)variable.Words[2] == SpirvStorageClass.PushConstant);

        Assert.Multiple(() =>
        {
            foreach (int number in numbers)
                Assert.That(shader.Bindings.ElementAtOrDefault(number), Is.Not.EqualTo(BindingKind.None), $"binding {number}");
            Assert.That(shader.PushConstantSize, pushes ? Is.InRange(4, PushConstantReader.MaximumSize) : Is.GreaterThanOrEqualTo(0));
        });
    }

    [Test]
    public void No_compiled_shader_is_without_a_source()
    {
        string[] resources = typeof(ShaderDescription).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".spv", StringComparison.Ordinal))
            .Select(name => Path.GetFileNameWithoutExtension(name)!).ToArray();

        Assert.That(resources, Is.EquivalentTo(Catalog.Select(shader => shader.Name)));
    }
}
