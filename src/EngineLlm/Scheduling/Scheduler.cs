using System;
using System.Collections.Generic;
using EngineLlm.KvCache;
using EngineLlm.Sampling;

namespace EngineLlm.Scheduling;

/// <summary>
/// Decides who runs next, on which pages. Continuous batching: sequences join and leave between steps; a step carries the next token of
/// everybody who is generating, and fills up with chunks of prompts. One step is in flight at a time. Not thread-safe: its owner has the
/// lock.
/// </summary>
/// <remarks>
/// <c>_running</c> and <c>_waiting</c> hold every sequence that is not over, once, in order of rank. Only running sequences have pages.
/// Pages are taken in <see cref="TryPlan"/> alone, so whatever happens while a step is in flight, no page that it writes gets a new owner
/// before it is complete. This file is what callers see; how pages are come by is in Scheduler.Pages.cs, how a step is filled in
/// Scheduler.Steps.cs, how it guesses ahead in Scheduler.Drafts.cs, what sliding layers need in Scheduler.Windows.cs.
/// </remarks>
internal sealed partial class Scheduler
{
    private readonly PagePool _pool;
    private readonly PrefixTree _tree;
    private readonly WindowPages? _windows;
    private readonly SchedulerLimits _limits;
    private readonly List<Sequence> _running;
    private readonly List<Sequence> _waiting = new();
    private readonly int[] _integrityCounts;
    private StepPlan? _inFlight;
    private long _arrivals;
    private long _steps;

    /// <param name="pool">The pages.</param>
    /// <param name="tree">Pages that sequences may share.</param>
    /// <param name="limits">What may not be exceeded.</param>
    /// <param name="windows">The pages of sliding layers; null where the model has none. The tree has to know them as well.</param>
    internal Scheduler(PagePool pool, PrefixTree tree, SchedulerLimits limits, WindowPages? windows = null)
    {
        limits.Validate();
        _pool = pool;
        _tree = tree;
        _windows = windows;
        _limits = limits;
        _running = new List<Sequence>(_limits.MaxRunning);
        _integrityCounts = new int[_pool.PageCount];
        TokenLimit = (int)Math.Min(_limits.ContextLength, (long)_pool.PageCount * _pool.PageSize);
    }

    /// <summary>The most tokens that one sequence can have: the context, or the whole pool where that is smaller.</summary>
    internal int TokenLimit { get; }

    /// <summary>Number of sequences that have pages.</summary>
    internal int RunningCount => _running.Count;

    /// <summary>Number of sequences in the queue.</summary>
    internal int WaitingCount => _waiting.Count;

    /// <summary>True while any sequence is not over.</summary>
    internal bool HasWork => _running.Count + _waiting.Count > 0;

    /// <summary>Number of pages in tables of sequences.</summary>
    internal int UsedPages => _pool.PageCount - _pool.FreeCount - _tree.CachedCount;

    /// <summary>How often a sequence lost its pages to another one.</summary>
    internal long PreemptionCount { get; private set; }

    /// <summary>Number of tokens that the model chose, stop tokens included; what it said of refused drafts is not among them.</summary>
    internal long TokensGenerated { get; private set; }

    /// <summary>Number of tokens that were guessed ahead.</summary>
    internal long TokensDrafted { get; private set; }

    /// <summary>Number of guesses that the model confirmed.</summary>
    internal long DraftsAccepted { get; private set; }

    /// <summary>Puts a new sequence into the queue.</summary>
    /// <exception cref="PromptTooLongException">The prompt and one new token can never fit.</exception>
    internal void Add(Sequence sequence)
    {
        if (sequence.State != SequenceState.New) throw new InvalidOperationException("The sequence was added before; make a new one.");
        RequireFits(sequence.PromptCount);
        Enrol(sequence);
        Enqueue(sequence, SequenceState.Waiting);
        CheckIntegrityInDebug();
    }

    /// <summary>Ends a sequence, wherever it is; nothing happens where it is over already.</summary>
    internal void Cancel(Sequence sequence, FinishReason reason = FinishReason.Cancelled)
    {
        if (sequence.State is SequenceState.Finished) return;
        if (sequence.State is SequenceState.Running) LeaveRunning(sequence);
        else _waiting.Remove(sequence);
        Finish(sequence, reason);
        CheckIntegrityInDebug();
        Deliver(sequence);
    }

    /// <summary>Cancels everything, for an engine that closes or has failed.</summary>
    internal void CancelAll(FinishReason reason)
    {
        while (_running.Count > 0) Cancel(_running[^1], reason);
        while (_waiting.Count > 0) Cancel(_waiting[^1], reason);
    }

    /// <summary>
    /// Starts a sequence from everything that another one has said so far. It shares the parent's pages; the last, partly filled one is
    /// copied by whoever writes to it first.
    /// </summary>
    /// <param name="parent">The sequence to go on from, in any state but new. Only a running one lends its partly filled page.</param>
    /// <param name="sampling">How the child chooses; with the parent's parameters it would say the same.</param>
    /// <param name="maxNewTokens">The most tokens to add.</param>
    /// <param name="listener">Hears of the child's tokens.</param>
    /// <param name="priority">The child's priority, or null for the parent's.</param>
    /// <returns>The child. It counts the parent's tokens as its prompt.</returns>
    /// <exception cref="PromptTooLongException">The parent's tokens and one more do not fit.</exception>
    internal Sequence Fork(
        Sequence parent, SamplingParameters sampling, int maxNewTokens, ISequenceListener? listener = null, int? priority = null)
    {
        if (parent.State == SequenceState.New) throw new InvalidOperationException("A sequence has to be added before it is forked.");
        RequireFits(parent.TokenCount);
        var child = new Sequence(parent.Tokens, sampling, maxNewTokens, parent.StopTokens, priority ?? parent.Priority, listener);
        Enrol(child);
        // A parent that is still reading its prompt shares it through the tree, as soon as it is computed.
        bool caughtUp = parent.State == SequenceState.Running && parent.PendingCount == 1;
        if (caughtUp && _running.Count < _limits.MaxRunning) ShareTable(parent, child);
        else Enqueue(child, SequenceState.Waiting);
        CheckIntegrityInDebug();
        return child;
    }

