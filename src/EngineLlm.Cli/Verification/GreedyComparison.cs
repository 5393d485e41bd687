using System;

namespace EngineLlm.Cli.Verification;

/// <summary>How long greedy continuations stay with the reference's.</summary>
internal sealed class GreedyComparison
{
    private long _commonSum;
    private long _lengthSum;

    /// <summary>Texts compared so far.</summary>
    internal int Texts { get; private set; }

    /// <summary>Mean length of the common prefix, in tokens.</summary>
    internal double MeanMatch => Texts == 0 ? 0 : (double)_commonSum / Texts;

    /// <summary>Mean length of the reference's continuations: what <see cref="MeanMatch"/> can reach at most.</summary>
    internal double MeanLength => Texts == 0 ? 0 : (double)_lengthSum / Texts;

    /// <summary>Compares one continuation.</summary>
    internal void Add(ReadOnlySpan<int> reference, ReadOnlySpan<int> ours)
    {
        Texts++;
        _lengthSum += reference.Length;
        _commonSum += reference.CommonPrefixLength(ours);
    }
}
