using System;
using System.Collections.Generic;
using System.Linq;
using EngineLlm.Cli;
using EngineLlm.Dialogue;
using EngineLlm.Models.Gguf;
using EngineLlm.Models.Weights;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;
using NUnit.Framework;

namespace EngineLlm.Tests.EndToEnd;

/// <summary>With guesses ahead a sequence says what it says without, token for token, on real kernels.</summary>
internal sealed class LookupTests
{
    private const int AnswerTokens = 40;

    [TestCase(WeightOrder.Lanes, false, 3)]
    [TestCase(WeightOrder.Lanes, true, 15)]
    [TestCase(WeightOrder.Rows, false, 1)]
    [TestCase(WeightOrder.Rows, true, 3)]
    public void RandomWeights(WeightOrder order, bool floatPages, int lookupTokens) => Check(
        options =>
        {
            using SyntheticWeights weights = SyntheticWeights.Create("tiny", "q4_0");
            return LlmEngine.LoadSynthetic(weights, options);
        },
        TestEngine.Options with { FloatPages = floatPages, Order = order },
        lookupTokens);

    /// <summary>Windows of 64, so that the answers lie a window and more behind the beginning.</summary>
    [TestCase("gemma2", true)]
    [TestCase("gemma2", false)]
    [TestCase("gemma3", false)]
    public void SlidingWindows(string name, bool floatPages) => Check(
        options =>
        {
            using GgufFile file = GgufFile.Open(SharedFiles.PathOf("golden", "architectures", name + ".gguf"));
            return LlmEngine.LoadSynthetic(new GgufWeights(file), options);
        },
        TestEngine.Options with { FloatPages = floatPages, PageSize = 16 },
        lookupTokens: 3);

    [Test]
    public void OneSequenceGuessesToo()
    {
        EngineOptions options = TestEngine.Options with { MaxSequences = 1, MaxTokensPerStep = 16 };
        Check(
            options =>
            {
                using SyntheticWeights weights = SyntheticWeights.Create("tiny", "q8_0");
                return LlmEngine.LoadSynthetic(weights, options);
            },
            options,
            lookupTokens: 3);
    }

    /// <summary>The model that comes along, which is what guessing is for: more than every second guess is right.</summary>
    [Test]
    public void TheCharactersOfTheScene()
    {
        string[] questions = { "Who are you?", "What do you sell?", "What happened here?", "Who is Mira?" };
        string[] without = Answers(0, out _), with = Answers(3, out EngineStatistics statistics);
        Assert.That(with, Is.EqualTo(without));
        TestContext.Out.WriteLine($"{statistics.DraftsAccepted} of {statistics.TokensDrafted} guesses were right, for {statistics.TokensGenerated} tokens");
        Assert.That(statistics.DraftsAccepted * 2, Is.GreaterThan(statistics.TokensDrafted));

        string[] Answers(int lookupTokens, out EngineStatistics statistics)
        {
            using LlmEngine engine = LlmEngine.Load(ModelLocator.Embedded()!, TestEngine.Options with { ContextLength = 1024, LookupTokens = lookupTokens });
            Npc npc = engine.CreateNpc(new NpcOptions
            {
                Persona = "You are Mira, the keeper of the Salt Lantern, a tavern on the quay of Greywater. Three nights ago somebody stole the brass "
                    + "lantern that hung over your door. You sell fish stew for two coppers, dark ale for one copper and honey cake for three coppers.",
                Sampling = SamplingParameters.Greedy,
                MaxAnswerTokens = 40,
            });
            var answers = new List<string>();
            foreach (string question in questions)
            {
                NpcAnswer answer = npc.Say(question);
                TestEngine.RunToEnd(engine);
                answers.Add(answer.Text);
            }
            TestEngine.AssertValid(engine);
            statistics = engine.Statistics;
            return answers.ToArray();
        }
    }

    private static void Check(Func<EngineOptions, LlmEngine> load, EngineOptions options, int lookupTokens)
    {
        using LlmEngine plain = load(options with { LookupTokens = 0 });
        int[][] prompts = RepeatingPrompts(plain.Model.VocabularySize);
        int[][] expected = prompts.Select(prompt => TestEngine.Continue(plain, prompt, SamplingParameters.Greedy, AnswerTokens)).ToArray();
        Assert.That(plain.Statistics.TokensDrafted, Is.Zero);

        using LlmEngine engine = load(options with { LookupTokens = lookupTokens });
        Assert.That(prompts.Select(prompt => TestEngine.Continue(engine, prompt, SamplingParameters.Greedy, AnswerTokens)), Is.EqualTo(expected), "alone");
        EngineStatistics alone = engine.Statistics;
        Assert.That(alone.TokensGenerated, Is.EqualTo(prompts.Length * AnswerTokens));
        Assert.That(alone.Steps, Is.LessThan(plain.Statistics.Steps));
        Assert.That(alone.Steps, Is.EqualTo(plain.Statistics.Steps - alone.DraftsAccepted), "each right guess has saved a step");
        Assert.That(Together(engine, prompts), Is.EqualTo(expected), "together");
        EngineStatistics all = engine.Statistics;
        TestContext.Out.WriteLine($"{all.DraftsAccepted} of {all.TokensDrafted} guesses were right, for {all.TokensGenerated} tokens");
        Assert.That(all.DraftsAccepted, Is.InRange(1, all.TokensDrafted - 1), "some were right, and some wrong");
        TestEngine.AssertValid(engine);
    }

    // Texts that say the same several times, of lengths around those of pages and windows.
    private static int[][] RepeatingPrompts(int vocabulary) => new[] { 5, 20, 31, 43 }
        .Select((length, i) => TestEngine.RandomTokens(i, length, vocabulary))
        .Select(text => text.Concat(text).Concat(text).ToArray()).ToArray();

    private static int[][] Together(LlmEngine engine, int[][] prompts)
    {
        engine.DropCachedPages();
        Sequence[] sequences = prompts.Select(prompt => new Sequence(prompt, SamplingParameters.Greedy, AnswerTokens)).ToArray();
        foreach (Sequence sequence in sequences) engine.Add(sequence);
        TestEngine.RunToEnd(engine);
        engine.CheckIntegrity();
        return sequences.Select(sequence => sequence.Generated.ToArray()).ToArray();
    }
}
