using System;

namespace EngineLlm.Scheduling;

/// <content>How a step is filled, and what becomes of it.</content>
internal sealed partial class Scheduler
{
    /// <summary>
    /// Plans the next step: first the pages for those who run, then admission, then one token of everybody who is generating, then chunks
    /// of prompts.
    /// </summary>
    /// <param name="plan">Filled here. It has rows for <see cref="SchedulerLimits.MaxRunning"/> sequences, and pages for at least the
    /// longest one.</param>
    /// <param name="maxTokens">The most tokens of the step, at least 1. Prompts only get on while this is more than the sequences that
    /// generate.</param>
    /// <param name="mayDraft">Whether tokens that nobody needs the step for may carry guesses at what comes next.</param>
    /// <returns>False where there is nothing to run.</returns>
    /// <exception cref="InvalidOperationException">A step is in flight.</exception>
    internal bool TryPlan(StepPlan plan, int maxTokens, bool mayDraft = true)
    {
        if (maxTokens < 1) throw new ArgumentOutOfRangeException(nameof(maxTokens), "A step carries at least one token.");
        if (_inFlight != null) throw new InvalidOperationException("A step is in flight; complete or abandon it first.");
        plan.Clear();
        if (!HasWork) return false;
        ReturnPagesOfDrafts();
        PreemptUntilRunningFit();
        TakePagesForRunning(plan);
        AdmitWaiting();
        _steps++;
        int budget = Math.Min(maxTokens, plan.Tokens.Length);
        PlanDecodeTokens(plan, budget, mayDraft ? RoomForDrafts(plan, budget) : 0);
        PlanPrefillChunks(plan, budget);
        CheckIntegrityInDebug();
        if (plan.TokenCount == 0) return false;
        _inFlight = plan;
        return true;
    }

    /// <summary>Books a step that the device has finished, and tells the listeners.</summary>
    /// <param name="plan">The step in flight.</param>
    /// <param name="sampledTokens">[LogitCount] the token chosen from each row of logits.</param>
    internal void Complete(StepPlan plan, ReadOnlySpan<int> sampledTokens)
    {
        RequireInFlight(plan);
        if (sampledTokens.Length < plan.LogitCount) throw new ArgumentException("A sampled token is missing.", nameof(sampledTokens));
        _inFlight = null;
        BookComputedTokens(plan);
        for (int i = 0; i < plan.LogitCount; i++)
        {
            if (!IsDraft(plan, i)) BookSampledToken(plan.Sequences[plan.LogitRows[i]], sampledTokens[i]);
        }
        PreemptWhereWindowsAreLost();
        CheckIntegrityInDebug();
        // All books are closed before the first listener is called, because it may fork, add or cancel. Drafts are booked as they are delivered, so
        // that nobody ever sees a sequence that is ahead of what its listener has heard.
        DeliverFrom(plan, row: 0, sampledTokens, _steps);
    }

    /// <summary>
    /// Takes back a step that the device did not finish because it was lost, and with it what the pages held: every running sequence goes
    /// back to the queue with its tokens, nothing stays cached, and all is computed again in later steps.
    /// </summary>
    internal void Abandon(StepPlan plan)
    {
        RequireInFlight(plan);
        _inFlight = null;
        ForgetPages();
    }

    /// <summary>Forgets what the pages hold, for a device that was lost between two steps.</summary>
    internal void ForgetPages()
    {
        if (_inFlight != null) throw new InvalidOperationException("A step is in flight; abandon it instead.");
        while (_running.Count > 0) Preempt(_running[^1]);
        _tree.EvictAll();
        CheckIntegrityInDebug();
    }

    private void RequireInFlight(StepPlan plan)
    {
        if (_inFlight != plan) throw new InvalidOperationException("This step is not in flight.");
    }

    /// <summary>
    /// One token of each generating sequence, and drafts. Where the budget is short of them, those who were left out last go first among equals.
    /// </summary>
    private void PlanDecodeTokens(StepPlan plan, int budget, int draftBudget)
    {
        while (plan.TokenCount < budget && NextToDecode(plan) is { } sequence)
        {
            int drafts = ProposeDrafts(plan, sequence, draftBudget);
            draftBudget -= drafts;
            AddRow(plan, sequence, 1, drafts);
        }
    }

