using System;
using System.Collections.Generic;
using System.Linq;
using EngineLlm.Cli.Verification;
using EngineLlm.Models.Gguf;
using EngineLlm.Models.Weights;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;
using NUnit.Framework;

namespace EngineLlm.Tests.EndToEnd;

/// <summary>Every architecture against its reference logits, with the kernels of processors and those of GPUs.</summary>
internal sealed class ArchitectureTests
{
    private const double MaxKlOfHalfPages = 1e-4;
    private const double MaxKlOfFloatPages = 1e-5;
    private const double MinSameTop = 0.995;
    private const int AnswerTokens = 40;
    private static readonly int[] s_promptLengths = { 20, 31, 32, 33, 64, 65, 97, 128, 150, 193 };

    private static readonly string[] s_names =
    {
        "llama-plain", "llama-head-size-odd", "llama-rope-linear", "llama-rope-yarn", "llama3-rope-factors", "qwen2", "qwen3", "gemma2", "gemma3", "phi3",
        "smollm3",
    };

    [Test]
    public void EveryGoldenIsTested()
    {
        IEnumerable<string> files = System.IO.Directory.EnumerateFiles(SharedFiles.PathOf("golden", "architectures"), "*.gguf");
        Assert.That(files.Select(System.IO.Path.GetFileNameWithoutExtension), Is.EquivalentTo(s_names));
    }

    [Test]
    [Combinatorial]
    public void LogitsAreTheReferences([ValueSource(nameof(s_names))] string name, [Values] bool floatPages) =>
        CheckLogits(name, floatPages, TestEngine.Options with { FloatPages = floatPages });

    [TestCaseSource(nameof(s_names))]
    public void LogitsAreTheReferencesWithTheKernelsOfGpus(string name) =>
        CheckLogits(name, floatPages: false, TestEngine.Options with { Order = WeightOrder.Rows });

    private static void CheckLogits(string name, bool floatPages, EngineOptions options)
    {
        using LlmEngine engine = Load(name, options);
        Compare(engine, name, floatPages ? MaxKlOfFloatPages : MaxKlOfHalfPages, chunkTokens: 0);
        Compare(engine, name, floatPages ? MaxKlOfFloatPages : MaxKlOfHalfPages, chunkTokens: 7);
        TestEngine.AssertValid(engine);
    }

    /// <summary>
    /// In a batch each prompt goes on with the reference's most likely token. Where pages run out, so that sequences take each other's, all say what
    /// they say alone, where logits are compared; sampled, so that a small change of the logits shows.
    /// </summary>
    [TestCaseSource(nameof(s_names))]
    public void TokensAreTheSameInABatchAndAcrossPreemptions(string name)
    {
        using LlmEngine engine = Load(name, TestEngine.Options with { PageCount = 12 });
        LogitsReference text = References(name)[1];
        int[][] prompts = s_promptLengths.Select(length => text.Tokens[..length]).ToArray();
        int[][] first = Together(engine, prompts, _ => SamplingParameters.Greedy, count: 1);
        Assert.That(first.Select(tokens => tokens[0]), Is.EqualTo(s_promptLengths.Select(length => text.Top[length - 1].Ids![0])), name);

        int[][] alone = prompts.Select((prompt, i) => TestEngine.Continue(engine, prompt, Sampled(i), AnswerTokens)).ToArray();
        Assert.That(engine.Statistics.Preemptions, Is.Zero);
        Assert.That(Together(engine, prompts, Sampled, AnswerTokens), Is.EqualTo(alone), name);
        Assert.That(engine.Statistics.Preemptions, Is.GreaterThan(0), "nothing was preempted, so nothing was tested");
        TestEngine.AssertValid(engine);
    }

    /// <summary>
    /// With seven pages of 16 tokens for windows of 64, texts of three windows only get through where pages that have left every window are used again.
    /// </summary>
    [TestCase("gemma2")]
    [TestCase("gemma3")]
    public void SlidingLayersUseNoPageThatHasLeftEveryWindow(string name)
    {
        using LlmEngine engine = Load(name, TestEngine.Options with { MaxSequences = 1, MaxTokensPerStep = 16, PageSize = 16 });
        Assert.That(engine.WindowPageCount, Is.EqualTo(7));
        Compare(engine, name, MaxKlOfHalfPages, chunkTokens: 0);
        LogitsReference text = References(name)[1];
        foreach (int length in s_promptLengths)
        {
            // The shorter prompt is still cached; whether its pages can be shared depends on what is left of its window.
            int[] next = Together(engine, [text.Tokens[..length]], _ => SamplingParameters.Greedy, count: 1, keepsPages: true)[0];
            Assert.That(next[0], Is.EqualTo(text.Top[length - 1].Ids![0]), $"{name} after {length} tokens");
        }
        TestEngine.AssertValid(engine);
    }

    private static int[][] Together(LlmEngine engine, int[][] prompts, Func<int, SamplingParameters> sampling, int count, bool keepsPages = false)
    {
        if (!keepsPages) engine.DropCachedPages();
        Sequence[] sequences = prompts.Select((prompt, i) => new Sequence(prompt, sampling(i), count)).ToArray();
        foreach (Sequence sequence in sequences) engine.Add(sequence);
        TestEngine.RunToEnd(engine);
        engine.CheckIntegrity();
        return sequences.Select(sequence => sequence.Generated.ToArray()).ToArray();
    }

    private static SamplingParameters Sampled(int seed) => new() { Temperature = 1, TopK = 0, TopP = 1, Seed = (ulong)seed };

    private static void Compare(LlmEngine engine, string name, double maxKl, int chunkTokens)
    {
        var comparison = new LogitsComparison();
        foreach (LogitsReference reference in References(name))
            engine.ReadLogits(reference.Tokens, (position, logits) => comparison.Add(reference.Top[position], logits), chunkTokens);
        string what = $"{name} in chunks of {chunkTokens}, {comparison.Positions} positions: mean KL {comparison.MeanKl:G3}, same top {comparison.SameTop:P2}";
        TestContext.Out.WriteLine(what);
        Assert.That(comparison.Positions, Is.GreaterThan(100), what);
        Assert.That(comparison.MeanKl, Is.InRange(-maxKl, maxKl), what);
        Assert.That(comparison.SameTop, Is.GreaterThanOrEqualTo(MinSameTop), what);
    }

    private static LlmEngine Load(string name, EngineOptions options)
    {
        using GgufFile file = GgufFile.Open(SharedFiles.PathOf("golden", "architectures", name + ".gguf"));
        return LlmEngine.LoadSynthetic(new GgufWeights(file), options);
    }

    private static LogitsReference[] References(string name) =>
        LogitsReference.Read(SharedFiles.PathOf("golden", "architectures", name + ".jsonl"), 512).ToArray();
}
