using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;

namespace EngineLlm.ShaderCompiler;

/// <summary>Compiles every shader and knows what the checked-in files should hold.</summary>
internal sealed class ShaderBuild
{
    private readonly Repository _repository;
    private readonly Glslc _compiler;
    private readonly SpirvValidator? _validator;

    /// <summary>Prepares a build.</summary>
    public ShaderBuild(Repository repository, Glslc compiler)
    {
        _repository = repository;
        _compiler = compiler;
        _validator = SpirvValidator.Find(repository);
    }

    /// <summary>Makes every generated file in memory.</summary>
    /// <param name="reuse">Take over what is checked in where its source and the compiler are still the same.</param>
    /// <returns>Contents of every generated file by its absolute path.</returns>
    /// <exception cref="ShaderException">A shader is rejected; the message holds every complaint.</exception>
    public SortedDictionary<string, byte[]> Run(bool reuse)
    {
        var work = ShaderSource.ReadAll(_repository.Shaders)
            .SelectMany(source => source.Variants.Select(variant => (source, variant))).ToArray();
        string[] names = work.Select(item => item.variant.Name).Order(StringComparer.Ordinal).ToArray();
        SpirvReflection.RequireUnique("shader", names);
        SpirvReflection.RequireUnique("generated classe", names.Select(CompiledShader.ClassNameOf));

        var errors = new ConcurrentBag<string>();
        var files = new ConcurrentDictionary<string, byte[]>();
        Parallel.ForEach(work, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, item =>
        {
            try
            {
                AddFiles(item.source, item.variant, reuse, files);
            }
            catch (ShaderException error)
            {
                errors.Add(error.Message);
            }
        });
        if (!errors.IsEmpty)
            throw new ShaderException(string.Join('\n', errors.Order(StringComparer.Ordinal)));
        string catalogPath = Path.Combine(_repository.Generated, "ShaderCatalog.cs");
        files[catalogPath] = Encoding.UTF8.GetBytes(CatalogWriter.Write(names, _compiler.Version));
        return new SortedDictionary<string, byte[]>(files, StringComparer.Ordinal);
    }

    private void AddFiles(ShaderSource source, ShaderVariant variant, bool reuse, ConcurrentDictionary<string, byte[]> files)
    {
        string spirvPath = Path.Combine(_repository.Spirv, variant.Name + ".spv");
        string classPath = Path.Combine(_repository.Generated, CompiledShader.ClassNameOf(variant.Name) + ".cs");
        if (reuse && File.Exists(spirvPath) && File.Exists(classPath)
            && ClassWriter.IsCurrent(File.ReadAllText(classPath), source.Hash, _compiler.Version))
        {
            files[spirvPath] = File.ReadAllBytes(spirvPath);
            files[classPath] = File.ReadAllBytes(classPath);
            return;
        }
        byte[] spirv = _compiler.Compile(source.FileName, variant.Defines, optimise: true);
        if (_validator?.Validate(spirv) is { } complaint)
            throw new ShaderException($"{variant.Name}: spirv-val: {complaint}");
        files[spirvPath] = spirv;
        files[classPath] = Encoding.UTF8.GetBytes(ClassWriter.Write(Describe(source, variant)));
    }

    private CompiledShader Describe(ShaderSource source, ShaderVariant variant)
    {
        // The optimiser strips names and unused bindings, so the interface is read from a build without it.
        byte[] named = _compiler.Compile(source.FileName, variant.Defines, optimise: false);
        try
        {
            return new CompiledShader(variant.Name, source.FileName, source.Hash, _compiler.Version, SpirvReflection.Read(named));
        }
        catch (ShaderException error)
        {
            throw new ShaderException($"{variant.Name}: {error.Message}", error);
        }
    }
}
