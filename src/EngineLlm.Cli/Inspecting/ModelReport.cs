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

    /// <summary>What it is: a language model, a vocabulary, an adapter, ...</summary>
    public required string Kind { get; init; }

    /// <summary>Files that it is split over; 1 where it is whole.</summary>
    public required int Parts { get; init; }

    /// <summary>Bytes of all parts.</summary>
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

    /// <summary>Whether EngineLlm runs it on this machine.</summary>
    public required bool Runs { get; init; }

    /// <summary>Why EngineLlm cannot run it here, part by part; empty where it can.</summary>
    public required IReadOnlyList<ModelProblem> Problems { get; init; }

    /// <summary>The device that it would run on; absent where there is none.</summary>
    public string? Device { get; init; }

    /// <summary>What it takes of the device's memory; absent where it does not run on any device.</summary>
    public MemoryReport? Memory { get; init; }

    /// <summary>All key-value pairs, long ones cut, with --metadata.</summary>
    public IReadOnlyList<MetadataEntry>? Metadata { get; init; }

    /// <summary>All tensors, with --tensors.</summary>
    public IReadOnlyList<TensorEntry>? Tensors { get; init; }
}

/// <summary>Something that keeps a model from running.</summary>
/// <param name="Part">What of it: kind, architecture, weights, vocabulary, memory or device.</param>
/// <param name="Text">Why, in one line.</param>
internal sealed record ModelProblem(string Part, string Text);

/// <summary>What a model takes of the device's memory, in bytes.</summary>
internal sealed record MemoryReport
{
    /// <summary>Conversations that have their pages.</summary>
    public required int Conversations { get; init; }

    /// <summary>Tokens of each.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Weights as they lie on the device.</summary>
    public required ulong WeightBytes { get; init; }

    /// <summary>Pages of keys and values of all conversations.</summary>
    public required ulong PageBytes { get; init; }

    /// <summary>What a step reads and writes beside them.</summary>
    public required ulong WorkBytes { get; init; }

    /// <summary>The three together.</summary>
    public required ulong TotalBytes { get; init; }

    /// <summary>The blocks that they lie in: what the driver is asked for.</summary>
    public required ulong AllocatedBytes { get; init; }

    /// <summary>What lies in the host's memory instead.</summary>
    public required ulong HostBytes { get; init; }

    /// <summary>What the device has; absent where there is none.</summary>
    public ulong? DeviceBytes { get; init; }
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
