using System;
using System.Collections.Generic;
using EngineLlm.KvCache;
using EngineLlm.Sampling;

namespace EngineLlm.Scheduling;

/// <summary>One stream of tokens: a prompt, and what the model adds to it.</summary>
/// <remarks>
/// Tokens [0, ComputedCount) have their keys and values in the pages of the table; the rest are pending. A running sequence always has a
/// pending token, which is the prompt's rest or the token sampled last, except between the step's completion and its end.
/// </remarks>
public sealed class Sequence
{
    // More than this is not reserved up front; a longer answer grows by doubling.
    private const int MaxReservedNewTokens = 4096;

    /// <summary>Priority of what nobody waits for yet: its prompt is read only while nobody else runs.</summary>
    internal const int BackgroundPriority = int.MinValue;

    private static readonly HashSet<int> s_noStopTokens = new();

    private int[] _tokens;

    /// <summary>Makes a sequence that starts with these tokens.</summary>
    /// <param name="prompt">Token ids, at least one; copied.</param>
    /// <param name="sampling">How the next token is chosen.</param>
    /// <param name="maxNewTokens">The most tokens to add, at least 1.</param>
    /// <param name="stopTokens">Tokens that end the sequence. Not copied: it may be shared, and must not change.</param>
    /// <param name="priority">Higher goes first, and may take the pages of what is lower.</param>
    /// <param name="listener">Hears of new tokens and of the end.</param>
    /// <exception cref="ArgumentException">The prompt is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A sampling parameter or <paramref name="maxNewTokens"/> is out of range.</exception>
    public Sequence(
        ReadOnlySpan<int> prompt, SamplingParameters sampling, int maxNewTokens, HashSet<int>? stopTokens = null, int priority = 0,
        ISequenceListener? listener = null)
    {
        if (prompt.IsEmpty) throw new ArgumentException("A sequence needs at least one token to start from.", nameof(prompt));
        if (maxNewTokens < 1)
            throw new ArgumentOutOfRangeException(nameof(maxNewTokens), "A sequence has to be allowed at least one new token.");
        sampling.Validate();
        _tokens = prompt.ToArray();
        PromptCount = TokenCount = prompt.Length;
        Sampling = sampling;
        MaxNewTokens = maxNewTokens;
        StopTokens = stopTokens ?? s_noStopTokens;
        Priority = priority;
        Listener = listener;
    }

    /// <summary>How the next token is chosen.</summary>
    public SamplingParameters Sampling { get; }

    /// <summary>The most tokens to add.</summary>
    public int MaxNewTokens { get; }

    /// <summary>Higher goes first.</summary>
    public int Priority { get; }

    /// <summary>Number of tokens that the sequence started from.</summary>
    public int PromptCount { get; }

    /// <summary>Number of tokens, prompt and generated.</summary>
    public int TokenCount { get; private set; }

    /// <summary>Number of tokens that the model added, stop token not included.</summary>
    public int GeneratedCount => TokenCount - PromptCount;

    /// <summary>[TokenCount] prompt and generated tokens. Valid until the next step completes.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, TokenCount);

    /// <summary>[GeneratedCount] the tokens that the model added. Valid until the next step completes.</summary>
    public ReadOnlySpan<int> Generated => _tokens.AsSpan(PromptCount, GeneratedCount);

    /// <summary>Where the sequence is in its life.</summary>
    public SequenceState State { get; internal set; }

    /// <summary>Why the sequence ended, or <see cref="FinishReason.None"/>.</summary>
    public FinishReason FinishReason { get; internal set; }

    /// <summary>How many tokens of the prompt were found in shared pages when the sequence was first admitted.</summary>
    public int SharedCount { get; internal set; }

    internal ISequenceListener? Listener { get; }

    internal HashSet<int> StopTokens { get; }

    internal PageTable Table { get; } = new();

    /// <summary>Number of tokens whose keys and values are in pages.</summary>
    internal int ComputedCount => Table.TokenCount;

    /// <summary>Number of tokens still to be computed.</summary>
    internal int PendingCount => TokenCount - ComputedCount;

    /// <summary>Pages [0, PublishedPages) of the table are in the prefix tree.</summary>
    internal int PublishedPages { get; set; }

    /// <summary>Order of arrival, the same for life: a preempted sequence keeps its place.</summary>
    internal long Arrival { get; set; }

    /// <summary>The last step that this sequence was part of.</summary>
    internal long LastStep { get; set; }

    /// <summary>Generated tokens that the listener has heard of.</summary>
    internal int DeliveredCount { get; set; }

    /// <summary>True once the listener has heard of the end.</summary>
    internal bool EndDelivered { get; set; }

    /// <summary>Makes room for what the sequence may become, so that adding a token allocates nothing.</summary>
    /// <param name="tokenLimit">The most tokens that the sequence can have.</param>
    /// <param name="pageSize">Slots in a page.</param>
    internal void Reserve(int tokenLimit, int pageSize)
    {
        int wanted = (int)Math.Min(tokenLimit, PromptCount + (long)Math.Min(MaxNewTokens, MaxReservedNewTokens));
        if (wanted > _tokens.Length) Array.Resize(ref _tokens, wanted);
        Table.Reserve((wanted + pageSize - 1) / pageSize);
    }

    internal void Append(int token)
    {
        if (TokenCount == _tokens.Length) Array.Resize(ref _tokens, _tokens.Length * 2);
        _tokens[TokenCount++] = token;
    }

    /// <summary>Who goes first: the higher priority, then the earlier arrival.</summary>
    internal static int CompareRank(Sequence left, Sequence right) =>
        left.Priority != right.Priority ? right.Priority.CompareTo(left.Priority) : left.Arrival.CompareTo(right.Arrival);
}
