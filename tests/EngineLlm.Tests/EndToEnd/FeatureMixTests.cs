using System;
using System.Collections.Generic;
using EngineLlm.Models;
using EngineLlm.Models.Gguf;
using EngineLlm.Models.Weights;
using EngineLlm.Tests.Models;
using EngineLlm.Tests.Models.Gguf;
using NUnit.Framework;

namespace EngineLlm.Tests.EndToEnd;

/// <summary>
/// Features in company that the reference logits do not have: quantised matrices of several types with biases, GELU where gate and up are products of
/// their own, LongRoPE on part of a head, windows cut by pages and splits. The engine against the reference transformer, on random weights.
/// </summary>
internal sealed class FeatureMixTests
{
    private const int Vocabulary = 300;
    private const int Context = 160;

    [Test]
    public void BiasesOfMixedTypes([Values] WeightOrder order) => Check(new RandomModel("llama", seed: 1)
    {
        Query = TensorType.Q8_0, Key = TensorType.Q8_0, Value = TensorType.Q5_0, HasBiases = true,
    }, order);

    [Test]
    public void GeluOfMixedTypes([Values] WeightOrder order) => Check(new RandomModel("gemma2", seed: 2)
    {
        Gate = TensorType.Q4_0, Up = TensorType.Q8_0, Settings = b => b.Add("gemma2.attention.sliding_window", 70u),
    }, order);

    [Test]
    public void WindowsOfWholeAndPartPages([Values(32u, 33u, 100u)] uint window) => Check(new RandomModel("gemma3", seed: 3)
    {
        Settings = b => b.Add("gemma3.attention.sliding_window", window).Add("gemma3.rope.freq_base", 1000000f),
    });

    [Test]
    public void AllLayersSlide() => Check(new RandomModel("llama", seed: 4) { Settings = b => b.Add("llama.attention.sliding_window", 40u) });

    [Test]
    public void LongRopeOfPartOfAHead([Values(64, Context)] int context) => Check(new RandomModel("phi3", seed: 5)
    {
        Settings = b => b.Add("phi3.rope.dimension_count", 48u).Add("phi3.rope.scaling.original_context_length", 64u).Add("phi3.rope.scaling.attn_factor", 1.2f),
        LongRopePairs = 24,
    }, context: context);

    private static void Check(RandomModel model, WeightOrder? order = null, int context = Context)
    {
        using var path = new TemporaryFile(model.Build(Vocabulary));
        using GgufFile file = GgufFile.Open(path.Path);
        var reference = new ReferenceTransformer(file, context);
        int[] tokens = TestEngine.RandomTokens(7, context, Vocabulary);
        var expected = new List<float[]>();
        foreach (int token in tokens) expected.Add(reference.Next(token));

        EngineOptions options = TestEngine.Options with { FloatPages = true, Order = order, ContextLength = context };
        using LlmEngine engine = LlmEngine.LoadSynthetic(new GgufWeights(file), options);
        engine.ReadLogits(tokens, (position, logits) =>
        {
            double scale = 0;
            for (int i = 0; i < Vocabulary; i++) scale = Math.Max(scale, Math.Abs(expected[position][i]));
            for (int i = 0; i < Vocabulary; i++)
            {
                Assert.That(logits[i], Is.EqualTo(expected[position][i]).Within(2e-4 * scale), $"{model}, position {position}, token {i}");
            }
        });
        TestEngine.AssertValid(engine);
    }
}
