using System;
using System.Collections.Generic;
using System.Linq;
using EngineLlm.KvCache;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;
using NUnit.Framework;

namespace EngineLlm.Tests.Scheduling;

/// <summary>A scheduler with a fake model behind it.</summary>
internal sealed class SchedulerFixture
{
    private const int MaxTokens = 256;
    internal static readonly HashSet<int> Stops = [FakeModel.EndToken];

    internal SchedulerFixture(int pageCount = 64, int pageSize = 4, int maxRunning = 8, int contextLength = 4096, int seed = 1, int windowTokens = 0,
        int lookupTokens = 0, int? maxLogits = null)
    {
        Pool = new PagePool(pageCount, pageSize);
        WindowTokens = windowTokens;
        int windowPages = windowTokens == 0 ? 0 : WindowPages.CountFor(pageCount, pageSize, windowTokens, maxRunning, MaxTokens);
        Windows = windowTokens == 0 ? null : new WindowPages(pageCount, windowPages, pageSize, windowTokens);
        Tree = new PrefixTree(Pool, Windows);
        Scheduler = new Scheduler(Pool, Tree, new SchedulerLimits(maxRunning, contextLength, lookupTokens), Windows);
        Plan = new StepPlan(MaxTokens, maxRunning, maxRunning * pageCount, maxLogits);
        Model = new FakeModel(pageCount, pageSize, seed, windowPages, windowTokens, repeats: lookupTokens > 0);
    }

    internal PagePool Pool { get; }

    /// <summary>Tokens that a token sees in the model's sliding layer; 0 where it has none.</summary>
    internal int WindowTokens { get; }

    internal WindowPages? Windows { get; }

    internal PrefixTree Tree { get; }

    internal Scheduler Scheduler { get; }

    internal StepPlan Plan { get; }

    internal FakeModel Model { get; }

    internal static int[] Prompt(int length, int first = 10) =>
        Enumerable.Range(0, length).Select(i => (first + i * i) % FakeModel.VocabularySize).ToArray();

    internal static Sequence Make(
        int[] prompt, int maxNewTokens = 8, int priority = 0, ulong seed = 0, ISequenceListener? listener = null, bool stops = false,
        float temperature = 0) =>
        new(prompt, new SamplingParameters { Seed = seed, Temperature = temperature }, maxNewTokens, stops ? Stops : null, priority, listener);

    internal Sequence Add(
        int[] prompt, int maxNewTokens = 8, int priority = 0, ulong seed = 0, ISequenceListener? listener = null, bool stops = false)
    {
        Sequence sequence = Make(prompt, maxNewTokens, priority, seed, listener, stops);
        Scheduler.Add(sequence);
        return sequence;
    }

    /// <summary>Plans, runs and completes one step.</summary>
    internal bool Step(int maxTokens = 64)
    {
        if (!Scheduler.TryPlan(Plan, maxTokens)) return false;
        Scheduler.Complete(Plan, Model.Run(Plan));
        Scheduler.CheckIntegrity();
        return true;
    }

    internal void RunToEnd(int maxTokens = 64, int maxSteps = 100_000)
    {
        int steps = 0;
        while (Step(maxTokens)) Assert.That(++steps, Is.LessThan(maxSteps), "the scheduler does not get on");
    }

    /// <summary>Asserts that a sequence said what it says alone, as far as it got.</summary>
    internal static void AssertSaysWhatItSaysAlone(Sequence sequence, int windowTokens = 0, bool repeats = false)
    {
        bool stops = sequence.StopTokens.Count > 0;
        List<int> alone = FakeModel.RunAlone(sequence.Tokens[..sequence.PromptCount], sequence.Sampling.Seed, sequence.MaxNewTokens, stops, windowTokens, repeats);
        int[] said = sequence.Tokens.ToArray();
        Assert.That(said, Is.EqualTo(alone.Take(said.Length)));
        if (sequence.FinishReason is FinishReason.EndOfTurn or FinishReason.Length) Assert.That(said.Length, Is.EqualTo(alone.Count));
    }

    internal void AssertNothingIsLeft()
    {
        Assert.That(Scheduler.HasWork, Is.False);
        Assert.That(Scheduler.UsedPages, Is.Zero);
        Scheduler.DropCachedPages();
        Assert.That(Pool.FreeCount, Is.EqualTo(Pool.PageCount));
        Assert.That(Tree.NodeCount, Is.Zero);
    }
}

/// <summary>Remembers what it hears, and can act on it.</summary>
internal sealed class RecordingListener : ISequenceListener
{
    internal List<int> Tokens { get; } = [];

    internal int Ends { get; private set; }

    internal Action<Sequence>? TokenAction { get; init; }

    public void OnToken(Sequence sequence, int token)
    {
        Assert.That(Ends, Is.Zero, "a token came after the end");
        Tokens.Add(token);
        TokenAction?.Invoke(sequence);
    }

    public void OnFinished(Sequence sequence) => Ends++;
}
