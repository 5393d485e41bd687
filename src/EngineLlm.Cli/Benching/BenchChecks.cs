using System;
using System.Collections.Generic;
using EngineLlm.Scheduling;

namespace EngineLlm.Cli.Benching;

/// <summary>What has to hold before any figure is printed: finite logits, and the same tokens for a sequence alone as in a batch.</summary>
internal static class BenchChecks
{
    private const int PromptLength = 20;
    private const int NewTokens = 8;

    /// <summary>Sequences that the batch check runs at once.</summary>
    internal const int SequenceCount = 3;

    /// <summary>Tokens that a checked sequence has in the end.</summary>
    internal const int SequenceLength = PromptLength + NewTokens + 2;

    /// <summary>Checks.</summary>
    /// <exception cref="WrongResultException">The device's results are wrong.</exception>
    internal static void Run(LlmEngine engine, SequenceRunner runner, PromptSource prompts)
    {
        CheckLogits(engine, prompts.Next(PromptLength));
        CheckBatch(runner, prompts);
    }

    private static void CheckLogits(LlmEngine engine, int[] tokens)
    {
        engine.ReadLogits(tokens, (position, logits) =>
        {
            foreach (float logit in logits)
            {
                if (!float.IsFinite(logit))
                    throw new WrongResultException(
                        $"The device gives {logit} among the logits of position {position}; try another driver or device.");
            }
        });
    }

    private static void CheckBatch(SequenceRunner runner, PromptSource prompts)
    {
        var texts = new int[SequenceCount][];
        for (int i = 0; i < texts.Length; i++) texts[i] = prompts.Next(PromptLength - i);
        Sequence[] together = Array.ConvertAll(texts, text => SequenceRunner.NewGreedy(text, NewTokens));
        RunToTheEnd(runner, together);
        for (int i = 0; i < texts.Length; i++)
        {
            Sequence alone = SequenceRunner.NewGreedy(texts[i], NewTokens);
            RunToTheEnd(runner, [alone]);
            if (alone.Generated.SequenceEqual(together[i].Generated)) continue;
            throw new WrongResultException(
                "A sequence has other tokens alone than in a batch, so the device or its driver computes wrongly; try another one.");
        }
    }

    private static void RunToTheEnd(SequenceRunner runner, IReadOnlyList<Sequence> sequences)
    {
        runner.Add(sequences);
        runner.RunUntilGenerated(sequences, NewTokens);
        runner.End(sequences);
    }
}
