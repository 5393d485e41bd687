using System;

namespace EngineLlm.Scheduling;

/// <summary>What the scheduler may not exceed.</summary>
/// <param name="MaxRunning">The most sequences that run at once; a step plan needs as many rows.</param>
/// <param name="ContextLength">The most tokens of one sequence, prompt and answer.</param>
/// <param name="LookupTokens">The most tokens that a step guesses ahead for one sequence; 0 for none.</param>
internal sealed record SchedulerLimits(int MaxRunning, int ContextLength, int LookupTokens = 0)
{
    internal void Validate()
    {
        if (MaxRunning < 1) throw new ArgumentOutOfRangeException(nameof(MaxRunning), "At least one sequence has to be allowed to run.");
        if (ContextLength < 2)
            throw new ArgumentOutOfRangeException(nameof(ContextLength), "The context needs room for a prompt and a new token.");
        if (LookupTokens < 0) throw new ArgumentOutOfRangeException(nameof(LookupTokens), "Nobody guesses fewer than no tokens.");
    }
}
