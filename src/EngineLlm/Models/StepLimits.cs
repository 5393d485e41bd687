using System;

namespace EngineLlm.Models;

/// <summary>Sizes that the device's buffers are made for.</summary>
/// <param name="MaxTokens">Tokens of a step.</param>
/// <param name="MaxSequences">Sequences of a step.</param>
/// <param name="ContextLength">Tokens of a sequence.</param>
/// <param name="PageCount">Pages in the pool.</param>
/// <param name="PageSize">Slots in a page.</param>
/// <param name="SplitTokens">
/// Tokens of context in a split of attention. The same for everybody, so that the order of additions depends on a sequence's own length alone.
/// </param>
/// <param name="FloatPages">Keys and values as floats instead of halves: twice the memory, for comparisons.</param>
internal sealed record StepLimits(int MaxTokens, int MaxSequences, int ContextLength, int PageCount, int PageSize, int SplitTokens, bool FloatPages)
{
    /// <summary>Window pages of sliding layers; 0 where no window is shorter than the context.</summary>
    internal int WindowPageCount { get; init; }

    /// <summary>Tokens that a step guesses ahead for one sequence.</summary>
    internal int LookupTokens { get; init; }

    /// <summary>Rows of logits of a step: one for each sequence, and for one at least as many as its guesses want.</summary>
    internal int MaxLogits => Math.Max(MaxSequences, Math.Min(MaxTokens, 1 + LookupTokens));

    /// <summary>Splits of the longest context.</summary>
    internal int MaxSplits => (ContextLength + SplitTokens - 1) / SplitTokens;

    /// <summary>Pages of the longest context.</summary>
    internal int MaxPagesPerSequence => (ContextLength + PageSize - 1) / PageSize;
}
