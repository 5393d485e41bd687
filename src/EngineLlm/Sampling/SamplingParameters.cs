using System;

namespace EngineLlm.Sampling;

/// <summary>
/// How the next token is chosen from the logits. Filters apply in this order: penalties, temperature, top-k, top-p, min-p.
/// The choice depends only on the logits, the seed and the token's position, never on what else is in the batch.
/// </summary>
public sealed record SamplingParameters
{
    /// <summary>The most penalised tokens that the sampler looks back on.</summary>
    public const int MaxPenaltyWindow = 64;

    /// <summary>Always the most likely token.</summary>
    public static SamplingParameters Greedy { get; } = new() { Temperature = 0 };

    /// <summary>Divides the logits; 0 takes the most likely token. At least 0.</summary>
    public float Temperature { get; init; } = 0.7f;

    /// <summary>Keeps the k most likely tokens; 0 keeps all.</summary>
    public int TopK { get; init; } = 40;

    /// <summary>Keeps the fewest most likely tokens whose probabilities sum to at least this; 1 keeps all. In (0, 1].</summary>
    public float TopP { get; init; } = 0.95f;

    /// <summary>Keeps tokens at least this likely, as a share of the most likely one; 0 keeps all. In [0, 1).</summary>
    public float MinP { get; init; }

    /// <summary>Divides positive and multiplies negative logits of tokens seen in the window; 1 is off. Above 0.</summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>Subtracted from a token's logit once for each time it stands in the window; 0 is off.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Subtracted from a token's logit if it stands in the window at all; 0 is off.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>How many of the newest tokens the penalties look at, at most <see cref="MaxPenaltyWindow"/>.</summary>
    public int PenaltyWindow { get; init; } = MaxPenaltyWindow;

    /// <summary>Seed of the counter-based random numbers.</summary>
    public ulong Seed { get; init; }

    /// <summary>True where any penalty is on.</summary>
    internal bool HasPenalties => RepetitionPenalty != 1 || FrequencyPenalty != 0 || PresencePenalty != 0;

    /// <summary>True where the choice depends on the logits and nothing else.</summary>
    internal bool IsByLogitsAlone => Temperature == 0 && !HasPenalties;

    /// <summary>Checks every field.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A field is outside its range, or not a number.</exception>
    public void Validate()
    {
        Require(Temperature >= 0 && !float.IsInfinity(Temperature), nameof(Temperature), "must be 0 or more");
        Require(TopK >= 0, nameof(TopK), "must be 0 (all) or more");
        Require(TopP > 0 && TopP <= 1, nameof(TopP), "must be above 0 and at most 1");
        Require(MinP >= 0 && MinP < 1, nameof(MinP), "must be at least 0 and below 1");
        Require(RepetitionPenalty > 0 && !float.IsInfinity(RepetitionPenalty), nameof(RepetitionPenalty), "must be above 0");
        Require(!float.IsNaN(FrequencyPenalty) && !float.IsInfinity(FrequencyPenalty), nameof(FrequencyPenalty), "must be a number");
        Require(!float.IsNaN(PresencePenalty) && !float.IsInfinity(PresencePenalty), nameof(PresencePenalty), "must be a number");
        Require(PenaltyWindow >= 0 && PenaltyWindow <= MaxPenaltyWindow, nameof(PenaltyWindow), $"must be 0 to {MaxPenaltyWindow}");
    }

    private static void Require(bool holds, string name, string rule)
    {
        if (!holds) throw new ArgumentOutOfRangeException(name, $"{name} {rule}.");
    }
}
