using System;
using System.Diagnostics;
using System.Threading;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;
using NUnit.Framework;

namespace EngineLlm.Tests.EndToEnd;

/// <summary>What a game relies on in every frame: updates never wait for the device, and allocate nothing.</summary>
internal sealed class FrameTests
{
    [Test]
    public void NoUpdateWaitsForTheDevice([Values(1, 500, int.MaxValue)] int budgetMicroseconds)
    {
        using LlmEngine engine = TestEngine.OfRandomWeights();
        var sequence = new Sequence(TestEngine.RandomTokens(1, 100, engine.Model.VocabularySize), SamplingParameters.Greedy, 20);
        engine.Add(sequence);
        long waitsBefore = engine.DeviceWaitCount;
        var clock = Stopwatch.StartNew();
        while (!engine.IsIdle)
        {
            engine.Update(budgetMicroseconds);
            Thread.Yield();
            Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromMinutes(2)), "the answer never came");
        }
        Assert.That(engine.DeviceWaitCount, Is.EqualTo(waitsBefore));
        Assert.That(sequence.GeneratedCount, Is.EqualTo(20));
        TestEngine.AssertValid(engine);
    }

    [Test]
    public void AStepInSteadyStateAllocatesNothing([Values] bool guesses)
    {
        using LlmEngine engine = TestEngine.OfRandomWeights();
        var sampling = guesses ? SamplingParameters.Greedy : new SamplingParameters { Temperature = 1, RepetitionPenalty = 1.1f };
        for (int i = 0; i < 4; i++) engine.Add(new Sequence(TestEngine.RandomTokens(i, 20, engine.Model.VocabularySize), sampling with { Seed = (ulong)i }, 480));
        RunSteps(engine, 100 / (guesses ? 4 : 1));
        // In Debug the scheduler proves its books after every change; that allocates nothing either.
        long before = GC.GetAllocatedBytesForCurrentThread();
        RunSteps(engine, guesses ? 20 : 50);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(engine.IsIdle, Is.False, "the steps measured were real ones");
        Assert.That(allocated, Is.Zero);
        Assert.That(engine.Statistics.DraftsAccepted, guesses ? Is.Positive : Is.Zero);
    }

    [Test]
    public void NobodyGuessesWhereALayerOfGuessesDoesNotFitTheFrame()
    {
        using LlmEngine engine = TestEngine.OfRandomWeights();
        int[] text = TestEngine.RandomTokens(1, 20, engine.Model.VocabularySize);
        engine.Add(new Sequence([.. text, .. text, .. text], SamplingParameters.Greedy, 40));
        TestEngine.RunToEnd(engine, budgetMicroseconds: 1);
        Assert.That(engine.Statistics.TokensGenerated, Is.EqualTo(40));
        Assert.That(engine.Statistics.TokensDrafted, Is.Zero);
    }

    [Test]
    public void ABudgetCutsAStepIntoSegments()
    {
        using LlmEngine engine = TestEngine.OfRandomWeights();
        engine.Add(new Sequence(new[] { 1, 2, 3 }, SamplingParameters.Greedy, 1));
        TestEngine.RunToEnd(engine, budgetMicroseconds: 1);
        Assert.That(engine.Statistics.Segments, Is.EqualTo(engine.Model.LayerCount + 2), "a submit each for embedding, layers and head");
        Assert.That(engine.Statistics.Steps, Is.EqualTo(1));
    }

    private static void RunSteps(LlmEngine engine, int count)
    {
        long last = engine.Statistics.Steps + count;
        while (engine.Statistics.Steps < last)
        {
            engine.Update(int.MaxValue);
            engine.WaitForProgress(TimeSpan.FromSeconds(1));
        }
    }
}
