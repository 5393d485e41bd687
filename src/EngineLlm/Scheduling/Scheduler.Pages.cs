using System;
using EngineLlm.KvCache;

namespace EngineLlm.Scheduling;

/// <content>How sequences come by pages, and lose them.</content>
internal sealed partial class Scheduler
{
    /// <summary>Until the running sequences can have the pages they need now, the last of them in rank goes back to the queue.</summary>
    private void PreemptUntilRunningFit()
    {
        while (_running.Count > 0 && !CanTake(RunningDemand())) Preempt(_running[^1]);
    }

    private int RunningDemand()
    {
        int demand = 0;
        for (int i = 0; i < _running.Count; i++) demand += MissingPages(_running[i]) + (WritesSharedPage(_running[i]) ? 1 : 0);
        return demand;
    }

    private int MissingPages(Sequence sequence) => _pool.PagesFor(sequence.TokenCount) - sequence.Table.PageCount;

    /// <summary>
    /// True where the next token goes into a page that somebody else refers to as well. Only a partly filled page can be such.
    /// </summary>
    private bool WritesSharedPage(Sequence sequence)
    {
        int next = sequence.ComputedCount;
        return next % _pool.PageSize != 0 && _pool.ReferenceCount(sequence.Table[next / _pool.PageSize]) > 1;
    }

    /// <summary>
    /// Gives every running sequence the pages for all of its pending tokens, whether or not the step will have room for them.
    /// </summary>
    private void TakePagesForRunning(StepPlan plan)
    {
        for (int i = 0; i < _running.Count; i++)
        {
            if (WritesSharedPage(_running[i])) CopyOnWrite(_running[i], plan);
            TakeMissingPages(_running[i]);
        }
    }

    private void CopyOnWrite(Sequence sequence, StepPlan plan)
    {
        int index = sequence.ComputedCount / _pool.PageSize;
        int source = sequence.Table[index], destination = TakePage();
        if (_windows is not null) AttachWindowPage(destination);
        plan.Copies.Add(new PageCopy(source, destination, _windows?.Of(source) ?? 0, _windows?.Of(destination) ?? 0));
        sequence.Table[index] = destination;
        _pool.Return(source);
    }

    private void TakeMissingPages(Sequence sequence)
    {
        for (int missing = MissingPages(sequence); missing > 0; missing--) sequence.Table.Add(TakePage());
    }

    private int TakePage()
    {
        if (_pool.FreeCount == 0) _tree.TryEvict();
        int page = _pool.Take();
        _windows?.Detach(page);
        return page;
    }

    private bool CanTake(int pageCount) =>
        pageCount <= _pool.FreeCount || pageCount - _pool.FreeCount <= _tree.CountCached(pageCount - _pool.FreeCount);

    /// <summary>
    /// Moves sequences from the queue into the running set, in order of rank, until the first one that has to wait for room.
    /// </summary>
    private void AdmitWaiting()
    {
        int index = 0;
        while (index < _waiting.Count)
        {
            // Whoever waits for another's prompt does not hold up those behind.
            if (SharesPromptInProgress(_waiting[index])) index++;
            else if (!TryAdmit(_waiting[index])) return;
        }
    }

    /// <summary>
    /// True where a running sequence of at least this priority is about to compute full pages that this one could share. To wait for them
    /// costs less than to compute them twice.
    /// </summary>
    private bool SharesPromptInProgress(Sequence sequence)
    {
        int matched = -1;
        for (int i = 0; i < _running.Count; i++)
        {
            Sequence other = _running[i];
            if (other.TokenCount / _pool.PageSize <= other.PublishedPages || other.Priority < sequence.Priority) continue;
            if (matched < 0) matched = _tree.CountMatch(sequence.Tokens);
            // Of what it has computed, only what has left its window can be missing, and that does not come back.
            if (CommonFullPages(other, sequence) > Math.Max(matched, other.PublishedPages)) return true;
        }
        return false;
    }

