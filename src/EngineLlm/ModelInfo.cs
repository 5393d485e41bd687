using System.IO;
using System.Linq;
using EngineLlm.Models;
using EngineLlm.Models.Gguf;
using EngineLlm.Tokenization;

namespace EngineLlm;

/// <summary>What a model's file says about itself, and whether EngineLlm runs it. Read without its weights.</summary>
public sealed record ModelInfo
{
    /// <summary>What the model calls itself, or its file's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The architecture as GGUF names it; empty where the file does not say.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>Size of the file, in bytes.</summary>
    public long FileBytes { get; init; }

    /// <summary>Number of weights.</summary>
    public long ParameterCount { get; init; }

    /// <summary>Tokens that the model was trained for; 0 where it does not run here.</summary>
    public int ContextLength { get; init; }

    /// <summary>The licence that the file names; empty where it names none.</summary>
    public string Licence { get; init; } = "";

    /// <summary>Why the model does not run on EngineLlm, in one line; null where it does.</summary>
    public string? Problem { get; init; }

    /// <summary>Reads a file's header through a memory map: the weights stay on disk.</summary>
    /// <param name="modelPath">A GGUF file.</param>
    /// <exception cref="ModelFormatException">No such file, no GGUF, or damaged.</exception>
    public static ModelInfo Read(string modelPath)
    {
        using GgufFile file = GgufFile.Open(modelPath);
        var info = new ModelInfo
        {
            Name = Text(file, "general.name") is { Length: > 0 } name ? name : Path.GetFileNameWithoutExtension(modelPath),
            Architecture = Text(file, "general.architecture"),
            FileBytes = file.TotalLength,
            ParameterCount = file.Tensors.Sum(tensor => tensor.ElementCount),
            Licence = Text(file, "general.license"),
        };
        try
        {
            ModelDescription description = ModelDescription.Read(file);
            Tokenizer.Create(file);
            return info with { ContextLength = description.ContextLength };
        }
        catch (EngineLlmException error)
        {
            return info with { Problem = error.Message };
        }
    }

    private static string Text(GgufFile file, string key) =>
        file.Metadata.TryGet(key, out GgufValue value) && value.TryGetString(out string text) ? GgufParser.Printable(text) : "";
}
