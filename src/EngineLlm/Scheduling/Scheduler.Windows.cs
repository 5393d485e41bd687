using System;

namespace EngineLlm.Scheduling;

/// <content>The pages of sliding layers, for models that have such layers.</content>
internal sealed partial class Scheduler
{
    /// <summary>Attaches window pages to the pages that a sequence is about to write, and puts those that its tokens see into the plan.</summary>
    private void PlanWindowPages(StepPlan plan, Sequence sequence, int firstPage, int firstPosition, int tokenCount)
    {
        if (_windows is null) return;
        int begin = _windows.FirstPageSeen(firstPosition), written = firstPosition / _pool.PageSize, end = _pool.PagesFor(firstPosition + tokenCount);
        Array.Clear(plan.WindowPages, firstPage, sequence.Table.PageCount);
        for (int i = begin; i < end; i++)
        {
            if (i >= written) AttachWindowPage(sequence.Table[i]);
            plan.WindowPages[firstPage + i] = _windows.Of(sequence.Table[i]);
        }
    }

    private void AttachWindowPage(int page)
    {
        if (_windows!.TryAttach(page)) return;
        MarkWindows();
        // There are as many as all windows together can need, so one can always be had.
        if (!_windows.TryReclaim() || !_windows.TryAttach(page)) throw new InvalidOperationException("Every window page is in a window.");
    }

    private void MarkWindows()
    {
        _windows!.BeginMarking();
        for (int i = 0; i < _running.Count; i++)
        {
            Sequence sequence = _running[i];
            for (int page = _windows.FirstPageSeen(sequence.ComputedCount); page < sequence.Table.PageCount; page++) _windows.Mark(sequence.Table[page]);
        }
    }

    /// <summary>
    /// Sends those back to the queue who lost a window page: a fork's, whose parent filled the page that the two share while the tree had an equal one
    /// without a window page.
    /// </summary>
    private void PreemptWhereWindowsAreLost()
    {
        if (_windows is not { HasLosses: true }) return;
        for (int i = _running.Count - 1; i >= 0; i--)
        {
            if (!HasItsWindow(_running[i])) Preempt(_running[i]);
        }
        _windows.MendLosses();
    }

    private bool HasItsWindow(Sequence sequence)
    {
        int end = _pool.PagesFor(sequence.ComputedCount);
        for (int page = _windows!.FirstPageSeen(sequence.ComputedCount); page < end; page++)
        {
            if (!_windows.Has(sequence.Table[page])) return false;
        }
        return true;
    }

    private void CheckWindow(Sequence sequence)
    {
        if (_windows is not null && !HasItsWindow(sequence))
            throw new InvalidOperationException($"A page in the window of sequence {sequence.Arrival} has no window page.");
    }
}