    private int CommonFullPages(Sequence other, Sequence sequence)
    {
        int limit = Math.Min(other.TokenCount, sequence.TokenCount - 1) / _pool.PageSize;
        int common = 0;
        while (common < limit && ChunkOf(other, common).SequenceEqual(ChunkOf(sequence, common))) common++;
        return common;
    }

    private ReadOnlySpan<int> ChunkOf(Sequence sequence, int page) => sequence.Tokens.Slice(page * _pool.PageSize, _pool.PageSize);

    /// <summary>Admits a sequence if the pages of its uncached tokens can be had, and the running ones keep some to grow into.</summary>
    private bool TryAdmit(Sequence sequence)
    {
        // Matched first, so that making room does not evict what the sequence is about to share.
        int matchedPages = _tree.Match(sequence.Tokens, sequence.Table);
        if (!TryMakeRoom(sequence))
        {
            ReturnPages(sequence);
            return false;
        }
        _waiting.Remove(sequence);
        if (sequence.State == SequenceState.Waiting) sequence.SharedCount = sequence.ComputedCount;
        sequence.State = SequenceState.Running;
        sequence.PublishedPages = matchedPages;
        InsertByRank(_running, sequence);
        TakeMissingPages(sequence);
        return true;
    }

    private bool TryMakeRoom(Sequence candidate)
    {
        if (!CouldMakeRoom(candidate)) return false;
        while (!HasRoom(candidate))
        {
            if (_running.Count == 0 || _running[^1].Priority >= candidate.Priority) return false;
            Preempt(_running[^1]);
        }
        return true;
    }

    // One page each is what the running sequences can need before the next few steps are over.
    private bool HasRoom(Sequence candidate) => _running.Count < _limits.MaxRunning && CanTake(MissingPages(candidate) + _running.Count);

    /// <summary>True where there is room, or would be if everybody of lower priority went back to the queue.</summary>
    private bool CouldMakeRoom(Sequence candidate)
    {
        if (HasRoom(candidate)) return true;
        int keeps = 0;
        while (keeps < _running.Count && _running[keeps].Priority >= candidate.Priority) keeps++;
        if (keeps == _running.Count) return false;
        // Pages that victims share with each other are counted once for each, so this may promise too much; then they wait behind the
        // candidate, which is next in any case.
        int lendable = 0;
        for (int i = keeps; i < _running.Count; i++) lendable += _running[i].Table.PageCount;
        return keeps < _limits.MaxRunning && CanTake(MissingPages(candidate) + keeps - lendable);
    }

    private void Preempt(Sequence sequence)
    {
        LeaveRunning(sequence);
        PreemptionCount++;
        Enqueue(sequence, SequenceState.Preempted);
    }

    private void LeaveRunning(Sequence sequence)
    {
        _running.Remove(sequence);
        ReturnPages(sequence);
    }

    /// <summary>Returns all pages. Those in the tree stay there, as cached ones, while nobody needs them for something else.</summary>
    private void ReturnPages(Sequence sequence)
    {
        _tree.Touch(sequence.Table.Pages);
        for (int i = sequence.Table.PageCount - 1; i >= 0; i--) _pool.Return(sequence.Table[i]);
        sequence.Table.Clear();
        sequence.PublishedPages = 0;
    }

    private void ShareTable(Sequence parent, Sequence child)
    {
        int pageCount = _pool.PagesFor(parent.ComputedCount);
        for (int i = 0; i < pageCount; i++)
        {
            _pool.AddReference(parent.Table[i]);
            child.Table.Add(parent.Table[i]);
        }
        child.Table.TokenCount = parent.ComputedCount;
        child.PublishedPages = parent.PublishedPages;
        child.SharedCount = parent.ComputedCount;
        child.State = SequenceState.Running;
        InsertByRank(_running, child);
    }
}
