using System;
using System.Linq;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;
using NUnit.Framework;
using static EngineLlm.Tests.Scheduling.SchedulerFixture;

namespace EngineLlm.Tests.Scheduling;

public sealed class SchedulerTests
{
    [TestCase(1)]
    [TestCase(3)]
    [TestCase(64)]
    public void ChunkedOrWholeAPromptGivesTheSameTokens(int maxTokens)
    {
        var fixture = new SchedulerFixture();
        Sequence sequence = fixture.Add(Prompt(41), maxNewTokens: 20);
        fixture.RunToEnd(maxTokens);
        Assert.That(sequence.FinishReason, Is.EqualTo(FinishReason.Length));
        Assert.That(sequence.GeneratedCount, Is.EqualTo(20));
        AssertSaysWhatItSaysAlone(sequence);
        fixture.AssertNothingIsLeft();
    }

    [Test]
    public void DecodeTokensComeFirstAndPrefillFillsTheRest()
    {
        var fixture = new SchedulerFixture();
        Sequence talking = fixture.Add(Prompt(5), maxNewTokens: 50);
        fixture.Step();
        Sequence reading = fixture.Add(Prompt(40, first: 3));
        Assert.That(fixture.Scheduler.TryPlan(fixture.Plan, 16), Is.True);
        Assert.That(fixture.Plan.Sequences[..2], Is.EqualTo(new[] { talking, reading }));
        Assert.That(fixture.Plan.TokenCount, Is.EqualTo(16));
        Assert.That(fixture.Plan.Rows.Take(16).Count(row => row == 0), Is.EqualTo(1));
        Assert.That(fixture.Plan.LogitCount, Is.EqualTo(1), "a prompt that is not read to its end wants no logits");
    }

    [Test]
    public void ASharedPromptIsPrefilledOnce()
    {
        var fixture = new SchedulerFixture();
        int[] persona = Prompt(40);
        Sequence[] npcs = [.. Enumerable.Range(0, 3).Select(i => fixture.Add([.. persona, 400 + i, 3], seed: (ulong)i, maxNewTokens: 1))];
        fixture.RunToEnd(maxTokens: 10);
        Assert.That(fixture.Model.ComputedTokens, Is.EqualTo(42 + 2 + 2));
        Assert.That(npcs.Select(npc => npc.SharedCount), Is.EqualTo(new[] { 0, 40, 40 }));
        foreach (Sequence npc in npcs) AssertSaysWhatItSaysAlone(npc);
        fixture.AssertNothingIsLeft();
    }

    [Test]
    public void TheWholePromptIsNeverTakenFromThePages()
    {
        var fixture = new SchedulerFixture();
        fixture.Add(Prompt(8));
        fixture.RunToEnd();
        Sequence again = fixture.Add(Prompt(8));
        fixture.RunToEnd();
        Assert.That(again.SharedCount, Is.EqualTo(4));
        AssertSaysWhatItSaysAlone(again);
    }

    [Test]
    public void ASecondTurnFindsTheFirstInThePages()
    {
        var fixture = new SchedulerFixture();
        Sequence first = fixture.Add(Prompt(21), maxNewTokens: 12);
        fixture.RunToEnd();
        Sequence second = fixture.Add([.. first.Tokens, 1, 2, 3]);
        fixture.RunToEnd();
        Assert.That(second.SharedCount, Is.EqualTo(32), "every full page of prompt and answer");
        AssertSaysWhatItSaysAlone(second);
    }

    [Test]
    public void SomebodyWaitingForAPromptGoesOnWhenItIsCancelled()
    {
        var fixture = new SchedulerFixture();
        Sequence first = fixture.Add(Prompt(40));
        Sequence second = fixture.Add(Prompt(40), seed: 5);
        fixture.Step(maxTokens: 10);
        Assert.That(second.State, Is.EqualTo(SequenceState.Waiting));
        fixture.Scheduler.Cancel(first);
        fixture.RunToEnd(maxTokens: 10);
        Assert.That(second.SharedCount, Is.EqualTo(8));
        AssertSaysWhatItSaysAlone(second);
        fixture.AssertNothingIsLeft();
    }

    [Test]
    public void HigherPriorityTakesThePagesOfLower()
    {
        var fixture = new SchedulerFixture(pageCount: 12);
        Sequence low = fixture.Add(Prompt(30), maxNewTokens: 10);
        fixture.Step();
        Sequence high = fixture.Add(Prompt(30, first: 5), maxNewTokens: 10, priority: 1);
        fixture.Step();
        Assert.That(low.State, Is.EqualTo(SequenceState.Preempted));
        Assert.That(high.State, Is.EqualTo(SequenceState.Running));
        fixture.RunToEnd();
        AssertSaysWhatItSaysAlone(low);
        AssertSaysWhatItSaysAlone(high);
        fixture.AssertNothingIsLeft();
    }

