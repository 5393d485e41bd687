namespace EngineLlm.Models;

/// <summary>How the layers of one kind rotate queries and keys.</summary>
/// <param name="DimensionCount">Values of a head that are rotated.</param>
/// <param name="FrequencyBase">Base of the frequencies.</param>
/// <param name="Scaling">How they are stretched.</param>
internal sealed record RotaryEmbedding(int DimensionCount, float FrequencyBase, RopeScaling Scaling)
{
    /// <summary>Factor on the rotated values of queries and keys.</summary>
    internal float Magnitude => RopeFrequencies.Magnitude(Scaling);

    /// <summary>[DimensionCount / 2] radians a token, scaling included.</summary>
    /// <param name="contextLength">Tokens that a sequence may have: LongRoPE has other divisors for long contexts.</param>
    internal float[] InverseFrequencies(int contextLength) =>
        RopeFrequencies.Compute(DimensionCount, FrequencyBase, Scaling.ForContext(contextLength));
}
