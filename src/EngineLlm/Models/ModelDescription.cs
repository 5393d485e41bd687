using System;
using System.Collections.Generic;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Models;

/// <summary>
/// A model as data: shapes and features, no weights. There is no class per architecture; the transformer records what the description says.
/// Read from a file with <see cref="Read"/>, or built by hand for synthetic models (then call <see cref="Validate"/>).
/// </summary>
internal sealed class ModelDescription
{
    private float[]? _ropeInverseFrequencies;
    private RotaryEmbedding? _rope;
    private RotaryEmbedding? _slidingRope;

    /// <summary>The architecture as GGUF names it.</summary>
    internal string Architecture { get; init; } = "llama";

    /// <summary>The model's own name, for people.</summary>
    internal string Name { get; init; } = "unnamed";

    /// <summary>Number of layers.</summary>
    internal required int LayerCount { get; init; }

    /// <summary>Features a token between the layers.</summary>
    internal required int EmbeddingSize { get; init; }

    /// <summary>Features inside the feed-forward part.</summary>
    internal required int FeedForwardSize { get; init; }

    /// <summary>Query heads.</summary>
    internal required int HeadCount { get; init; }

    /// <summary>Key-value heads; each serves HeadCount / KeyValueHeadCount query heads.</summary>
    internal required int KeyValueHeadCount { get; init; }

    /// <summary>Values a head, the same for queries, keys and values.</summary>
    internal required int HeadSize { get; init; }

    /// <summary>Number of tokens in the vocabulary: rows of the embedding.</summary>
    internal required int VocabularySize { get; init; }

    /// <summary>Tokens of context that the model was trained for.</summary>
    internal required int ContextLength { get; init; }

    /// <summary>Whether the head is the embedding again.</summary>
    internal bool TiedEmbeddings { get; init; }

    /// <summary>Factor on the embeddings.</summary>
    internal float EmbeddingScale { get; init; } = 1;

    /// <summary>Queries, keys and values are one tensor.</summary>
    internal bool FusedQueryKeyValue { get; init; }

    /// <summary>Gate and up are one tensor, the gate first.</summary>
    internal bool FusedGateUp { get; init; }

    /// <summary>Queries, keys and values have biases.</summary>
    internal bool QueryKeyValueBiases { get; init; }

    /// <summary>The product after attention has a bias.</summary>
    internal bool AttentionOutputBias { get; init; }

    /// <summary>Each query and key head passes an RMS norm before it is rotated.</summary>
    internal bool HeadNorms { get; init; }

    /// <summary>What attention and the feed-forward part give passes an RMS norm before it joins the residual stream.</summary>
    internal bool PostNorms { get; init; }

    /// <summary>What the gate of the feed-forward part passes through.</summary>
    internal GateActivation GateActivation { get; init; }

    /// <summary>A score x of attention becomes AttentionSoftCap * tanh(x / AttentionSoftCap); 0 for no cap.</summary>
    internal float AttentionSoftCap { get; init; }

    /// <summary>The same for the logits.</summary>
    internal float LogitSoftCap { get; init; }

    /// <summary>Tokens that a token sees in sliding layers, itself included; 0 where no layer slides.</summary>
    internal int SlidingWindow { get; init; }

    /// <summary>[LayerCount] which layers slide; null where all do.</summary>
    internal IReadOnlyList<bool>? SlidingLayers { get; init; }

    /// <summary>[LayerCount] which layers do not rotate; null where all rotate.</summary>
    internal IReadOnlyList<bool>? UnrotatedLayers { get; init; }

    /// <summary>Epsilon of the RMS norms.</summary>
    internal float NormEpsilon { get; init; } = 1e-5f;

    /// <summary>Factor on query times key; 1 / sqrt(HeadSize) unless the model says otherwise.</summary>
    internal float AttentionScale { get => _attentionScale ?? (float)(1 / Math.Sqrt(HeadSize)); init => _attentionScale = value; }

    /// <summary>Values of a head that are rotated; the rest passes as it is. Even, at most HeadSize.</summary>
    internal int RopeDimensionCount { get => _ropeDimensionCount ?? HeadSize; init => _ropeDimensionCount = value; }

    /// <summary>Base of the rotary frequencies.</summary>
    internal float RopeFrequencyBase { get; init; } = 10000;

    /// <summary>Base of the sliding layers' rotary frequencies, which nothing scales; null where they rotate as the others.</summary>
    internal float? SlidingRopeFrequencyBase { get; init; }

    /// <summary>Which values are rotated together.</summary>
    internal RopeStyle RopeStyle { get; init; }

    /// <summary>How the rotary frequencies are stretched.</summary>
    internal RopeScaling RopeScaling { get; init; } = RopeScaling.None;

    /// <summary>How layers rotate that do not slide.</summary>
    internal RotaryEmbedding Rope => _rope ??= new RotaryEmbedding(RopeDimensionCount, RopeFrequencyBase, RopeScaling);

    /// <summary>How sliding layers rotate: the same object as <see cref="Rope"/> where that is alike.</summary>
    internal RotaryEmbedding SlidingRope =>
        _slidingRope ??= SlidingRopeFrequencyBase is { } slidingBase ? new RotaryEmbedding(RopeDimensionCount, slidingBase, RopeScaling.None) : Rope;

    /// <summary>[RopeDimensionCount / 2] radians a token, scaling included, for the model's whole context and layers that do not slide.</summary>
    internal ReadOnlySpan<float> RopeInverseFrequencies => _ropeInverseFrequencies ??= Rope.InverseFrequencies(ContextLength);

