using System;
using System.IO;

namespace EngineLlm.Cli;

/// <summary>Finds the model where the player named none.</summary>
internal static class ModelLocator
{
    /// <summary>Names the model file for those who do not want to name it each time.</summary>
    internal const string Variable = "ENGINELLM_MODEL";

    private const string SharedModel = "smollm2-135m-instruct-q4_1.gguf";

    /// <summary>The named model; otherwise the one of the environment; otherwise the one beside a checkout of the repository.</summary>
    /// <exception cref="InputException">There is none of them.</exception>
    internal static string Find(string? named)
    {
        if (!string.IsNullOrEmpty(named)) return named;
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path) return path;
        return BesideCheckout(AppContext.BaseDirectory) ?? BesideCheckout(Environment.CurrentDirectory) ?? throw new InputException(
            $"There is no model to run; name one with --model FILE or in {Variable}: any chat model of the llama architecture "
            + "in a .gguf file, such as SmolLM2-135M-Instruct.");
    }

    private static string? BesideCheckout(string start)
    {
        for (DirectoryInfo? folder = new(start); folder?.Parent is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "EngineLlm.sln"))) continue;
            string path = Path.Combine(folder.Parent.FullName, "shared", "models", SharedModel);
            return File.Exists(path) ? path : null;
        }
        return null;
    }
}