    [Test]
    public void WhatNobodyWaitsForIsReadWhileNobodyElseRuns()
    {
        var fixture = new SchedulerFixture();
        Sequence prepared = fixture.Add(Prompt(60), maxNewTokens: 1, priority: Sequence.BackgroundPriority);
        fixture.Step(maxTokens: 16);
        Assert.That(prepared.ComputedCount, Is.EqualTo(16));
        Sequence speaking = fixture.Add(Prompt(30, first: 5), maxNewTokens: 10);
        for (int i = 0; speaking.State != SequenceState.Finished; i++)
        {
            fixture.Step(maxTokens: 16);
            Assert.That(prepared.ComputedCount, Is.EqualTo(16));
            Assert.That(i, Is.LessThan(12), "two steps for the prompt, one for each token");
        }
        fixture.RunToEnd(maxTokens: 16);
        AssertSaysWhatItSaysAlone(prepared);
        AssertSaysWhatItSaysAlone(speaking);
        fixture.AssertNothingIsLeft();
    }

    [Test]
    public void WhenPagesRunOutTheLatestIsPreemptedAndLosesNothing()
    {
        var fixture = new SchedulerFixture(pageCount: 12);
        Sequence[] all = [.. Enumerable.Range(0, 3).Select(i => fixture.Add(Prompt(9, first: i * 50), maxNewTokens: 30, seed: (ulong)i))];
        fixture.RunToEnd();
        Assert.That(fixture.Scheduler.PreemptionCount, Is.Positive);
        foreach (Sequence sequence in all)
        {
            Assert.That(sequence.FinishReason, Is.EqualTo(FinishReason.Length));
            AssertSaysWhatItSaysAlone(sequence);
        }
        fixture.AssertNothingIsLeft();
    }

    [Test]
    public void AFullContextEndsASequence()
    {
        var fixture = new SchedulerFixture(contextLength: 20);
        Sequence sequence = fixture.Add(Prompt(10), maxNewTokens: 100);
        fixture.RunToEnd();
        Assert.That(sequence.FinishReason, Is.EqualTo(FinishReason.ContextFull));
        Assert.That(sequence.TokenCount, Is.EqualTo(20));
    }

    [Test]
    public void AFullPoolEndsASequence()
    {
        var fixture = new SchedulerFixture(pageCount: 5);
        Sequence sequence = fixture.Add(Prompt(10), maxNewTokens: 100);
        fixture.RunToEnd();
        Assert.That(sequence.FinishReason, Is.EqualTo(FinishReason.ContextFull));
        AssertSaysWhatItSaysAlone(sequence);
        fixture.AssertNothingIsLeft();
    }

    [TestCase(64, 20)]
    [TestCase(5, 4096)]
    public void APromptThatCanNeverFitIsRefused(int pageCount, int contextLength)
    {
        var fixture = new SchedulerFixture(pageCount: pageCount, contextLength: contextLength);
        Assert.That(() => fixture.Add(Prompt(20)), Throws.TypeOf<PromptTooLongException>());
        Assert.That(fixture.Scheduler.HasWork, Is.False);
        Sequence longest = fixture.Add(Prompt(19));
        fixture.RunToEnd();
        Assert.That(longest.GeneratedCount, Is.EqualTo(1));
    }

    [Test]
    public void AStopTokenEndsASequenceAndIsNotPartOfIt()
    {
        var fixture = new SchedulerFixture(pageCount: 1200);
        var listener = new RecordingListener();
        Sequence sequence = fixture.Add(Prompt(9), maxNewTokens: 4000, listener: listener, stops: true, seed: 3);
        fixture.RunToEnd();
        Assert.That(sequence.FinishReason, Is.EqualTo(FinishReason.EndOfTurn));
        Assert.That(sequence.Generated.ToArray(), Does.Not.Contain(FakeModel.EndToken));
        Assert.That(listener.Tokens, Is.EqualTo(sequence.Generated.ToArray()));
        Assert.That(listener.Ends, Is.EqualTo(1));
        AssertSaysWhatItSaysAlone(sequence);
    }

    [Test]
    public void ACancelledSequenceIsSilentEvenWhenItsStepIsInFlight()
    {
        var fixture = new SchedulerFixture();
        var listener = new RecordingListener();
        Sequence sequence = fixture.Add(Prompt(9), listener: listener);
        fixture.Scheduler.TryPlan(fixture.Plan, 64);
        fixture.Scheduler.Cancel(sequence);
        fixture.Scheduler.Complete(fixture.Plan, fixture.Model.Run(fixture.Plan));
        Assert.That(listener.Tokens, Is.Empty);
        Assert.That(listener.Ends, Is.EqualTo(1));
        Assert.That(sequence.FinishReason, Is.EqualTo(FinishReason.Cancelled));
        fixture.AssertNothingIsLeft();
    }

