using System;
using EngineLlm.KvCache;

namespace EngineLlm.Scheduling;

/// <content>How sequences come by pages, and lose them.</content>
internal sealed partial class Scheduler
{
    /// <summary>Until the running sequences can have the pages they need now, the last of them in rank goes back to the queue.</summary>
    private void PreemptUntilRunningFit()
    {
        while (running.Count > 0 && !CanTake(RunningDemand())) Preempt(running[^1]);
    }

    private int RunningDemand()
    {
        int demand = 0;
        for (int i = 0; i < running.Count; i++) demand += MissingPages(running[i]) + (WritesSharedPage(running[i]) ? 1 : 0);
        return demand;
    }

    private int MissingPages(Sequence sequence) => pool.PagesFor(sequence.TokenCount) - sequence.Table.PageCount;

    /// <summary>True where the next token goes into a page that somebody else refers to as well. Only a partly filled page can be such.</summary>
    private bool WritesSharedPage(Sequence sequence)
    {
        int next = sequence.ComputedCount;
        return next % pool.PageSize != 0 && pool.ReferenceCount(sequence.Table[next / pool.PageSize]) > 1;
    }

    /// <summary>Gives every running sequence the pages for all of its pending tokens, whether or not the step will have room for them.</summary>
    private void TakePagesForRunning(StepPlan plan)
    {
        for (int i = 0; i < running.Count; i++)
        {
            if (WritesSharedPage(running[i])) CopyOnWrite(running[i], plan);
            TakeMissingPages(running[i]);
        }
    }

    private void CopyOnWrite(Sequence sequence, StepPlan plan)
    {
        int index = sequence.ComputedCount / pool.PageSize;
        int source = sequence.Table[index], destination = TakePage();
        plan.Copies.Add(new PageCopy(source, destination));
        sequence.Table[index] = destination;
        pool.Return(source);
    }

    private void TakeMissingPages(Sequence sequence)
    {
        for (int missing = MissingPages(sequence); missing > 0; missing--) sequence.Table.Add(TakePage());
    }

    private int TakePage()
    {
        if (pool.FreeCount == 0) tree.TryEvict();
        return pool.Take();
    }

    private bool CanTake(int pageCount) => pageCount <= pool.FreeCount || pageCount - pool.FreeCount <= tree.CountCached(pageCount - pool.FreeCount);

    /// <summary>Moves sequences from the queue into the running set, in order of rank, until the first one that has to wait for room.</summary>
    private void AdmitWaiting()
    {
        int index = 0;
        while (index < waiting.Count)
        {
            // Whoever waits for another's prompt does not hold up those behind.
            if (SharesPromptInProgress(waiting[index])) index++;
            else if (!TryAdmit(waiting[index])) return;
        }
    }

    /// <summary>
    /// True where a running sequence of at least this priority is about to compute full pages that this one could share. To wait for them costs less than
    /// to compute them twice.
    /// </summary>
    private bool SharesPromptInProgress(Sequence sequence)
    {
        int matched = -1;
        for (int i = 0; i < running.Count; i++)
        {
            Sequence other = running[i];
            if (other.TokenCount / pool.PageSize <= other.PublishedPages || other.Priority < sequence.Priority) continue;
            if (matched < 0) matched = tree.CountMatch(sequence.Tokens);
            if (CommonFullPages(other, sequence) > matched) return true;
        }
        return false;
    }

    private int CommonFullPages(Sequence other, Sequence sequence)
    {
        int pageSize = pool.PageSize;
        int limit = Math.Min(other.TokenCount, sequence.TokenCount - 1) / pageSize;
        int common = 0;
        while (common < limit && other.Tokens.Slice(common * pageSize, pageSize).SequenceEqual(sequence.Tokens.Slice(common * pageSize, pageSize))) common++;
        return common;
    }

    /// <summary>Admits a sequence if the pages of its uncached tokens can be had, and the running ones keep some to grow into.</summary>
    private bool TryAdmit(Sequence sequence)
    {
        // Matched first, so that making room does not evict what the sequence is about to share.
        int matchedPages = tree.Match(sequence.Tokens, sequence.Table);
        if (!TryMakeRoom(sequence))
        {
            ReturnPages(sequence);
            return false;
        }
        waiting.Remove(sequence);
        if (sequence.State == SequenceState.Waiting) sequence.SharedCount = sequence.ComputedCount;
        sequence.State = SequenceState.Running;
        sequence.PublishedPages = matchedPages;
        InsertByRank(running, sequence);
        TakeMissingPages(sequence);
        return true;
    }

    private bool TryMakeRoom(Sequence candidate)
    {
        if (!CouldMakeRoom(candidate)) return false;
        while (!HasRoom(candidate))
        {
            if (running.Count == 0 || running[^1].Priority >= candidate.Priority) return false;
            Preempt(running[^1]);
        }
        return true;
    }

    // One page each is what the running sequences can need before the next few steps are over.
    private bool HasRoom(Sequence candidate) => running.Count < limits.MaxRunning && CanTake(MissingPages(candidate) + running.Count);

    /// <summary>True where there is room, or would be if everybody of lower priority went back to the queue.</summary>
    private bool CouldMakeRoom(Sequence candidate)
    {
        if (HasRoom(candidate)) return true;
        int keeps = 0;
        while (keeps < running.Count && running[keeps].Priority >= candidate.Priority) keeps++;
        if (keeps == running.Count) return false;
        // Pages that victims share with each other are counted once for each, so this may promise too much; then they wait behind the
        // candidate, which is next in any case.
        int lendable = 0;
        for (int i = keeps; i < running.Count; i++) lendable += running[i].Table.PageCount;
        return keeps < limits.MaxRunning && CanTake(MissingPages(candidate) + keeps - lendable);
    }

    private void Preempt(Sequence sequence)
    {
        LeaveRunning(sequence);
        PreemptionCount++;
        Enqueue(sequence, SequenceState.Preempted);
    }

    private void LeaveRunning(Sequence sequence)
    {
        running.Remove(sequence);
        ReturnPages(sequence);
    }

    /// <summary>Returns all pages. Those in the tree stay there, as cached ones, while nobody needs them for something else.</summary>
    private void ReturnPages(Sequence sequence)
    {
        tree.Touch(sequence.Table.Pages);
        for (int i = sequence.Table.PageCount - 1; i >= 0; i--) pool.Return(sequence.Table[i]);
        sequence.Table.Clear();
        sequence.PublishedPages = 0;
    }

    private void ShareTable(Sequence parent, Sequence child)
    {
        int pageCount = pool.PagesFor(parent.ComputedCount);
        for (int i = 0; i < pageCount; i++)
        {
            pool.AddReference(parent.Table[i]);
            child.Table.Add(parent.Table[i]);
        }
        child.Table.TokenCount = parent.ComputedCount;
        child.PublishedPages = parent.PublishedPages;
        child.SharedCount = parent.ComputedCount;
        child.State = SequenceState.Running;
        InsertByRank(running, child);
    }
}
