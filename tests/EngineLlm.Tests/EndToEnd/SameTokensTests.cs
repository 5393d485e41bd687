using System;
using System.Collections.Generic;
using System.Linq;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;
using NUnit.Framework;

namespace EngineLlm.Tests.EndToEnd;

/// <summary>A sequence's tokens depend on its prompt and its sampling alone: not on the batch, the chunks, shared pages, or lost ones.</summary>
internal sealed class SameTokensTests
{
    private const int AnswerTokens = 24;
    private static readonly int[] s_promptLengths = { 1, 2, 7, 31, 32, 33, 64, 97, 100, 128, 129, 150, 200, 255, 257, 300 };
    private static int[][] s_prompts = Array.Empty<int[]>();
    private static int[][] s_alone = Array.Empty<int[]>();

    [OneTimeSetUp]
    public void RunEveryPromptAlone()
    {
        using LlmEngine engine = TestEngine.OfRandomWeights();
        s_prompts = s_promptLengths.Select((length, i) => TestEngine.RandomTokens(i + 1, length, engine.Model.VocabularySize)).ToArray();
        s_alone = s_prompts.Select((prompt, i) => TestEngine.Continue(engine, prompt, Sampling(i), AnswerTokens)).ToArray();
        TestEngine.AssertValid(engine);
        Assert.That(s_alone.Select(tokens => string.Join(",", tokens)).Distinct().Count(), Is.EqualTo(s_prompts.Length), "each prompt has an answer of its own");
    }

    [Test]
    public void InABatchOf16()
    {
        using LlmEngine engine = TestEngine.OfRandomWeights();
        Assert.That(ContinueTogether(engine, s_prompts), Is.EqualTo(s_alone));
        TestEngine.AssertValid(engine);
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(32)]
    [TestCase(1024)]
    public void WhateverTheChunks(int maxTokensPerStep)
    {
        using LlmEngine engine = TestEngine.OfRandomWeights(options: TestEngine.Options with { MaxTokensPerStep = maxTokensPerStep });
        Assert.That(ContinueTogether(engine, s_prompts), Is.EqualTo(s_alone));
        TestEngine.AssertValid(engine);
    }

    [TestCase(16)]
    [TestCase(64)]
    public void WhateverThePageSize(int pageSize)
    {
        using LlmEngine engine = TestEngine.OfRandomWeights(options: TestEngine.Options with { PageSize = pageSize, PageCount = 128 * 32 / pageSize });
        Assert.That(ContinueTogether(engine, s_prompts), Is.EqualTo(s_alone));
    }

    [Test]
    public void WhateverTheBudget()
    {
        using LlmEngine engine = TestEngine.OfRandomWeights();
        Assert.That(ContinueTogether(engine, s_prompts, budgetMicroseconds: 1), Is.EqualTo(s_alone), "one layer a frame");
        TestEngine.AssertValid(engine);
    }

    [Test]
    public void WithTheirPrefixesShared()
    {
        using LlmEngine engine = TestEngine.OfRandomWeights();
        int[] prefix = s_prompts[^1];
        int[][] prompts = Enumerable.Range(0, 6).Select(i => prefix.Concat(TestEngine.RandomTokens(100 + i, 5 + 9 * i, engine.Model.VocabularySize)).ToArray()).ToArray();
        int[][] alone = prompts.Select((prompt, i) => TestEngine.Continue(engine, prompt, Sampling(i), AnswerTokens)).ToArray();

        engine.DropCachedPages();
        long before = engine.Statistics.TokensPrefilled;
        Assert.That(ContinueTogether(engine, prompts), Is.EqualTo(alone));
        long computed = engine.Statistics.TokensPrefilled - before;
        Assert.That(computed, Is.LessThan(prefix.Length * 2), "the shared part was computed once");
        TestEngine.AssertValid(engine);
    }

    [Test]
    public void WhenPagesRunOut()
    {
        // Eight answers grow to four pages each, and there are ten: they are admitted with one or two, and then take each other's.
        using LlmEngine engine = TestEngine.OfRandomWeights(options: TestEngine.Options with { PageCount = 10 });
        const int count = 80;
        int[][] prompts = s_prompts.Take(8).Select(prompt => prompt.Take(40).ToArray()).ToArray();
        int[][] alone = prompts.Select((prompt, i) => TestEngine.Continue(engine, prompt, Sampling(i), count)).ToArray();
        Assert.That(ContinueTogether(engine, prompts, count: count), Is.EqualTo(alone));
        Assert.That(engine.Statistics.Preemptions, Is.GreaterThan(0), "nothing was preempted, so nothing was tested");
        TestEngine.AssertValid(engine);
    }

    [Test]
    public void AfterAFork()
    {
        using LlmEngine engine = TestEngine.OfRandomWeights();
        var parent = new Sequence(s_prompts[7], Sampling(7), AnswerTokens);
        engine.Add(parent);
        while (parent.GeneratedCount < 5) Step(engine);
        Sequence same = engine.Fork(parent, Sampling(7), AnswerTokens - parent.GeneratedCount);
        Sequence other = engine.Fork(parent, Sampling(99), AnswerTokens - parent.GeneratedCount);
        int forkedAt = other.PromptCount;
        TestEngine.RunToEnd(engine);

        Assert.That(parent.Generated.ToArray(), Is.EqualTo(s_alone[7]));
        Assert.That(same.Tokens.ToArray(), Is.EqualTo(parent.Tokens.ToArray()), "with the parent's sampling a child says the same");
        Assert.That(other.Generated.ToArray(), Is.Not.EqualTo(same.Generated.ToArray()));
        int[] otherAlone = TestEngine.Continue(engine, other.Tokens.Slice(0, forkedAt).ToArray(), Sampling(99), other.GeneratedCount);
        Assert.That(other.Generated.ToArray(), Is.EqualTo(otherAlone), "copy-on-write left the child's own pages whole");
        TestEngine.AssertValid(engine);
    }

    private static SamplingParameters Sampling(int seed) => new()
    {
        Temperature = 1,
        TopK = 50,
        TopP = 0.9f,
        RepetitionPenalty = 1.1f,
        Seed = (ulong)seed,
    };

    private static int[][] ContinueTogether(LlmEngine engine, int[][] prompts, int budgetMicroseconds = int.MaxValue, int count = AnswerTokens)
    {
        var sequences = new List<Sequence>();
        for (int i = 0; i < prompts.Length; i++) sequences.Add(new Sequence(prompts[i], Sampling(i), count));
        foreach (Sequence sequence in sequences) engine.Add(sequence);
        TestEngine.RunToEnd(engine, budgetMicroseconds);
        engine.CheckIntegrity();
        return sequences.Select(sequence => sequence.Generated.ToArray()).ToArray();
    }

    private static void Step(LlmEngine engine)
    {
        engine.Update(int.MaxValue);
        engine.WaitForProgress(TimeSpan.FromSeconds(1));
    }
}