    [Test]
    public void AListenerMayCancelForkAndAdd()
    {
        var fixture = new SchedulerFixture();
        Sequence? fork = null, added = null, other = null;
        var listener = new RecordingListener
        {
            TokenAction = sequence =>
            {
                if (sequence.GeneratedCount != 3) return;
                fork = fixture.Scheduler.Fork(other!, new SamplingParameters { Seed = 9 }, 5);
                fixture.Scheduler.Cancel(other!);
                added = fixture.Add(Prompt(6));
                fixture.Scheduler.Cancel(sequence);
            },
        };
        Sequence first = fixture.Add(Prompt(9), maxNewTokens: 10, listener: listener);
        other = fixture.Add(Prompt(14, first: 4), maxNewTokens: 10);
        fixture.RunToEnd();
        Assert.That(first.GeneratedCount, Is.EqualTo(3));
        Assert.That(other.FinishReason, Is.EqualTo(FinishReason.Cancelled));
        AssertSaysWhatItSaysAlone(fork!);
        AssertSaysWhatItSaysAlone(added!);
        fixture.AssertNothingIsLeft();
    }

    [Test]
    public void AForkSharesEveryPageAndCopiesThePartlyFilledOneOnce()
    {
        var fixture = new SchedulerFixture();
        Sequence parent = fixture.Add(Prompt(9), maxNewTokens: 12);
        fixture.Step();
        fixture.Step();
        int free = fixture.Pool.FreeCount;
        Sequence child = fixture.Scheduler.Fork(parent, new SamplingParameters { Seed = 77 }, 12);
        Assert.That(fixture.Pool.FreeCount, Is.EqualTo(free));
        Assert.That(fixture.Scheduler.TryPlan(fixture.Plan, 64), Is.True);
        Assert.That(fixture.Plan.Copies, Has.Count.EqualTo(1));
        fixture.Scheduler.Complete(fixture.Plan, fixture.Model.Run(fixture.Plan));
        fixture.RunToEnd();
        AssertSaysWhatItSaysAlone(parent);
        AssertSaysWhatItSaysAlone(child);
        Assert.That(child.Generated.ToArray(), Is.Not.EqualTo(parent.Generated[^12..].ToArray()));
        fixture.AssertNothingIsLeft();
    }

    [Test]
    public void ALostDeviceCostsTimeAndNoTokens()
    {
        var fixture = new SchedulerFixture();
        Sequence first = fixture.Add(Prompt(20), maxNewTokens: 10), second = fixture.Add(Prompt(20), maxNewTokens: 10, seed: 4);
        for (int i = 0; i < 6; i++) fixture.Step();
        fixture.Scheduler.TryPlan(fixture.Plan, 64);
        fixture.Model.LoseDevice();
        fixture.Scheduler.Abandon(fixture.Plan);
        Assert.That(fixture.Pool.FreeCount, Is.EqualTo(fixture.Pool.PageCount));
        fixture.RunToEnd();
        AssertSaysWhatItSaysAlone(first);
        AssertSaysWhatItSaysAlone(second);
        fixture.AssertNothingIsLeft();
    }

    [Test]
    public void ABudgetBelowTheNumberOfSpeakersServesThemInTurn()
    {
        var fixture = new SchedulerFixture();
        Sequence[] all = [.. Enumerable.Range(0, 6).Select(i => fixture.Add(Prompt(3, first: i * 40), maxNewTokens: 20, seed: (ulong)i))];
        fixture.Step();
        for (int i = 0; i < 9; i++) fixture.Step(maxTokens: 2);
        Assert.That(all.Select(sequence => sequence.GeneratedCount), Is.All.EqualTo(4));
    }

    [Test]
    public void OneStepIsInFlightAtATime()
    {
        var fixture = new SchedulerFixture();
        fixture.Add(Prompt(4));
        fixture.Scheduler.TryPlan(fixture.Plan, 8);
        Assert.That(() => fixture.Scheduler.TryPlan(fixture.Plan, 8), Throws.InvalidOperationException);
        fixture.Scheduler.Complete(fixture.Plan, fixture.Model.Run(fixture.Plan));
        Assert.That(() => fixture.Scheduler.Complete(fixture.Plan, [1]), Throws.InvalidOperationException);
        Assert.That(() => fixture.Scheduler.TryPlan(fixture.Plan, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void ASteadyDecodeAllocatesNothing()
    {
        var fixture = new SchedulerFixture(pageCount: 2000);
        for (int i = 0; i < 8; i++) fixture.Add(Prompt(10, first: i), maxNewTokens: 3000, seed: (ulong)i);
        int[] sampled = new int[8];
        for (int i = 0; i < 50; i++) Decode();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 500; i++) Decode();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Decode()
        {
            fixture.Scheduler.TryPlan(fixture.Plan, 64);
            for (int i = 0; i < fixture.Plan.LogitCount; i++) sampled[i] = (sampled[i] + 31 + i) % FakeModel.VocabularySize;
            fixture.Scheduler.Complete(fixture.Plan, sampled);
        }
    }
}
