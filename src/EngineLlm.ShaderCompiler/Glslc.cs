using System;
using System.Collections.Generic;
using System.Text;

namespace EngineLlm.ShaderCompiler;

/// <summary>
/// GLSL to SPIR-V through shaderc's command line program. The only class that knows which compiler does it: the same three members over
/// Silk.NET.Shaderc would be the whole swap.
/// </summary>
internal sealed class Glslc
{
    /// <summary>The release that makes the checked-in SPIR-V; other releases give other instructions for the same source.</summary>
    public const string PinnedRelease = "shaderc 2025.2";

    private readonly string _path;
    private readonly Repository _repository;

    private Glslc(string path, Repository repository, string version)
    {
        _path = path;
        _repository = repository;
        Version = version;
    }

    /// <summary>Versions of everything that has a say in the output: "shaderc a, spirv-tools b, glslang c".</summary>
    public string Version { get; }

    /// <summary>Whether this is the release that makes the checked-in SPIR-V.</summary>
    public bool IsPinned => Version.StartsWith(PinnedRelease, StringComparison.Ordinal);

    /// <summary>Finds the compiler: fetched, or on PATH. Null where there is none.</summary>
    public static Glslc? Find(Repository repository)
    {
        if (repository.FindTool("glslc") is not { } path)
            return null;
        ProgramResult result = ExternalProgram.Run(path, ["--version"], repository.Root);
        if (result.ExitCode != 0)
            throw new ShaderException($"'{path} --version' failed: {result.Errors}");
        string[] lines = Encoding.UTF8.GetString(result.Output).Split('\n', StringSplitOptions.TrimEntries);
        return new Glslc(path, repository, string.Join(", ", lines[..Math.Min(3, lines.Length)]).Replace("shaderc v", "shaderc "));
    }

    /// <summary>Compiles one variant of one source.</summary>
    /// <param name="fileName">The .comp file's name inside the shaders folder.</param>
    /// <param name="defines">Preprocessor definitions, "NAME=value".</param>
    /// <param name="optimise">True for what ships; false keeps every name, for reflection.</param>
    /// <returns>SPIR-V for Vulkan 1.2.</returns>
    /// <exception cref="ShaderException">The compiler rejects the source; its messages are in the exception.</exception>
    public byte[] Compile(string fileName, IReadOnlyList<string> defines, bool optimise)
    {
        List<string> arguments =
        [
            "--target-env=vulkan1.2", "-fshader-stage=compute", optimise ? "-O" : "-O0", "-Werror", "-Ishaders", "-o", "-",
        ];
        foreach (string define in defines)
            arguments.Add("-D" + define);
        arguments.Add("shaders/" + fileName);
        ProgramResult result = ExternalProgram.Run(_path, arguments, _repository.Root);
        if (result.ExitCode != 0 || result.Output.Length == 0)
            throw new ShaderException($"{fileName} {string.Join(' ', defines)}\n{result.Errors}");
        return result.Output;
    }
}
