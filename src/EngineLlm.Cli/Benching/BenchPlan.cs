using System;
using System.Linq;

namespace EngineLlm.Cli.Benching;

/// <summary>What `bench` measures.</summary>
/// <param name="Prefill">Lengths of the prompts, in tokens.</param>
/// <param name="Batch">Numbers of sequences that decode at the same time.</param>
/// <param name="Context">Tokens that each sequence has before it decodes.</param>
/// <param name="Tokens">Tokens that each sequence decodes in one measurement.</param>
/// <param name="Repeats">Measurements; the median counts.</param>
internal sealed record BenchPlan(int[] Prefill, int[] Batch, int[] Context, int Tokens, int Repeats)
{
    /// <summary>Tokens decoded before the first measurement.</summary>
    internal const int WarmUpTokens = 8;

    /// <summary>The longest sequence of all measurements.</summary>
    internal int LongestSequence
    {
        get
        {
            int decode = Batch.Length == 0 || Context.Length == 0 ? 0 : Math.Max(1, Context.Max()) + WarmUpTokens + Tokens * Repeats + 2;
            return Math.Max(decode, Math.Max(Prefill.DefaultIfEmpty(0).Max() + 2, BenchChecks.SequenceLength));
        }
    }

    /// <summary>The largest batch.</summary>
    internal int LargestBatch => Math.Max(BenchChecks.SequenceCount, Batch.DefaultIfEmpty(1).Max());

    /// <summary>
    /// How to set up an engine for it: with pages for the largest batch of the longest sequences, so that nothing is preempted,
    /// and without guesses, which would be right as often as the benchmark's text repeats itself.
    /// </summary>
    internal EngineOptions OptionsFor(string? device, int maxTokensPerStep)
    {
        var options = new EngineOptions { Device = device, LookupTokens = 0 };
        int pagesPerSequence = (LongestSequence + options.PageSize - 1) / options.PageSize + 1;
        return options with
        {
            ContextLength = pagesPerSequence * options.PageSize,
            MaxSequences = LargestBatch,
            MaxTokensPerStep = Math.Max(maxTokensPerStep, LargestBatch),
            PageCount = pagesPerSequence * (LargestBatch + 1),
        };
    }
}
