using System;

namespace EngineLlm.Scheduling;

/// <content>
/// Guesses ahead. A draft is a token that <see cref="PromptLookup"/> expects; it is computed in the same step as the token before it, and costs less than
/// a step of its own. It becomes the sequence's where the model, which sees the tokens before it, chooses the same one: the check of Leviathan, Kalman and
/// Matias (Fast Inference from Transformers via Speculative Decoding, 2023) for greedy choice, so the text is the same with drafts and without.
/// </content>
/// <remarks>
/// A draft's keys and values lie behind the sequence's computed tokens. Where it is refused they stay there, nobody reads them, and the true token's
/// overwrite them.
/// </remarks>
internal sealed partial class Scheduler
{
    /// <summary>Tokens that a step has left for drafts: of its own, and of the logits that come with them. None while a prompt is read.</summary>
    private int RoomForDrafts(StepPlan plan, int budget)
    {
        if (_limits.LookupTokens == 0) return 0;
        for (int i = 0; i < _running.Count; i++)
        {
            if (_running[i].PendingCount > 1 && !StandsBack(_running[i])) return 0;
        }
        return Math.Max(0, Math.Min(budget, plan.LogitTokens.Length) - _running.Count);
    }

    /// <summary>Writes drafts into the plan, behind the place of the sequence's next token, and takes the pages that they need.</summary>
    /// <returns>How many.</returns>
    private int ProposeDrafts(StepPlan plan, Sequence sequence, int room)
    {
        if (room == 0 || !sequence.Sampling.IsByLogitsAlone) return 0;
        // Behind each draft comes one more token, which has to be allowed as well.
        int allowed = Math.Min(sequence.MaxNewTokens - sequence.GeneratedCount, TokenLimit - sequence.TokenCount) - 1;
        int most = Math.Min(Math.Min(_limits.LookupTokens, room), allowed);
        if (most <= 0) return 0;
        int count = PromptLookup.Propose(sequence.Tokens, plan.Tokens.AsSpan(plan.TokenCount + 1, most));
        count = Math.Min(count, SlotsForDrafts(plan, sequence, count));
        TokensDrafted += count;
        return count;
    }

    /// <summary>Slots behind the sequence's tokens, in pages that it has or that are free: nobody loses one to a guess.</summary>
    private int SlotsForDrafts(StepPlan plan, Sequence sequence, int wanted)
    {
        int pagesInPlan = plan.Pages.Length - plan.PageOffsets[plan.RowCount];
        while (sequence.Table.PageCount < Math.Min(_pool.PagesFor(sequence.TokenCount + wanted), pagesInPlan) && _pool.FreeCount > 0)
            sequence.Table.Add(TakePage());
        return sequence.Table.PageCount * _pool.PageSize - sequence.TokenCount;
    }

    /// <summary>Pages that were taken for drafts alone, which were refused, are free again.</summary>
    private void ReturnPagesOfDrafts()
    {
        for (int i = 0; i < _running.Count; i++)
        {
            Sequence sequence = _running[i];
            for (int surplus = -MissingPages(sequence); surplus > 0; surplus--) _pool.Return(sequence.Table.RemoveLast());
        }
    }

    /// <summary>True where a row of logits is that of a draft: a sequence's first one is not.</summary>
    private static bool IsDraft(StepPlan plan, int logit) => logit > 0 && plan.LogitRows[logit] == plan.LogitRows[logit - 1];

    /// <summary>Books and delivers a row's drafts one by one, until the model has chosen something else or the sequence is over.</summary>
    private void DeliverDrafts(StepPlan plan, int row, ReadOnlySpan<int> sampledTokens, long step)
    {
        // A listener that plans another step takes the plan along with it.
        for (int logit = 1; _steps == step && logit < plan.LogitCount; logit++)
        {
            if (plan.LogitRows[logit] != row || !IsDraft(plan, logit)) continue;
            int token = plan.LogitTokens[logit];
            Sequence sequence = plan.Sequences[row];
            if (sequence.State != SequenceState.Running || plan.Tokens[token] != sampledTokens[logit - 1]) return;
            sequence.Table.TokenCount = plan.Positions[token] + 1;
            DraftsAccepted++;
            Publish(sequence);
            BookSampledToken(sequence, sampledTokens[logit]);
            PreemptWhereWindowsAreLost();
            CheckIntegrityInDebug();
            Deliver(sequence);
        }
    }
}
