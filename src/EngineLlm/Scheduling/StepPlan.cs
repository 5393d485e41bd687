using System;
using System.Collections.Generic;

namespace EngineLlm.Scheduling;

/// <summary>
/// One step: what the CPU half hands to the GPU half, whole. A mixed batch of prefill chunks and decode tokens, with the pages that they
/// read and write. The scheduler fills it, the transformer reads it; arrays are sized once and reused, so a step allocates nothing.
/// </summary>
/// <remarks>
/// Tokens of one sequence are consecutive and in order of position. A sequence's pages already have room for every token of the step.
/// Every sequence of the step has a row; a row is an index within this step only.
/// </remarks>
internal sealed class StepPlan
{
    internal StepPlan(int maxTokens, int maxSequences, int maxPages, int? maxLogits = null)
    {
        Tokens = new int[maxTokens];
        Positions = new int[maxTokens];
        Rows = new int[maxTokens];
        PageOffsets = new int[maxSequences + 1];
        Pages = new int[maxPages];
        WindowPages = new int[maxPages];
        LogitTokens = new int[maxLogits ?? maxSequences];
        LogitRows = new int[maxLogits ?? maxSequences];
        Sequences = new Sequence[maxSequences];
    }

    /// <summary>Number of tokens in the step.</summary>
    internal int TokenCount { get; set; }

    /// <summary>[TokenCount] token ids.</summary>
    internal int[] Tokens { get; }

    /// <summary>[TokenCount] position of each token in its sequence, from 0.</summary>
    internal int[] Positions { get; }

    /// <summary>[TokenCount] the row of the sequence that each token belongs to, ascending.</summary>
    internal int[] Rows { get; }

    /// <summary>Number of sequences in the step.</summary>
    internal int RowCount { get; set; }

    /// <summary>[RowCount] the sequence of each row.</summary>
    internal Sequence[] Sequences { get; }

    /// <summary>
    /// [RowCount + 1] where each row's page table starts in <see cref="Pages"/>; first 0, last the page count of the step.
    /// </summary>
    internal int[] PageOffsets { get; }

    /// <summary>[PageOffsets[RowCount]] physical pages of every row, in order of position.</summary>
    internal int[] Pages { get; }

    /// <summary>
    /// [PageOffsets[RowCount]] the pages' window pages, for sliding layers; of pages that no token of the step sees it says nothing. Unused where no
    /// layer slides.
    /// </summary>
    internal int[] WindowPages { get; }

    /// <summary>
    /// Number of tokens whose logits are wanted: the last one of each sequence that has caught up with its tokens, and the drafts behind it, which are
    /// guesses at what comes next.
    /// </summary>
    internal int LogitCount { get; set; }

    /// <summary>[LogitCount] index of the token in <see cref="Tokens"/>, ascending.</summary>
    internal int[] LogitTokens { get; }

    /// <summary>[LogitCount] the row that samples from those logits.</summary>
    internal int[] LogitRows { get; }

    /// <summary>Whole pages to copy before anything else of the step: the copy half of copy-on-write.</summary>
    internal List<PageCopy> Copies { get; } = new();

    /// <summary>Empties the plan.</summary>
    internal void Clear()
    {
        Array.Clear(Sequences, 0, RowCount);
        TokenCount = RowCount = LogitCount = 0;
        Copies.Clear();
    }
}

/// <summary>Copy of one physical page, all layers, keys and values.</summary>
/// <param name="Source">The page read.</param>
/// <param name="Destination">The page written.</param>
/// <param name="WindowSource">The window page read, in layers that slide.</param>
/// <param name="WindowDestination">The window page written.</param>
internal readonly record struct PageCopy(int Source, int Destination, int WindowSource = 0, int WindowDestination = 0);
