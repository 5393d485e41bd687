using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using EngineLlm.Scheduling;

namespace EngineLlm.Cli.Benching;

/// <summary>Measures one engine. The checks come first; then every figure is the median of its repeats, after a warm-up.</summary>
internal sealed class BenchRun
{
    private readonly LlmEngine _engine;
    private readonly BenchPlan _plan;
    private readonly Action<string> _progress;
    private readonly SequenceRunner _runner;
    private readonly PromptSource _prompts;

    /// <param name="engine">Set up with the plan's options.</param>
    /// <param name="plan">What to measure.</param>
    /// <param name="progress">Hears what is being done.</param>
    /// <param name="cancellation">Ends it between two steps.</param>
    internal BenchRun(LlmEngine engine, BenchPlan plan, Action<string> progress, CancellationToken cancellation)
    {
        _engine = engine;
        _plan = plan;
        _progress = progress;
        _runner = new SequenceRunner(engine, cancellation);
        _prompts = new PromptSource(engine.Model.VocabularySize);
    }

    /// <summary>Checks, then measures.</summary>
    /// <exception cref="WrongResultException">The check failed, and nothing was measured.</exception>
    internal List<BenchRow> Execute()
    {
        _progress("checking results");
        BenchChecks.Run(_engine, _runner, _prompts);
        var rows = new List<BenchRow>();
        foreach (int length in _plan.Prefill)
        {
            _progress($"prefill of {length} tokens");
            rows.Add(MeasurePrefill(length));
        }
        foreach (int context in _plan.Context)
        {
            foreach (int batch in _plan.Batch)
            {
                _progress($"decode in a batch of {batch}, context {context}");
                rows.Add(MeasureDecode(batch, context));
            }
        }
        return rows;
    }

    private BenchRow MeasurePrefill(int length)
    {
        Prefill(length);
        var seconds = new double[_plan.Repeats];
        for (int i = 0; i < seconds.Length; i++) seconds[i] = Prefill(length);
        return RowOf("prefill", 1, 0, length, length, Median(seconds), 1);
    }

    private double Prefill(int length)
    {
        Sequence[] sequences = [SequenceRunner.NewGreedy(_prompts.Next(length), 1)];
        long start = Stopwatch.GetTimestamp();
        _runner.Add(sequences);
        _runner.RunUntilGenerated(sequences, 1);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        _runner.End(sequences);
        return seconds;
    }

    // The sequences go on from one measurement to the next, since reading their prompts again would take longer than all the rest.
    private BenchRow MeasureDecode(int batch, int context)
    {
        var sequences = new Sequence[batch];
        for (int i = 0; i < batch; i++) sequences[i] = SequenceRunner.NewGreedy(_prompts.Next(context), int.MaxValue);
        _runner.Add(sequences);
        _runner.RunUntilGenerated(sequences, BenchPlan.WarmUpTokens);
        var seconds = new double[_plan.Repeats];
        for (int i = 0; i < seconds.Length; i++) seconds[i] = Decode(sequences);
        _runner.End(sequences);
        return RowOf("decode", batch, context, _plan.Tokens, _plan.Tokens * batch, Median(seconds), _plan.Tokens);
    }

    // Some sequences may be ahead of others by the time all their prompts are read, but from then on each gets a token a step.
    private double Decode(Sequence[] sequences)
    {
        Sequence last = sequences[^1];
        int target = last.GeneratedCount + _plan.Tokens;
        long start = Stopwatch.GetTimestamp();
        _runner.RunUntilGenerated([last], target);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static BenchRow RowOf(string test, int batch, int context, int tokens, int tokensTogether, double seconds, int steps) => new()
    {
        Test = test,
        Batch = batch,
        Context = context,
        Tokens = tokens,
        TokensPerSecond = Math.Round(tokensTogether / seconds, 2),
        Milliseconds = Math.Round(seconds * 1000 / steps, 3),
    };

    internal static double Median(double[] values)
    {
        var sorted = (double[])values.Clone();
        Array.Sort(sorted);
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
