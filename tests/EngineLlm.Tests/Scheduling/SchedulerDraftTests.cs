using System;
using System.Collections.Generic;
using System.Linq;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;
using NUnit.Framework;
using static EngineLlm.Tests.Scheduling.SchedulerFixture;

namespace EngineLlm.Tests.Scheduling;

/// <summary>Guesses ahead: what is right comes sooner, what is wrong changes nothing.</summary>
public sealed class SchedulerDraftTests
{
    private const int Wrong = 499;
    private static readonly int[] s_prompt = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 10, 11, 12];

    [Test]
    public void RightGuessesComeAllInOneStep()
    {
        (SchedulerFixture fixture, Sequence sequence, RecordingListener listener) = Start();
        Assert.That(Step(fixture, sequence, 13, 14, 15, 16, 17), Is.EqualTo(new[] { 13, 14, 15, 16 }), "the pending token and three guesses");
        Assert.That(listener.Tokens, Is.EqualTo(new[] { 13, 14, 15, 16, 17 }));
        Assert.That(sequence.PendingCount, Is.EqualTo(1));
        AssertCounts(fixture, generated: 5, drafted: 3, accepted: 3);
    }

    [Test]
    public void BehindAWrongGuessNothingCounts()
    {
        (SchedulerFixture fixture, Sequence sequence, RecordingListener listener) = Start();
        Step(fixture, sequence, 13, 14, 99, 98, 97);
        Assert.That(listener.Tokens, Is.EqualTo(new[] { 13, 14, 99 }));
        Assert.That(sequence.PendingCount, Is.EqualTo(1));
        AssertCounts(fixture, generated: 3, drafted: 3, accepted: 1);
        Assert.That(Step(fixture, sequence, 13, 14, 99, 98), Is.EqualTo(new[] { 99 }), "99 was never there before");
    }

    [Test]
    public void WrongGuessesCostNoToken()
    {
        (SchedulerFixture fixture, Sequence sequence, RecordingListener listener) = Start();
        // What comes after a wrong guess is chosen as though it had been right, and may look like the next guess.
        Step(fixture, sequence, 13, 99, 15, 16, 17);
        Assert.That(listener.Tokens, Is.EqualTo(new[] { 13, 99 }));
        AssertCounts(fixture, generated: 2, drafted: 3, accepted: 0);
    }

    [Test]
    public void AStopTokenAmongTheGuessesEndsTheSequence()
    {
        var fixture = new SchedulerFixture(lookupTokens: 3);
        var listener = new RecordingListener();
        var sequence = new Sequence([10, 11, 12, 13, 14, 7, 16, 10, 11, 12], SamplingParameters.Greedy, 50, Stops, listener: listener);
        fixture.Scheduler.Add(sequence);
        Step(fixture, sequence, 13);
        Step(fixture, sequence, 13, 14, 7, 16, 17);
        Assert.That(sequence.FinishReason, Is.EqualTo(FinishReason.EndOfTurn));
        Assert.That(listener.Tokens, Is.EqualTo(new[] { 13, 14 }));
        Assert.That(listener.Ends, Is.EqualTo(1));
        AssertCounts(fixture, generated: 3, drafted: 3, accepted: 1);
        fixture.AssertNothingIsLeft();
    }

    [TestCase(2, 4096, 0, FinishReason.Length)]
    [TestCase(3, 4096, 1, FinishReason.Length)]
    [TestCase(4, 4096, 2, FinishReason.Length)]
    [TestCase(50, 15, 0, FinishReason.ContextFull)]
    [TestCase(50, 16, 1, FinishReason.ContextFull)]
    public void NobodyGuessesBeyondTheEnd(int maxNewTokens, int contextLength, int guesses, FinishReason reason)
    {
        (SchedulerFixture fixture, Sequence sequence, RecordingListener listener) = Start(maxNewTokens, contextLength);
        Assert.That(Step(fixture, sequence, 13, 14, 15, 16, 17), Has.Length.EqualTo(1 + guesses));
        Assert.That(sequence.FinishReason, Is.EqualTo(reason));
        Assert.That(listener.Tokens, Is.EqualTo(new[] { 13, 14, 15, 16 }[..(2 + guesses)]));
        fixture.AssertNothingIsLeft();
    }

    [Test]
    public void GuessesTakeFreePagesAndGiveThemBack()
    {
        // 14 tokens are three and a half pages of 4: two guesses lie in the fourth page, the third in a fifth.
        (SchedulerFixture fixture, Sequence sequence, _) = Start(pageCount: 5);
        fixture.Scheduler.TryPlan(fixture.Plan, 64);
        Assert.That(fixture.Plan.TokenCount, Is.EqualTo(4));
        Assert.That(sequence.Table.PageCount, Is.EqualTo(5));
        fixture.Scheduler.Complete(fixture.Plan, [99, 15, 16, 17]);
        Step(fixture, sequence, 13, 99, 98);
        Assert.That(sequence.Table.PageCount, Is.EqualTo(4));
    }

    [Test]
    public void GuessesTakeNoPageFromAnybody()
    {
        var fixture = new SchedulerFixture(pageCount: 5, lookupTokens: 3);
        fixture.Add([20, 21, 22, 23], maxNewTokens: 1);
        fixture.Step();
        Assert.That(fixture.Tree.CachedCount, Is.EqualTo(1));
        var sequence = new Sequence(s_prompt, SamplingParameters.Greedy, 50);
        fixture.Scheduler.Add(sequence);
        Step(fixture, sequence, 13);
        Assert.That(fixture.Pool.FreeCount, Is.Zero);
        fixture.Scheduler.TryPlan(fixture.Plan, 64);
        Assert.That(fixture.Plan.TokenCount, Is.EqualTo(3), "the page that is kept for others stays");
        Assert.That(fixture.Tree.CachedCount, Is.EqualTo(1));
    }

    [Test]
    public void AnAcceptedGuessFillsPagesThatAreShared()
    {
        (SchedulerFixture fixture, Sequence sequence, _) = Start();
        Step(fixture, sequence, 13, 14, 15, 16, 17);
        Assert.That(sequence.PublishedPages, Is.EqualTo(4), "17 of 18 tokens are computed");
        Step(fixture, sequence, 13, 14, 15, 16, 17, 99);
        Assert.That(sequence.PublishedPages, Is.EqualTo(4), "the page that wrong guesses filled is not published");
    }

    [Test]
    public void ACancelledSequenceHearsNoGuess()
    {
        (SchedulerFixture fixture, Sequence sequence, RecordingListener listener) = Start();
        fixture.Scheduler.TryPlan(fixture.Plan, 64);
        fixture.Scheduler.Cancel(sequence);
        fixture.Scheduler.Complete(fixture.Plan, [14, 15, 16, 17]);
        Assert.That(listener.Tokens, Is.EqualTo(new[] { 13 }));
        Assert.That(fixture.Scheduler.DraftsAccepted, Is.Zero);
        fixture.AssertNothingIsLeft();
    }

    [Test]
    public void WhoEndsASequenceInTheMiddleOfAStepEndsItThere()
    {
        var fixture = new SchedulerFixture(lookupTokens: 3);
        var ending = new RecordingListener { TokenAction = sequence => EndAt(fixture, sequence, 3) };
        var sequence = new Sequence(s_prompt, SamplingParameters.Greedy, 50, listener: ending);
        fixture.Scheduler.Add(sequence);
        Step(fixture, sequence, 13);
        Step(fixture, sequence, 13, 14, 15, 16, 17);
        Assert.That(sequence.Generated.ToArray(), Is.EqualTo(new[] { 13, 14, 15 }));
        Assert.That(ending.Tokens, Is.EqualTo(new[] { 13, 14, 15 }));
        AssertCounts(fixture, generated: 3, drafted: 3, accepted: 1);
        fixture.AssertNothingIsLeft();
    }

    [Test]
    public void ALostDeviceTakesTheGuessesAlong()
    {
        (SchedulerFixture fixture, Sequence sequence, RecordingListener listener) = Start();
        fixture.Scheduler.TryPlan(fixture.Plan, 64);
        fixture.Scheduler.Abandon(fixture.Plan);
        Assert.That(sequence.Generated.ToArray(), Is.EqualTo(new[] { 13 }));
        Assert.That(fixture.Pool.FreeCount, Is.EqualTo(fixture.Pool.PageCount));
        Step(fixture, sequence, 13, 14);
        Step(fixture, sequence, 13, 14, 15, 16, 17, 18);
        Assert.That(listener.Tokens, Is.EqualTo(new[] { 13, 14, 15, 16, 17, 18 }));
    }

    [Test]
    public void AForkInTheMiddleOfAStepStartsFromWhatWasHeard([Values(1, 3, 4)] int pageSize)
    {
        var fixture = new SchedulerFixture(pageCount: 400, pageSize: pageSize, maxRunning: 40, lookupTokens: 3);
        var forks = new List<Sequence>();
        var listener = new RecordingListener
        {
            TokenAction = parent => forks.Add(fixture.Scheduler.Fork(parent, SamplingParameters.Greedy with { Seed = (ulong)forks.Count }, 10)),
        };
        Sequence sequence = fixture.Add(Prompt(9), maxNewTokens: 30, listener: listener);
        fixture.RunToEnd();
        Assert.That(fixture.Scheduler.DraftsAccepted, Is.Positive);
        Assert.That(forks.Select(fork => fork.PromptCount), Is.EqualTo(Enumerable.Range(10, 30)));
        AssertSaysWhatItSaysAlone(sequence, repeats: true);
        foreach (Sequence fork in forks) AssertSaysWhatItSaysAlone(fork, repeats: true);
        fixture.AssertNothingIsLeft();
    }

    [Test]
    public void AListenerMayRunTheNextStepItself()
    {
        SchedulerFixture? fixture = null;
        var listener = new RecordingListener { TokenAction = sequence => { if (sequence.GeneratedCount % 2 == 0) fixture!.Step(); } };
        fixture = new SchedulerFixture(lookupTokens: 3);
        Sequence first = fixture.Add(Prompt(9), maxNewTokens: 60, listener: listener), second = fixture.Add(Prompt(9, first: 3), maxNewTokens: 60, seed: 2);
        fixture.RunToEnd();
        Assert.That(listener.Tokens, Has.Count.EqualTo(60));
        AssertSaysWhatItSaysAlone(first, repeats: true);
        AssertSaysWhatItSaysAlone(second, repeats: true);
        fixture.AssertNothingIsLeft();
    }

    [Test]
    public void WhoThrowsOnATokenHearsTheRestLater()
    {
        var heard = new List<int>();
        var listener = new RecordingListener
        {
            TokenAction = sequence =>
            {
                heard.Add(sequence.Tokens[^1]);
                if (heard.Count == 3) throw new InvalidOperationException();
            },
        };
        var fixture = new SchedulerFixture(lookupTokens: 3);
        var sequence = new Sequence(s_prompt, SamplingParameters.Greedy, 6, listener: listener);
        fixture.Scheduler.Add(sequence);
        Step(fixture, sequence, 13);
        Assert.That(() => Step(fixture, sequence, 13, 14, 15, 16, 17), Throws.InvalidOperationException);
        Step(fixture, sequence, 13, 14, 15, 16, 17, 18);
        Assert.That(heard, Is.EqualTo(new[] { 13, 14, 15, 16, 17, 18 }));
        fixture.AssertNothingIsLeft();
    }

    [Test]
    public void NobodyGuessesWhileAPromptIsRead()
    {
        (SchedulerFixture fixture, _, _) = Start();
        fixture.Add(Prompt(30, first: 200));
        Assert.That(fixture.Scheduler.TryPlan(fixture.Plan, 20), Is.True);
        Assert.That(fixture.Plan.TokenCount, Is.EqualTo(20));
        Assert.That(fixture.Plan.LogitCount, Is.EqualTo(1));
    }

    [TestCase(1, 1)]
    [TestCase(2, 2)]
    [TestCase(3, 3)]
    [TestCase(64, 4)]
    public void GuessesKeepToTheBudget(int maxTokens, int planned)
    {
        (SchedulerFixture fixture, _, _) = Start();
        fixture.Scheduler.TryPlan(fixture.Plan, maxTokens);
        Assert.That(fixture.Plan.TokenCount, Is.EqualTo(planned));
    }

    [TestCase(3, 3)]
    [TestCase(4, 4)]
    [TestCase(8, 8)]
    [TestCase(20, 12)]
    public void EverybodySpeaksBeforeAnybodyGuesses(int maxLogits, int planned)
    {
        var fixture = new SchedulerFixture(lookupTokens: 3, maxLogits: maxLogits);
        for (int i = 0; i < 3; i++) fixture.Scheduler.Add(new Sequence([40 + i, .. s_prompt], SamplingParameters.Greedy, 50));
        fixture.Scheduler.TryPlan(fixture.Plan, 64);
        fixture.Scheduler.Complete(fixture.Plan, [13, 13, 13]);
        fixture.Scheduler.TryPlan(fixture.Plan, 64);
        Assert.That(fixture.Plan.RowCount, Is.EqualTo(3));
        Assert.That(fixture.Plan.TokenCount, Is.EqualTo(planned));
        Assert.That(fixture.Plan.LogitCount, Is.EqualTo(planned));
    }

    [Test]
    public void OnlyAChoiceByLogitsAloneIsGuessed()
    {
        SamplingParameters greedy = SamplingParameters.Greedy;
        Assert.That(Guesses(greedy), Is.EqualTo(3));
        Assert.That(Guesses(greedy with { TopK = 1, Seed = 5 }), Is.EqualTo(3), "what is greedy looks at nothing else");
        Assert.That(Guesses(greedy with { Temperature = 0.1f }), Is.Zero);
        Assert.That(Guesses(greedy with { RepetitionPenalty = 1.1f }), Is.Zero);
        Assert.That(Guesses(greedy with { PresencePenalty = 0.1f }), Is.Zero);
        Assert.That(Guesses(greedy with { FrequencyPenalty = 0.1f }), Is.Zero);
        Assert.That(Guesses(greedy, mayDraft: false), Is.Zero);

        static int Guesses(SamplingParameters sampling, bool mayDraft = true)
        {
            var fixture = new SchedulerFixture(lookupTokens: 3);
            var sequence = new Sequence(s_prompt, sampling, 50);
            fixture.Scheduler.Add(sequence);
            Step(fixture, sequence, 13);
            fixture.Scheduler.TryPlan(fixture.Plan, 64, mayDraft);
            return fixture.Plan.TokenCount - 1;
        }
    }

    [Test]
    public void ASteadyDecodeWithGuessesAllocatesNothing()
    {
        var fixture = new SchedulerFixture(pageCount: 4000, lookupTokens: 3, maxLogits: 32);
        for (int i = 0; i < 8; i++) fixture.Add(Prompt(10, first: i), maxNewTokens: 3000, seed: (ulong)i);
        int[] sampled = new int[32];
        for (int i = 0; i < 50; i++) Decode();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 400; i++) Decode();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(fixture.Scheduler.RunningCount, Is.EqualTo(8));
        Assert.That(fixture.Scheduler.DraftsAccepted, Is.GreaterThan(1000));

        void Decode()
        {
            fixture.Scheduler.TryPlan(fixture.Plan, 64);
            for (int i = 0; i < fixture.Plan.LogitCount; i++) sampled[i] = fixture.Plan.Positions[fixture.Plan.LogitTokens[i]] % 17 / 2;
            fixture.Scheduler.Complete(fixture.Plan, sampled);
        }
    }

    private static (SchedulerFixture Fixture, Sequence Sequence, RecordingListener Listener) Start(
        int maxNewTokens = 50, int contextLength = 4096, int pageCount = 64)
    {
        var fixture = new SchedulerFixture(pageCount, contextLength: contextLength, lookupTokens: 3);
        var listener = new RecordingListener();
        var sequence = new Sequence(s_prompt, SamplingParameters.Greedy, maxNewTokens, listener: listener);
        fixture.Scheduler.Add(sequence);
        Step(fixture, sequence, 13);
        return (fixture, sequence, listener);
    }

    /// <summary>Runs a step with a model that answers the prompt with this text, and after a wrong guess with whatever the text has there.</summary>
    /// <returns>The tokens of the step.</returns>
    private static int[] Step(SchedulerFixture fixture, Sequence sequence, params int[] answer)
    {
        Assert.That(fixture.Scheduler.TryPlan(fixture.Plan, 64), Is.True);
        StepPlan plan = fixture.Plan;
        int[] sampled = Enumerable.Range(0, plan.LogitCount)
            .Select(i => plan.Positions[plan.LogitTokens[i]] + 1 - sequence.PromptCount)
            .Select(index => index < answer.Length ? answer[index] : Wrong).ToArray();
        int[] tokens = plan.Tokens[..plan.TokenCount];
        fixture.Scheduler.Complete(plan, sampled);
        fixture.Scheduler.CheckIntegrity();
        return tokens;
    }

    private static void EndAt(SchedulerFixture fixture, Sequence sequence, int count)
    {
        if (sequence.GeneratedCount == count) fixture.Scheduler.Cancel(sequence);
    }

    private static void AssertCounts(SchedulerFixture fixture, int generated, int drafted, int accepted)
    {
        Assert.That(fixture.Scheduler.TokensGenerated, Is.EqualTo(generated), "tokens generated");
        Assert.That(fixture.Scheduler.TokensDrafted, Is.EqualTo(drafted), "tokens drafted");
        Assert.That(fixture.Scheduler.DraftsAccepted, Is.EqualTo(accepted), "drafts accepted");
    }
}