    /// <summary>Factor on the rotated values of queries and keys.</summary>
    internal float RopeMagnitude => Rope.Magnitude;

    /// <summary>Features of all query heads together.</summary>
    internal int QuerySize => HeadCount * HeadSize;

    /// <summary>Features of all key (or value) heads together.</summary>
    internal int KeyValueSize => KeyValueHeadCount * HeadSize;

    /// <summary>True for a layer whose tokens see no further than <see cref="SlidingWindow"/>.</summary>
    internal bool IsSliding(int layer) => SlidingWindow > 0 && (SlidingLayers is null || SlidingLayers[layer]);

    /// <summary>How a layer rotates queries and keys; null for one that does not.</summary>
    internal RotaryEmbedding? RopeOf(int layer) =>
        UnrotatedLayers is not null && UnrotatedLayers[layer] ? null : IsSliding(layer) ? SlidingRope : Rope;

    private readonly float? _attentionScale;
    private readonly int? _ropeDimensionCount;

    /// <summary>Reads and checks the description of a file's model, its tensors' presence, shapes and types included.</summary>
    /// <exception cref="ModelFormatException">A value is missing, absurd, or does not match the tensors.</exception>
    /// <exception cref="UnsupportedModelException">The model needs something that EngineLlm does not do.</exception>
    internal static ModelDescription Read(GgufFile file) => ModelDescriptionReader.Read(file);

    /// <summary>Checks every value against sane bounds and against the others.</summary>
    /// <param name="source">What to call the model in the error: a file name.</param>
    /// <exception cref="ModelFormatException">A value is out of bounds.</exception>
    internal void Validate(string source = "model")
    {
        Check(LayerCount is >= 1 and <= 1024, "layer count", LayerCount);
        Check(EmbeddingSize is >= 1 and <= 1 << 16, "embedding size", EmbeddingSize);
        Check(FeedForwardSize is >= 1 and <= 1 << 20, "feed-forward size", FeedForwardSize);
        Check(HeadCount is >= 1 and <= 1024, "head count", HeadCount);
        Check(KeyValueHeadCount >= 1 && KeyValueHeadCount <= HeadCount && HeadCount % KeyValueHeadCount == 0, "key-value head count", KeyValueHeadCount);
        Check(HeadSize is >= 2 and <= 1024 && HeadSize % 2 == 0, "head size", HeadSize);
        Check(VocabularySize is >= 1 and <= 1 << 22, "vocabulary size", VocabularySize);
        Check(ContextLength is >= 1 and <= 1 << 24, "context length", ContextLength);
        Check(NormEpsilon is > 0 and <= 0.1f, "norm epsilon", NormEpsilon);
        Check(AttentionScale is > 0 and <= 100, "attention scale", AttentionScale);
        Check(RopeDimensionCount >= 2 && RopeDimensionCount <= HeadSize && RopeDimensionCount % 2 == 0, "rope dimension count", RopeDimensionCount);
        Check(RopeFrequencyBase is > 1 and <= 1e12f, "rope frequency base", RopeFrequencyBase);
        Check(RopeScaling.Factor is > 0 and <= 1e6f, "rope scaling factor", RopeScaling.Factor);
        Check(RopeScaling.AttentionFactor is > 0 and <= 1e6f, "rope attention factor", RopeScaling.AttentionFactor);
        Check(RopeScaling.FrequencyFactors == null || RopeScaling.FrequencyFactors.Count == RopeDimensionCount / 2, "number of rope factors",
            RopeScaling.FrequencyFactors?.Count ?? 0);
        Check(RopeScaling.LongFrequencyFactors == null || RopeScaling.LongFrequencyFactors.Count == RopeDimensionCount / 2, "number of long rope factors",
            RopeScaling.LongFrequencyFactors?.Count ?? 0);
        if (RopeScaling.Kind == RopeScalingKind.Yarn) ValidateYarn();
        foreach (float frequency in RopeInverseFrequencies) Check(frequency is >= 0 and <= 1e6f, "rope frequency", frequency);
        ValidateFeatures();

        void ValidateFeatures()
        {
            Check(EmbeddingScale is > 0 and <= 1e6f, "embedding scale", EmbeddingScale);
            Check(AttentionSoftCap is >= 0 and <= 1e6f, "attention soft cap", AttentionSoftCap);
            Check(LogitSoftCap is >= 0 and <= 1e6f, "logit soft cap", LogitSoftCap);
            Check(SlidingWindow >= 0, "sliding window", SlidingWindow);
            Check(SlidingLayers == null || SlidingLayers.Count == LayerCount, "number of sliding layers", SlidingLayers?.Count ?? 0);
            Check(SlidingRopeFrequencyBase is null or (> 1 and <= 1e12f), "rope frequency base of sliding layers", SlidingRopeFrequencyBase ?? 0);
        }

        void ValidateYarn()
        {
            Check(RopeScaling.OriginalContextLength is >= 1 and <= 1 << 24, "original context length", RopeScaling.OriginalContextLength);
            Check(RopeScaling.BetaFast is > 0 and <= 1e6f, "YaRN beta fast", RopeScaling.BetaFast);
            Check(RopeScaling.BetaSlow > 0 && RopeScaling.BetaSlow <= RopeScaling.BetaFast, "YaRN beta slow", RopeScaling.BetaSlow);
        }

        void Check(bool isSane, string what, double value)
        {
            if (!isSane) throw new ModelFormatException($"{source}: the model's {what} is {value}, which cannot be; the file is damaged or was converted wrongly.");
        }
    }
}
