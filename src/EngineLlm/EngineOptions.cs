using System;
using System.IO;
using EngineLlm.Models.Weights;

namespace EngineLlm;

/// <summary>How an engine is set up. The defaults suit a handful of characters beside a game.</summary>
public sealed record EngineOptions
{
    /// <summary>The Vulkan device: its index in <see cref="DeviceInfo.List"/>, or part of its name; null for the best one.</summary>
    public string? Device { get; init; }

    /// <summary>
    /// Tokens that one conversation may have, at most what the model was trained for; null for that, but at most 4,096, or 512 for the model that
    /// comes with EngineLlm.
    /// </summary>
    public int? ContextLength { get; init; }

    /// <summary>Token slots in a page of the key-value cache: 16, 32 or 64.</summary>
    public int PageSize { get; init; } = 32;

    /// <summary>Pages in the pool; null for as many as four full contexts need, within an eighth of the device's memory.</summary>
    public int? PageCount { get; init; }

    /// <summary>
    /// Device memory for pages, in bytes, where <see cref="PageCount"/> is null: as many as fit, at least one. Null leaves the count to the default.
    /// </summary>
    public ulong? PageMemoryBytes { get; init; }

    /// <summary>Sequences that run at once; further ones wait. 1 to 256.</summary>
    public int MaxSequences { get; init; } = 16;

    /// <summary>Tokens of one step: how long a chunk of a prompt may be. 1 to 1,024.</summary>
    public int MaxTokensPerStep { get; init; } = 128;

    /// <summary>
    /// The most tokens that a step guesses ahead for a sequence that always takes the likeliest token, without penalties: as the text went on when it last
    /// came by the same tokens. What is guessed wrongly costs a little time; the text is the same. 0 to 15; 0 guesses nothing.
    /// </summary>
    public int LookupTokens { get; init; } = 3;

    /// <summary>
    /// The pre-tokenizer of a model with a byte-level BPE vocabulary, by its name in GGUF (tokenizer.ggml.pre); null for the one that the
    /// file names. For files that name none, or one that is not known.
    /// </summary>
    public string? PreTokenizer { get; init; }

    /// <summary>Keeps keys and values as 32-bit floats instead of 16-bit ones: twice the memory, for comparisons with references.</summary>
    public bool FloatPages { get; init; }

    /// <summary>Turns on Vulkan's validation layers, synchronization validation included. For development.</summary>
    public bool Validation { get; init; }

    /// <summary>Folder that compiled pipelines are kept in between runs; null keeps none.</summary>
    public string? CacheFolder { get; init; } = DefaultCacheFolder();

    /// <summary>Tokens of context in a split of attention; null for what suits the device. For tests, which have short contexts.</summary>
    internal int? SplitTokens { get; init; }

    /// <summary>Which kernels run; null for those that suit the device. For tests of a GPU's kernels on a software driver.</summary>
    internal WeightOrder? Order { get; init; }

    /// <summary>Checks every field.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A field is outside its range.</exception>
    public void Validate()
    {
        Require(ContextLength is null or >= 2, nameof(ContextLength), "at least 2");
        Require(PageSize is 16 or 32 or 64, nameof(PageSize), "16, 32 or 64");
        Require(PageCount is null or >= 1, nameof(PageCount), "at least 1");
        Require(MaxSequences is >= 1 and <= 256, nameof(MaxSequences), "1 to 256");
        Require(LookupTokens is >= 0 and <= 15, nameof(LookupTokens), "0 to 15");
        Require(MaxTokensPerStep is >= 1 and <= 1024, nameof(MaxTokensPerStep), "1 to 1,024");
    }

    private static void Require(bool holds, string name, string range)
    {
        if (!holds) throw new ArgumentOutOfRangeException(name, $"{name} has to be {range}.");
    }

    private static string? DefaultCacheFolder()
    {
        string folder = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return folder.Length == 0 ? null : Path.Combine(folder, "EngineLlm");
    }
}