    private Sequence? NextToDecode(StepPlan plan)
    {
        Sequence? next = null;
        for (int i = 0; i < _running.Count; i++)
        {
            Sequence sequence = _running[i];
            if (sequence.PendingCount != 1 || sequence.LastStep == _steps || !HasRow(plan, sequence)) continue;
            bool isNext = next == null || (sequence.Priority == next.Priority && sequence.LastStep < next.LastStep);
            if (isNext) next = sequence;
        }
        return next;
    }

    private void PlanPrefillChunks(StepPlan plan, int budget)
    {
        for (int i = 0; i < _running.Count && plan.TokenCount < budget; i++)
        {
            Sequence sequence = _running[i];
            if (sequence.LastStep == _steps || StandsBack(sequence) || !HasRow(plan, sequence)) continue;
            AddRow(plan, sequence, Math.Min(sequence.PendingCount, budget - plan.TokenCount));
        }
    }

    // Rank begins with priority, so the first one says whether there is anybody to stand back for.
    private bool StandsBack(Sequence sequence) =>
        sequence.Priority == Sequence.BackgroundPriority && _running[0].Priority != Sequence.BackgroundPriority;

    private static bool HasRow(StepPlan plan, Sequence sequence) =>
        plan.RowCount < plan.Sequences.Length && plan.PageOffsets[plan.RowCount] + sequence.Table.PageCount <= plan.Pages.Length;

    // Drafts are in the plan already, where they belong: behind the tokens that are added here.
    private void AddRow(StepPlan plan, Sequence sequence, int tokenCount, int draftCount = 0)
    {
        sequence.LastStep = _steps;
        int row = plan.RowCount++, firstPage = plan.PageOffsets[row], firstToken = plan.TokenCount, firstPosition = sequence.ComputedCount;
        plan.Sequences[row] = sequence;
        sequence.Table.Pages.CopyTo(plan.Pages.AsSpan(firstPage));
        plan.PageOffsets[row + 1] = firstPage + sequence.Table.PageCount;
        PlanWindowPages(plan, sequence, firstPage, firstPosition, tokenCount + draftCount);
        sequence.Tokens.Slice(firstPosition, tokenCount).CopyTo(plan.Tokens.AsSpan(firstToken));
        for (int i = 0; i < tokenCount + draftCount; i++)
        {
            plan.Positions[firstToken + i] = firstPosition + i;
            plan.Rows[firstToken + i] = row;
        }
        plan.TokenCount += tokenCount + draftCount;
        if (tokenCount < sequence.PendingCount) return;
        for (int i = firstToken + tokenCount - 1; i < plan.TokenCount; i++)
        {
            plan.LogitTokens[plan.LogitCount] = i;
            plan.LogitRows[plan.LogitCount++] = row;
        }
    }

    /// <summary>Tells the listeners of this row and those behind it. One that throws does not keep the others from hearing.</summary>
    private void DeliverFrom(StepPlan plan, int row, ReadOnlySpan<int> sampledTokens, long step)
    {
        if (row == plan.RowCount) return;
        try
        {
            Deliver(plan.Sequences[row]);
            DeliverDrafts(plan, row, sampledTokens, step);
        }
        finally
        {
            DeliverFrom(plan, row + 1, sampledTokens, step);
        }
    }

    private void BookComputedTokens(StepPlan plan)
    {
        for (int token = 0; token < plan.TokenCount; token++)
        {
            Sequence sequence = plan.Sequences[plan.Rows[token]];
            // Whoever was cancelled during the step has no pages any more. Drafts are no tokens of the sequence yet.
            if (sequence.State == SequenceState.Running && plan.Positions[token] < sequence.TokenCount) sequence.Table.TokenCount = plan.Positions[token] + 1;
        }
        for (int row = 0; row < plan.RowCount; row++) Publish(plan.Sequences[row]);
    }

    private void Publish(Sequence sequence)
    {
        if (sequence.State == SequenceState.Running)
            sequence.PublishedPages = _tree.Publish(sequence.Tokens, sequence.Table, sequence.PublishedPages);
    }

    private void BookSampledToken(Sequence sequence, int token)
    {
        TokensGenerated++;
        if (sequence.State != SequenceState.Running) return;
        FinishReason reason = FinishReason.EndOfTurn;
        if (!sequence.StopTokens.Contains(token))
        {
            sequence.Append(token);
            reason = sequence.GeneratedCount >= sequence.MaxNewTokens ? FinishReason.Length
                : sequence.TokenCount >= TokenLimit ? FinishReason.ContextFull : FinishReason.None;
        }
        if (reason == FinishReason.None) return;
        LeaveRunning(sequence);
        Finish(sequence, reason);
    }
}
