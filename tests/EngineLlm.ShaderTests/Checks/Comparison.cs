using System;
using System.Globalization;

namespace EngineLlm.ShaderTests.Checks;

/// <summary>How far a kernel may be from its reference: |reference - kernel| is at most Absolute + Relative * |reference|.</summary>
internal readonly record struct Tolerance(double Absolute, double Relative)
{
    /// <summary>Compares whole arrays.</summary>
    /// <param name="what">What the values are, for the message.</param>
    /// <returns>The worst value and how many are off; null where all are within the tolerance.</returns>
    internal string? Compare(string what, ReadOnlySpan<double> reference, ReadOnlySpan<float> actual)
    {
        if (reference.Length != actual.Length) return $"{what}: {actual.Length} values instead of {reference.Length}";
        int wrong = 0, worst = -1;
        double worstExcess = 0;
        for (int i = 0; i < reference.Length; i++)
        {
            double excess = Math.Abs(reference[i] - actual[i]) - Absolute - (Relative * Math.Abs(reference[i]));
            if (excess <= 0) continue;
            wrong++;
            if (worst >= 0 && excess <= worstExcess) continue;
            worst = i;
            worstExcess = double.IsNaN(excess) ? double.MaxValue : excess;
        }
        if (worst < 0) return null;
        return string.Create(CultureInfo.InvariantCulture,
            $"{what}: {wrong} of {reference.Length} values off, the worst at {worst}: {actual[worst]:R} instead of {reference[worst]:R} "
            + $"(tolerance {Absolute:R} + {Relative:R} * |reference|)");
    }

    /// <summary>Compares bit by bit.</summary>
    internal static string? CompareBits(string what, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        if (expected.Length != actual.Length) return $"{what}: {actual.Length} values instead of {expected.Length}";
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToUInt32Bits(expected[i]) == BitConverter.SingleToUInt32Bits(actual[i])) continue;
            return string.Create(CultureInfo.InvariantCulture,
                $"{what}: not the same bits at {i}: {actual[i]:R} instead of {expected[i]:R}");
        }
        return null;
    }
}
