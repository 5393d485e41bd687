using EngineLlm.Models.Gguf;

namespace EngineLlm.Cli.Inspecting;

/// <summary>What sort of thing a GGUF holds.</summary>
internal static class FileKind
{
    internal const string Model = "language model";
    internal const string Vocabulary = "vocabulary without weights";

    /// <summary>The kind, in words.</summary>
    internal static string Of(GgufFile file)
    {
        string type = Text(file, "general.type");
        string architecture = Text(file, "general.architecture");
        if (type is "adapter") return "adapter (LoRA) for a model";
        if (type is "imatrix" || file.Metadata.Has("imatrix.datasets")) return "importance matrix of a quantiser";
        if (architecture is "clip" || type is "mmproj") return "vision or audio projector of a model";
        if (file.Tensors.Count == 0) return file.Metadata.Has("tokenizer.ggml.tokens") ? Vocabulary : "file without weights";
        return type is "" or "model" ? Model : $"file of the type {GgufParser.Printable(type)}";
    }

    private static string Text(GgufFile file, string key) =>
        file.Metadata.TryGet(key, out GgufValue value) && value.TryGetString(out string text) ? text : "";
}
