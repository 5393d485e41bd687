using System;
using System.Collections.Generic;
using System.Threading;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;

namespace EngineLlm.Cli.Benching;

/// <summary>Runs bare sequences on an engine, without frames: as fast as the device goes.</summary>
internal sealed class SequenceRunner
{
    // Long enough that hardly ever more than one submit is needed for a step, short enough for every driver's patience.
    private const int BudgetMicroseconds = 200_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);
    private readonly LlmEngine _engine;
    private readonly CancellationToken _cancellation;

    internal SequenceRunner(LlmEngine engine, CancellationToken cancellation)
    {
        _engine = engine;
        _cancellation = cancellation;
    }

    /// <summary>A greedy sequence that ends only at its greatest length.</summary>
    internal static Sequence NewGreedy(ReadOnlySpan<int> prompt, int maxNewTokens) => new(prompt, SamplingParameters.Greedy, maxNewTokens);

    /// <summary>Puts sequences into the queue.</summary>
    internal void Add(IReadOnlyList<Sequence> sequences)
    {
        foreach (Sequence sequence in sequences) _engine.Add(sequence);
    }

    /// <summary>Runs until something holds.</summary>
    internal void RunUntil(Func<bool> isDone)
    {
        while (!isDone())
        {
            _cancellation.ThrowIfCancellationRequested();
            _engine.Update(BudgetMicroseconds);
            if (!isDone()) _engine.WaitForProgress(s_patience);
        }
    }

    /// <summary>Runs until all of these have so many tokens of their own.</summary>
    /// <exception cref="EngineLlmException">One of them ended before.</exception>
    internal void RunUntilGenerated(IReadOnlyList<Sequence> sequences, int count)
    {
        RunUntil(() => AllHave(sequences, count));
    }

    /// <summary>Ends sequences, finished or not, and runs until the device is idle.</summary>
    internal void End(IReadOnlyList<Sequence> sequences)
    {
        foreach (Sequence sequence in sequences) _engine.Cancel(sequence);
        RunUntil(() => _engine.IsIdle);
    }

    private static bool AllHave(IReadOnlyList<Sequence> sequences, int count)
    {
        foreach (Sequence sequence in sequences)
        {
            if (sequence.GeneratedCount >= count) continue;
            if (sequence.State == SequenceState.Finished)
                throw new EngineLlmException(
                    $"A sequence ended after {sequence.GeneratedCount} of {count} tokens ({sequence.FinishReason}).");
            return false;
        }
        return true;
    }
}
