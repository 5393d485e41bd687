using System;
using System.IO;

namespace EngineLlm.ShaderCompiler;

/// <summary>Where things are in a working copy of the repository.</summary>
/// <param name="Root">Absolute path of the folder that holds EngineLlm.sln.</param>
internal sealed record Repository(string Root)
{
    /// <summary>GLSL sources.</summary>
    public string Shaders => Path.Combine(Root, "shaders");

    /// <summary>Compiled shaders, checked in.</summary>
    public string Spirv => Path.Combine(Root, "src", "EngineLlm", "Kernels", "Spirv");

    /// <summary>Generated C#, checked in.</summary>
    public string Generated => Path.Combine(Root, "src", "EngineLlm", "Kernels", "Generated");

    /// <summary>Programs that tools/fetch-shader-compiler.sh put there, if it ran.</summary>
    public string FetchedTools => Path.Combine(Root, ".tools", "shader-compiler", "bin");

    /// <summary>Walks up from a folder to the root of the repository.</summary>
    /// <exception cref="ShaderException">No folder above holds EngineLlm.sln.</exception>
    public static Repository Find(string start)
    {
        for (DirectoryInfo? folder = new(Path.GetFullPath(start)); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "EngineLlm.sln")))
                return new Repository(folder.FullName);
        }
        throw new ShaderException($"'{start}' is not inside the EngineLlm repository: no folder above it holds EngineLlm.sln.");
    }

    /// <summary>The path of a program: the fetched one first, then the one on PATH; null where there is neither.</summary>
    public string? FindTool(string name)
    {
        string fetched = Path.Combine(FetchedTools, name);
        if (File.Exists(fetched))
            return fetched;
        string fileName = OperatingSystem.IsWindows() ? name + ".exe" : name;
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            if (folder.Length > 0 && File.Exists(Path.Combine(folder, fileName)))
                return Path.Combine(folder, fileName);
        }
        return null;
    }
}