    /// <summary>Gives back every page that is only kept in case somebody starts with the same tokens.</summary>
    internal void DropCachedPages()
    {
        _tree.EvictAll();
        CheckIntegrityInDebug();
    }

    /// <summary>
    /// Proves the books: every page is free, cached or owned, once, and every reference count is what tables and tree say.
    /// </summary>
    /// <exception cref="InvalidOperationException">The books are wrong.</exception>
    internal void CheckIntegrity()
    {
        Array.Clear(_integrityCounts, 0, _integrityCounts.Length);
        CheckQueue(_running, isRunning: true);
        CheckQueue(_waiting, isRunning: false);
        if (_running.Count > _limits.MaxRunning)
            throw new InvalidOperationException($"{_running.Count} sequences run, {_limits.MaxRunning} may.");
        _tree.CheckIntegrity(_integrityCounts);
        _pool.CheckIntegrity(_integrityCounts);
        _windows?.CheckIntegrity();
    }

    private void CheckQueue(List<Sequence> queue, bool isRunning)
    {
        for (int i = 0; i < queue.Count; i++)
        {
            Sequence sequence = queue[i];
            bool stateIsRight = isRunning
                ? sequence.State == SequenceState.Running
                : sequence.State is SequenceState.Waiting or SequenceState.Preempted;
            if (!stateIsRight)
                throw new InvalidOperationException($"Sequence {sequence.Arrival} is {sequence.State} and in the wrong queue.");
            if (i > 0 && Sequence.CompareRank(queue[i - 1], sequence) >= 0)
                throw new InvalidOperationException($"Sequence {sequence.Arrival} is out of order, or in the queue twice.");
            if (!isRunning && sequence.Table.PageCount != 0)
                throw new InvalidOperationException($"Sequence {sequence.Arrival} waits and has pages.");
            if (sequence.PendingCount < 1) throw new InvalidOperationException($"Sequence {sequence.Arrival} has nothing left to compute.");
            if (sequence.Table.PageCount < _pool.PagesFor(sequence.ComputedCount))
                throw new InvalidOperationException(
                    $"Sequence {sequence.Arrival} has {sequence.Table.PageCount} pages for {sequence.ComputedCount} tokens.");
            foreach (int page in sequence.Table.Pages) _integrityCounts[page]++;
            if (isRunning) CheckWindow(sequence);
        }
    }

    [System.Diagnostics.Conditional("DEBUG")]
    private void CheckIntegrityInDebug() => CheckIntegrity();

    private void RequireFits(int promptCount)
    {
        if (promptCount + 1 > TokenLimit)
        {
            string what = TokenLimit == _limits.ContextLength ? "the context" : "the page pool";
            throw new PromptTooLongException($"The prompt has {promptCount} tokens and {what} holds {TokenLimit}, one of them for the "
                + "answer; shorten the prompt or ask for a larger context.");
        }
    }

    private void Enrol(Sequence sequence)
    {
        sequence.Arrival = ++_arrivals;
        sequence.Reserve(TokenLimit, _pool.PageSize);
    }

    private void Enqueue(Sequence sequence, SequenceState state)
    {
        sequence.State = state;
        InsertByRank(_waiting, sequence);
    }

    private static void InsertByRank(List<Sequence> queue, Sequence sequence)
    {
        int index = queue.Count;
        while (index > 0 && Sequence.CompareRank(queue[index - 1], sequence) > 0) index--;
        queue.Insert(index, sequence);
    }

    private static void Finish(Sequence sequence, FinishReason reason)
    {
        sequence.State = SequenceState.Finished;
        sequence.FinishReason = reason;
    }

    /// <summary>
    /// Tells the listener what it has not heard yet. A listener may change anything, so nothing is assumed between two calls.
    /// </summary>
    private static void Deliver(Sequence sequence)
    {
        try
        {
            DeliverTokens(sequence);
        }
        finally
        {
            // Whoever throws on a token still hears of the end.
            DeliverEnd(sequence);
        }
    }

    private static void DeliverTokens(Sequence sequence)
    {
        bool silenced = sequence.FinishReason is FinishReason.Cancelled or FinishReason.Failed;
        while (!silenced && !sequence.EndDelivered && sequence.DeliveredCount < sequence.GeneratedCount)
        {
            int token = sequence.Generated[sequence.DeliveredCount++];
            sequence.Listener?.OnToken(sequence, token);
        }
    }

    private static void DeliverEnd(Sequence sequence)
    {
        if (sequence.State != SequenceState.Finished || sequence.EndDelivered) return;
        sequence.EndDelivered = true;
        sequence.Listener?.OnFinished(sequence);
    }
}
