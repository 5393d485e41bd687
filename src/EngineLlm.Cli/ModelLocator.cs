using System;
using System.IO;

namespace EngineLlm.Cli;

/// <summary>Finds the model where the player named none.</summary>
internal static class ModelLocator
{
    /// <summary>Names the model file for those who do not want to name it each time.</summary>
    internal const string Variable = "ENGINELLM_MODEL";

    /// <summary>The model that comes with the repository, and beside a published program.</summary>
    internal const string EmbeddedModel = "lantern-npc.gguf";

    /// <summary>The named model; otherwise the one of the environment; otherwise the embedded one.</summary>
    /// <exception cref="InputException">There is none of them.</exception>
    internal static string Find(string? named)
    {
        if (!string.IsNullOrEmpty(named)) return named;
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path) return path;
        return Embedded() ?? throw new InputException(
            $"The model that comes with EngineLlm, {EmbeddedModel}, is not beside the program; name one with --model FILE or in {Variable}.");
    }

    /// <summary>The embedded model's path, or null where it is neither beside the program nor in the checkout that the program was built in.</summary>
    internal static string? Embedded()
    {
        string beside = Path.Combine(AppContext.BaseDirectory, EmbeddedModel);
        if (File.Exists(beside)) return beside;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "EngineLlm.sln"))) continue;
            string path = Path.Combine(folder.FullName, "models", "npc", EmbeddedModel);
            return File.Exists(path) ? path : null;
        }
        return null;
    }
}
