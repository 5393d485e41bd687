using System.Collections.Generic;

namespace EngineLlm.Models;

/// <summary>Which values of a head are rotated together.</summary>
internal enum RopeStyle
{
    /// <summary>Values 2i and 2i + 1 (the llama family in GGUF).</summary>
    AdjacentPairs,

    /// <summary>Values i and i + RopeDimensionCount / 2.</summary>
    Halves,
}

/// <summary>How rotary frequencies are stretched beyond the context that a model was first trained with.</summary>
internal enum RopeScalingKind
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>All frequencies are divided by the factor.</summary>
    Linear,

    /// <summary>YaRN (Peng et al. 2023): low frequencies are divided, high ones stay, with a ramp between.</summary>
    Yarn,
}

/// <summary>Rotary scaling as data. <see cref="RopeFrequencies"/> turns it into frequencies, so that no kernel needs to know of it.</summary>
internal sealed record RopeScaling
{
    /// <summary>No scaling.</summary>
    internal static RopeScaling None { get; } = new();

    /// <summary>The method.</summary>
    internal RopeScalingKind Kind { get; init; }

    /// <summary>How many times the original context; 1 or more as a rule.</summary>
    internal float Factor { get; init; } = 1;

    /// <summary>YaRN and LongRoPE: tokens of the context the model was first trained with.</summary>
    internal int OriginalContextLength { get; init; }

    /// <summary>YaRN: rotations over the original context from which on a frequency stays as it is.</summary>
    internal float BetaFast { get; init; } = 32;

    /// <summary>YaRN: rotations over the original context up to which a frequency is fully divided.</summary>
    internal float BetaSlow { get; init; } = 1;

    /// <summary>Multiplies the rotated values, on top of YaRN's own factor.</summary>
    internal float AttentionFactor { get; init; } = 1;

    /// <summary>[RopeDimensionCount / 2] divisors, one a frequency (Llama 3's rope_freqs.weight, LongRoPE's short ones), or null.</summary>
    internal IReadOnlyList<float>? FrequencyFactors { get; init; }

    /// <summary>[RopeDimensionCount / 2] divisors for contexts longer than the original one (LongRoPE, Ding et al. 2024), or null.</summary>
    internal IReadOnlyList<float>? LongFrequencyFactors { get; init; }

    /// <summary>
    /// The scaling as a context of this length has it. The whole context decides, not how far a sequence has got: keys that lie in pages were
    /// rotated when they were written.
    /// </summary>
    internal RopeScaling ForContext(int contextLength) =>
        LongFrequencyFactors is null || contextLength <= OriginalContextLength ? this : this with { FrequencyFactors = LongFrequencyFactors };
}
