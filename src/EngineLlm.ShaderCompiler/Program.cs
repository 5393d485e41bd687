using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace EngineLlm.ShaderCompiler;

internal static class Program
{
    private const string Help = """
        Usage: EngineLlm.ShaderCompiler [--check] [--all] [--any-compiler]

        Compiles every shaders/*.comp with shaderc's glslc to src/EngineLlm/Kernels/Spirv/NAME.spv, and writes what C# needs to know of it
        (bindings, push constants, specialisation ids) to src/EngineLlm/Kernels/Generated/NameShader.cs. Only files that change are written.
        A shader asks for several builds with lines such as '// variant: f16 HALF=1', which gives NAME_f16.

          --check          write nothing; list what is stale and exit with 1 if anything is
          --all            compile also what has not changed since its files were written
          --any-compiler   accept another release of glslc than the one that makes the checked-in files
          --help           this text
        """;

    private static int Main(string[] arguments)
    {
        if (arguments.Any(argument => argument is "--help" or "-h"))
        {
            Console.WriteLine(Help);
            return 0;
        }
        if (arguments.FirstOrDefault(argument => argument is not ("--check" or "--all" or "--any-compiler")) is { } unknown)
        {
            Console.Error.WriteLine($"Unknown argument '{unknown}'.\n\n{Help}");
            return 2;
        }
        try
        {
            return Run(
                check: arguments.Contains("--check"),
                all: arguments.Contains("--all"),
                anyCompiler: arguments.Contains("--any-compiler"));
        }
        catch (ShaderException error)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }

    private static int Run(bool check, bool all, bool anyCompiler)
    {
        Repository repository = Repository.Find(Directory.GetCurrentDirectory());
        Glslc compiler = Glslc.Find(repository)
            ?? throw new ShaderException($"There is no glslc: run tools/fetch-shader-compiler.sh, "
                + $"or put glslc of {Glslc.PinnedRelease} on PATH.");
        if (!compiler.IsPinned && !anyCompiler)
            throw new ShaderException($"The checked-in SPIR-V is made by {Glslc.PinnedRelease}, and this is {compiler.Version}: "
                + "run tools/fetch-shader-compiler.sh, or say --any-compiler.");
        SortedDictionary<string, byte[]> files = new ShaderBuild(repository, compiler).Run(reuse: !check && !all);
        IReadOnlyList<string> stale = GeneratedFiles.Stale(repository, files);
        foreach (string path in stale)
            Console.WriteLine($"{(check ? "stale" : "updated")}: {path}");
        if (!check)
            GeneratedFiles.Update(repository, files);
        return check && stale.Count > 0 ? 1 : 0;
    }
}
