using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace EngineLlm.Cli.Inspecting;

/// <summary>
/// What `inspect` says of a file. The JSON's names are the properties' in snake case; what was not asked for or does not apply is left out.
/// </summary>
internal sealed record ModelReport
{
    /// <summary>The file's name, without folders.</summary>
    public required string File { get; init; }

    /// <summary>Bytes of the file.</summary>
    public required long Bytes { get; init; }

    /// <summary>2 or 3.</summary>
    public required int GgufVersion { get; init; }

    /// <summary>The architecture as the file names it.</summary>
    public string? Architecture { get; init; }

    /// <summary>The model's own name.</summary>
    public string? Name { get; init; }

    /// <summary>Number of weights.</summary>
    public required long Parameters { get; init; }

    /// <summary>Number of tensors.</summary>
    public required int TensorCount { get; init; }

    /// <summary>The tensors by type, the largest share first.</summary>
    public required IReadOnlyList<TypeShare> TensorTypes { get; init; }

    /// <summary>Shapes, where the architecture is supported.</summary>
    public ModelShape? Shape { get; init; }

    /// <summary>The kind of vocabulary, where it is supported.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>Tokens in the vocabulary.</summary>
    public int? VocabularySize { get; init; }

    /// <summary>Whether the file has a chat template.</summary>
    public required bool HasChatTemplate { get; init; }

    /// <summary>Why the chat template cannot be used; absent where it can.</summary>
    public string? ChatTemplateProblem { get; init; }

    /// <summary>Why EngineLlm cannot run it; absent where it can.</summary>
    public string? Problem { get; init; }

    /// <summary>All key-value pairs, long ones cut, with --metadata.</summary>
    public IReadOnlyList<MetadataEntry>? Metadata { get; init; }

    /// <summary>All tensors, with --tensors.</summary>
    public IReadOnlyList<TensorEntry>? Tensors { get; init; }
}

/// <summary>The tensors of one type.</summary>
/// <param name="Type">The type's name.</param>
/// <param name="Count">How many tensors.</param>
/// <param name="Bytes">How many bytes together.</param>
internal sealed record TypeShare(string Type, int Count, long Bytes);

/// <summary>A transformer's shapes.</summary>
internal sealed record ModelShape(
    int Layers, int EmbeddingSize, int FeedForwardSize, int Heads, int KeyValueHeads, int HeadSize, int ContextLength, bool TiedEmbeddings);

/// <summary>One key-value pair.</summary>
internal sealed record MetadataEntry(string Key, string Kind, string Value);

/// <summary>One tensor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">How its numbers are stored.</param>
/// <param name="Shape">[1 to 4] dimensions, columns first.</param>
/// <param name="Bytes">Bytes of data.</param>
internal sealed record TensorEntry(string Name, string Type, IReadOnlyList<long> Shape, long Bytes);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(ModelReport))]
internal sealed partial class InspectJson : JsonSerializerContext;
