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
    public void SlidingWindowsKeepTheirPages([Values(1, 2)] int seed, [Values(12, 40, 400)] int pageCount, [Values(1, 4)] int pageSize, [Values(1, 5, 13)] int window)
    {
        var run = new RandomRun(seed, pageCount, pageSize, window);
        for (int i = 0; i < Actions; i++) run.Act();
        run.End();
        TestContext.Out.WriteLine($"{run.Finished} sequences, {run.Preemptions} preemptions, {run.Copies} page copies");
        Assert.That(run.Finished, Is.GreaterThan(100));
    }

    [Test]
    public void DraftsChangeNothing(
        [Values(1, 2)] int seed, [Values(12, 40, 400)] int pageCount, [Values(1, 4)] int pageSize, [Values(0, 5, 13)] int window,
        [Values(1, 6)] int lookupTokens)
    {
        var run = new RandomRun(seed, pageCount, pageSize, window, lookupTokens);
        for (int i = 0; i < Actions / 2; i++) run.Act();
        run.End();
        TestContext.Out.WriteLine($"{run.Finished} sequences, {run.Preemptions} preemptions, {run.Copies} page copies, {run.Drafts} drafts, {run.Accepted} right");
        Assert.That(run.Finished, Is.GreaterThan(100));
        // In a pool of a dozen tokens there is hardly room to repeat anything.
        int atLeast = pageCount * pageSize > 12 ? 20 : 1;
        Assert.That(run.Accepted, Is.GreaterThanOrEqualTo(atLeast));
        Assert.That(run.Drafts - run.Accepted, Is.GreaterThanOrEqualTo(atLeast));
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
        private readonly Random _random;
        private readonly SchedulerFixture _fixture;
        private readonly bool _repeats;
        private readonly List<Sequence> _alive = [];
        private bool _inFlight;

        internal RandomRun(int seed, int pageCount, int pageSize, int windowTokens = 0, int lookupTokens = 0)
        {
            _random = new Random(seed);
            _repeats = lookupTokens > 0;
            _fixture = new SchedulerFixture(pageCount, pageSize, maxRunning: 6, contextLength: 200, seed, windowTokens, lookupTokens, maxLogits: _repeats ? 10 : null);
        }

        internal int Finished { get; private set; }

        internal int Copies { get; private set; }

        internal long Drafts => _fixture.Scheduler.TokensDrafted;

        internal long Accepted => _fixture.Scheduler.DraftsAccepted;

        internal long Preemptions => _fixture.Scheduler.PreemptionCount;

        internal ulong StateHash { get; private set; } = 14695981039346656037;

        internal void Act()
        {
            switch (_random.Next(100))
            {
                case < 14: Add(); break;
                case < 20: Fork(); break;
                case < 25: Cancel(); break;
                case < 26: _fixture.Scheduler.DropCachedPages(); break;
                case < 27: LoseDevice(); break;
                default: HalfStep(); break;
            }
            _fixture.Scheduler.CheckIntegrity();
            Settle();
            HashState();
        }

        internal void End()
        {
            if (_inFlight) HalfStep();
            _fixture.RunToEnd(_random.Next(1, 40));
            Settle();
            Assert.That(_alive, Is.Empty);
            _fixture.AssertNothingIsLeft();
        }

        // Prompts are cut from two long ones, so that they share pages and differ at awkward places.
        private void Add()
        {
            if (_alive.Count > 20) return;
            int[] prompt = SchedulerFixture.Prompt(_random.Next(1, 60), first: _random.Next(2));
            if (_random.Next(3) == 0) prompt[_random.Next(prompt.Length)] = 499;
            Sequence sequence = SchedulerFixture.Make(
                prompt, _random.Next(1, 40), _random.Next(3), (ulong)_random.Next(4), Listener(), stops: _random.Next(2) == 0,
                temperature: _repeats ? _random.Next(4) / 3 : 0);
            if (prompt.Length + 1 > _fixture.Scheduler.TokenLimit)
            {
                Assert.That(() => _fixture.Scheduler.Add(sequence), Throws.TypeOf<PromptTooLongException>());
                return;
            }
            _fixture.Scheduler.Add(sequence);
            _alive.Add(sequence);
        }

        private void Fork()
        {
            if (_alive.Count is 0 or > 20) return;
            Sequence parent = _alive[_random.Next(_alive.Count)];
            // Most sequences wait, and those have no page to copy.
            for (int i = 0; i < _alive.Count && parent.State != SequenceState.Running; i++) parent = _alive[i];
            _alive.Add(_fixture.Scheduler.Fork(parent, new SamplingParameters { Seed = (ulong)_random.Next(4), Temperature = 0 }, _random.Next(1, 30)));
        }

        // Some end or fork themselves in the middle of what a step has brought.
        private RecordingListener? Listener()
        {
            if (!_repeats || _random.Next(3) != 0) return null;
            int at = _random.Next(1, 20);
            bool ends = _random.Next(2) == 0;
            RecordingListener? listener = null;
            listener = new RecordingListener
            {
                TokenAction = sequence =>
                {
                    Assert.That(sequence.Generated.ToArray(), Is.EqualTo(listener!.Tokens), "nobody is ahead of what was heard");
                    if (sequence.GeneratedCount != at) return;
                    if (ends) _fixture.Scheduler.Cancel(sequence);
                    else if (sequence.TokenCount < _fixture.Scheduler.TokenLimit)
                        _alive.Add(_fixture.Scheduler.Fork(sequence, new SamplingParameters { Seed = 9, Temperature = 0 }, 10));
                },
            };
            return listener;
        }

        private void Cancel()
        {
            if (_alive.Count > 0) _fixture.Scheduler.Cancel(_alive[_random.Next(_alive.Count)]);
        }

        private void LoseDevice()
        {
            _fixture.Model.LoseDevice();
            if (_inFlight) _fixture.Scheduler.Abandon(_fixture.Plan);
            else _fixture.Scheduler.ForgetPages();
            _inFlight = false;
        }

        private void HalfStep()
        {
            if (_inFlight)
            {
                _fixture.Scheduler.Complete(_fixture.Plan, _fixture.Model.Run(_fixture.Plan));
                _inFlight = false;
                return;
            }
            _inFlight = _fixture.Scheduler.TryPlan(_fixture.Plan, _random.Next(1, 40), mayDraft: _random.Next(8) != 0);
            Assert.That(_inFlight, Is.EqualTo(_fixture.Scheduler.HasWork), "work is never left lying");
            Copies += _fixture.Plan.Copies.Count;
        }

        private void Settle()
        {
            for (int i = _alive.Count - 1; i >= 0; i--)
            {
                if (_alive[i].State != SequenceState.Finished) continue;
                SchedulerFixture.AssertSaysWhatItSaysAlone(_alive[i], _fixture.WindowTokens, _repeats);
                _alive.RemoveAt(i);
                Finished++;
            }
        }

        private void HashState()
        {
            Mix(_fixture.Pool.FreeCount);
            Mix(_fixture.Tree.NodeCount);
            foreach (Sequence sequence in _alive)
            {
                Mix((int)sequence.State);
                Mix(sequence.TokenCount);
                foreach (int page in sequence.Table.Pages) Mix(page);
            }
        }

        private void Mix(int value) => StateHash = (StateHash ^ (uint)value) * 1099511628211;
    }
}
