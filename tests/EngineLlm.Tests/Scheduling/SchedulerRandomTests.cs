using System;
using System.Collections.Generic;
using System.Linq;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;
using NUnit.Framework;

namespace EngineLlm.Tests.Scheduling;

/// <summary>Ten thousand random actions; after each the books are proved, and everybody says what they would say alone.</summary>
public sealed class SchedulerRandomTests
{
    private const int Actions = 10_000;

    [Test]
    public void TenThousandActionsKeepTheBooksWhole(
        [Values(1, 2, 3, 4, 5)] int seed, [Values(12, 40, 400)] int pageCount, [Values(1, 4)] int pageSize)
    {
        var run = new RandomRun(seed, pageCount, pageSize);
        for (int i = 0; i < Actions; i++) run.Act();
        run.End();
        TestContext.Out.WriteLine($"{run.Finished} sequences, {run.Preemptions} preemptions, {run.Copies} page copies");
        Assert.That(run.Finished, Is.GreaterThan(100));
    }

    [Test]
    public void TheSameActionsGiveTheSameStates([Values(11, 12)] int seed)
    {
        Assert.That(StateHash(seed), Is.EqualTo(StateHash(seed)));
        Assert.That(StateHash(seed), Is.Not.EqualTo(StateHash(seed + 100)));
    }

    [Test]
    public void ASmallPoolPreemptsAndForksCopy()
    {
        var run = new RandomRun(seed: 21, pageCount: 12, pageSize: 4);
        for (int i = 0; i < Actions; i++) run.Act();
        run.End();
        Assert.That(run.Preemptions, Is.GreaterThan(100));
        Assert.That(run.Copies, Is.GreaterThan(50));
    }

    private static ulong StateHash(int seed)
    {
        var run = new RandomRun(seed, pageCount: 24, pageSize: 4);
        for (int i = 0; i < 2_000; i++) run.Act();
        return run.StateHash;
    }

    private sealed class RandomRun
    {
        private readonly Random random;
        private readonly SchedulerFixture fixture;
        private readonly List<Sequence> alive = [];
        private bool inFlight;

        internal RandomRun(int seed, int pageCount, int pageSize)
        {
            random = new Random(seed);
            fixture = new SchedulerFixture(pageCount, pageSize, maxRunning: 6, contextLength: 200, seed);
        }

        internal int Finished { get; private set; }

        internal int Copies { get; private set; }

        internal long Preemptions => fixture.Scheduler.PreemptionCount;

        internal ulong StateHash { get; private set; } = 14695981039346656037;

        internal void Act()
        {
            switch (random.Next(100))
            {
                case < 14: Add(); break;
                case < 20: Fork(); break;
                case < 25: Cancel(); break;
                case < 26: fixture.Scheduler.DropCachedPages(); break;
                case < 27: LoseDevice(); break;
                default: HalfStep(); break;
            }
            fixture.Scheduler.CheckIntegrity();
            Settle();
            HashState();
        }

        internal void End()
        {
            if (inFlight) HalfStep();
            fixture.RunToEnd(random.Next(1, 40));
            Settle();
            Assert.That(alive, Is.Empty);
            fixture.AssertNothingIsLeft();
        }

        // Prompts are cut from two long ones, so that they share pages and differ at awkward places.
        private void Add()
        {
            if (alive.Count > 20) return;
            int[] prompt = SchedulerFixture.Prompt(random.Next(1, 60), first: random.Next(2));
            if (random.Next(3) == 0) prompt[random.Next(prompt.Length)] = 499;
            Sequence sequence = SchedulerFixture.Make(prompt, random.Next(1, 40), random.Next(3), (ulong)random.Next(4), stops: random.Next(2) == 0);
            if (prompt.Length + 1 > fixture.Scheduler.TokenLimit)
            {
                Assert.That(() => fixture.Scheduler.Add(sequence), Throws.TypeOf<PromptTooLongException>());
                return;
            }
            fixture.Scheduler.Add(sequence);
            alive.Add(sequence);
        }

        private void Fork()
        {
            if (alive.Count is 0 or > 20) return;
            Sequence parent = alive[random.Next(alive.Count)];
            // Most sequences wait, and those have no page to copy.
            for (int i = 0; i < alive.Count && parent.State != SequenceState.Running; i++) parent = alive[i];
            alive.Add(fixture.Scheduler.Fork(parent, new SamplingParameters { Seed = (ulong)random.Next(4) }, random.Next(1, 30)));
        }

        private void Cancel()
        {
            if (alive.Count > 0) fixture.Scheduler.Cancel(alive[random.Next(alive.Count)]);
        }

        private void LoseDevice()
        {
            fixture.Model.LoseDevice();
            if (inFlight) fixture.Scheduler.Abandon(fixture.Plan);
            else fixture.Scheduler.ForgetPages();
            inFlight = false;
        }

        private void HalfStep()
        {
            if (inFlight)
            {
                fixture.Scheduler.Complete(fixture.Plan, fixture.Model.Run(fixture.Plan));
                inFlight = false;
                return;
            }
            inFlight = fixture.Scheduler.TryPlan(fixture.Plan, random.Next(1, 40));
            Assert.That(inFlight, Is.EqualTo(fixture.Scheduler.HasWork), "work is never left lying");
            Copies += fixture.Plan.Copies.Count;
        }

        private void Settle()
        {
            for (int i = alive.Count - 1; i >= 0; i--)
            {
                if (alive[i].State != SequenceState.Finished) continue;
                SchedulerFixture.AssertSaysWhatItSaysAlone(alive[i]);
                alive.RemoveAt(i);
                Finished++;
            }
        }

        private void HashState()
        {
            Mix(fixture.Pool.FreeCount);
            Mix(fixture.Tree.NodeCount);
            foreach (Sequence sequence in alive)
            {
                Mix((int)sequence.State);
                Mix(sequence.TokenCount);
                foreach (int page in sequence.Table.Pages) Mix(page);
            }
        }

        private void Mix(int value) => StateHash = (StateHash ^ (uint)value) * 1099511628211;
    }
}
