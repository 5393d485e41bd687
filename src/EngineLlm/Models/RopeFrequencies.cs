using System;

namespace EngineLlm.Models;

/// <summary>Computes the final rotary frequencies of a model on the CPU, once, in double precision.</summary>
internal static class RopeFrequencies
{
    /// <summary>
    /// [dimensionCount / 2] radians a token for each rotated pair: base^(-2i / dimensionCount), with the model's scaling applied.
    /// YaRN: https://arxiv.org/abs/2309.00071, section 3.
    /// </summary>
    internal static float[] Compute(int dimensionCount, float frequencyBase, RopeScaling scaling)
    {
        var frequencies = new float[dimensionCount / 2];
        double divisor = scaling.Kind == RopeScalingKind.None ? 1 : scaling.Factor;
        for (int i = 0; i < frequencies.Length; i++)
        {
            double own = Math.Pow(frequencyBase, -2.0 * i / dimensionCount) / (scaling.FrequencyFactors?[i] ?? 1);
            double kept = scaling.Kind == RopeScalingKind.Yarn ? ShareKept(i, dimensionCount, frequencyBase, scaling) : 0;
            frequencies[i] = (float)(own * kept + own / divisor * (1 - kept));
        }
        return frequencies;
    }

    /// <summary>The factor on rotated queries and keys. YaRN's is 1 + 0.1 ln(factor), which makes up for the flatter attention of long contexts.</summary>
    internal static float Magnitude(RopeScaling scaling)
    {
        double own = scaling.Kind == RopeScalingKind.Yarn && scaling.Factor > 1 ? 1 + 0.1 * Math.Log(scaling.Factor) : 1;
        return (float)(own * scaling.AttentionFactor);
    }

    /// <summary>How much of a pair's own frequency YaRN keeps: 1 for the fast ones, 0 for the slow ones.</summary>
    private static double ShareKept(int pair, int dimensionCount, double frequencyBase, RopeScaling scaling)
    {
        double low = Math.Max(0, Math.Floor(PairThatTurns(scaling.BetaFast, dimensionCount, frequencyBase, scaling.OriginalContextLength)));
        double high = Math.Min(dimensionCount - 1, Math.Ceiling(PairThatTurns(scaling.BetaSlow, dimensionCount, frequencyBase, scaling.OriginalContextLength)));
        double ramp = (pair - low) / Math.Max(0.001, high - low);
        return 1 - Math.Min(1, Math.Max(0, ramp));
    }

    /// <summary>The (fractional) index of the pair that makes so many rotations over the original context.</summary>
    private static double PairThatTurns(double rotations, int dimensionCount, double frequencyBase, int originalContextLength) =>
        dimensionCount * Math.Log(originalContextLength / (rotations * 2 * Math.PI)) / (2 * Math.Log(frequencyBase));
}
