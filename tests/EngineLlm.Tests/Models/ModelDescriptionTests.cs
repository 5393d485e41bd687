using System;
using System.IO;
using System.Linq;
using EngineLlm.Models;
using EngineLlm.Models.Gguf;
using EngineLlm.Tests.Models.Gguf;
using NUnit.Framework;

namespace EngineLlm.Tests.Models;

public sealed class ModelDescriptionTests
{
    [Test]
    public void ReadsSmolLm2()
    {
        ModelDescription model = Read(SharedFiles.SmolLm2);
        Assert.That((model.LayerCount, model.EmbeddingSize, model.FeedForwardSize), Is.EqualTo((30, 576, 1536)));
        Assert.That((model.HeadCount, model.KeyValueHeadCount, model.HeadSize), Is.EqualTo((9, 3, 64)));
        Assert.That((model.QuerySize, model.KeyValueSize, model.VocabularySize), Is.EqualTo((576, 192, 49152)));
        Assert.That((model.ContextLength, model.TiedEmbeddings, model.RopeStyle), Is.EqualTo((8192, true, RopeStyle.AdjacentPairs)));
        Assert.That((model.RopeDimensionCount, model.RopeFrequencyBase, model.RopeMagnitude), Is.EqualTo((64, 100000f, 1f)));
        Assert.That(model.RopeInverseFrequencies.Length, Is.EqualTo(32));
        Assert.That(model.RopeInverseFrequencies[0], Is.EqualTo(1f));
        Assert.That(model.RopeInverseFrequencies[16], Is.EqualTo(1 / Math.Sqrt(100000)).Within(1e-9));
        Assert.That(model.AttentionScale, Is.EqualTo(0.125f));
    }

    [Test]
    public void ReadsStories260KAndTheLlamaGoldens()
    {
        Assert.That(Read(SharedFiles.Stories260K).HeadSize, Is.EqualTo(8));
        foreach (string name in new[] { "llama-plain", "llama-head-size-odd", "llama-rope-linear", "llama-rope-yarn", "llama3-rope-factors" })
        {
            ModelDescription model = Read(SharedFiles.PathOf("golden", "architectures", name + ".gguf"));
            Assert.That((model.LayerCount, model.TiedEmbeddings), Is.EqualTo((2, false)), name);
        }
        Assert.That(Read(SharedFiles.PathOf("golden", "architectures", "llama-rope-linear.gguf")).RopeInverseFrequencies[0], Is.EqualTo(0.25f));
        Assert.That(Read(SharedFiles.PathOf("golden", "architectures", "llama3-rope-factors.gguf")).RopeScaling.FrequencyFactors, Has.Count.EqualTo(16));
    }

    [TestCase("falcon")]
    [TestCase("qwen3moe")]
    [TestCase("Llama")]
    public void OtherArchitecturesAreNamed(string name) =>
        AssertUnsupported(b => b.Remove("general.architecture").Add("general.architecture", name), $"architecture {name} is not supported");

    [Test]
    public void ReadsTheTinyModel()
    {
        ModelDescription model = Read(TinyModel.Builder());
        Assert.That((model.Name, model.HeadSize, model.VocabularySize, model.TiedEmbeddings), Is.EqualTo(("tiny", 8, 8, true)));
        Assert.That(Read(TinyModel.Builder().Tensor("output.weight", TensorType.Q8_0, 32, 8)).TiedEmbeddings, Is.False);
    }

    [Test]
    public void WhatIsNotComputedIsRefused()
    {
        AssertUnsupported(b => b.Add("llama.expert_count", 8u), "llama.expert_count");
        AssertUnsupported(b => b.Add("llama.expert_used_count", 2u), "llama.expert_used_count");
        AssertUnsupported(b => b.Add("llama.nobody_knows_this", 64u), "llama.nobody_knows_this");
        AssertUnsupported(b => b.Add("llama.attn_logit_softcapping", 50f), "softcapping");
        AssertUnsupported(b => b.Add("llama.final_logit_softcapping", 30f), "softcapping");
        AssertUnsupported(b => b.Add("llama.logit_scale", 2f), "logit_scale");
        AssertUnsupported(b => b.Add("llama.rope.scaling.type", "longrope"), "longrope");
        AssertUnsupported(b => b.Add("llama.rope.scaling.yarn_ext_factor", 0.5f), "yarn_ext_factor");
        AssertUnsupported(b => b.Add("llama.attention.key_length", 8u).Add("llama.attention.value_length", 4u), "different sizes");
        AssertUnsupported(b => b.Add("llama.attention.causal", false), "causal");
        AssertUnsupported(b => b.Add("general.type", "adapter"), "adapter");
        AssertUnsupported(b => b.Tensor("blk.0.ffn_up.bias", TensorType.F32, 48), "blk.0.ffn_up.bias");
        AssertUnsupported(b => b.Tensor("blk.1.attn_q.bias", TensorType.F32, 32), "blk.1.attn_q.bias");
        AssertUnsupported(b => b.Tensor("blk.0.attn_q_norm.weight", TensorType.F32, 8), "blk.0.attn_q_norm.weight");
        AssertUnsupported(b => b.Tensor("blk.0.ffn_gate_exps.weight", TensorType.F32, 32, 48, 8), "blk.0.ffn_gate_exps.weight");
        AssertUnsupported(b => b.Tensor("rope_factors_long.weight", TensorType.F32, 4), "rope_factors_long.weight");
        AssertUnsupported(b => Replace(b, "blk.1.ffn_gate.weight", TensorType.I8, 32, 48), "blk.1.ffn_gate.weight is of the type I8");
        AssertUnsupported(b => b.Remove("llama.feed_forward_length").Add("llama.feed_forward_length", 48, 48), "differs from layer to layer");
        Assert.That(() => Read(TinyModel.Builder().Add("llama.expert_count", 0u)), Throws.Nothing);
    }

    [Test]
    public void AbsurdValuesAreErrors()
    {
        AssertDamaged(b => b.Remove("general.architecture"), "general.architecture");
        AssertDamaged(b => Set(b, "llama.block_count", 0), "layer count");
        AssertDamaged(b => Set(b, "llama.block_count", 3), "blk.2.attn_norm.weight is missing");
        AssertDamaged(b => Set(b, "llama.block_count", uint.MaxValue), "llama.block_count");
        AssertDamaged(b => Set(b, "llama.attention.head_count", 0), "count");
        AssertDamaged(b => Set(b, "llama.attention.head_count_kv", 3), "key-value head count");
        AssertDamaged(b => Set(b, "llama.embedding_length", 64), "metadata asks for");
        AssertDamaged(b => Set(b, "llama.context_length", 0), "context length");
        AssertDamaged(b => b.Add("llama.rope.dimension_count", 7u), "rope dimension count");
        AssertDamaged(b => b.Add("llama.rope.dimension_count", 10u), "rope dimension count");
        AssertDamaged(b => b.Add("llama.rope.freq_base", float.NaN), "freq_base");
        AssertDamaged(b => b.Add("llama.rope.freq_base", 0f), "rope frequency base");
        AssertDamaged(b => b.Remove("llama.attention.layer_norm_rms_epsilon"), "layer_norm_rms_epsilon");
        AssertDamaged(b => b.Remove("llama.attention.layer_norm_rms_epsilon").Add("llama.attention.layer_norm_rms_epsilon", 0f), "epsilon");
        AssertDamaged(b => b.RemoveTensor("blk.1.ffn_up.weight"), "blk.1.ffn_up.weight is missing");
        AssertDamaged(b => b.RemoveTensor("token_embd.weight"), "token_embd.weight is missing");
        AssertDamaged(b => Replace(b, "blk.0.attn_q.weight", TensorType.Q4_0, 32, 16), "32 x 16");
        AssertDamaged(b => b.Tensor("rope_freqs.weight", TensorType.F32, [3], [0, 0, 128, 63, 0, 0, 128, 63, 0, 0, 128, 63]), "rope factors");
        AssertDamaged(b => b.Tensor("rope_freqs.weight", TensorType.F32, 4), "divisors above 0");
        AssertDamaged(b => b.Add("tokenizer.ggml.tokens", "a", "b"), "2 tokens");
        AssertDamaged(b => b.Tensor("blk.0.attn_q.bias", TensorType.F32, 32), "blk.0.attn_k.bias is missing");
        AssertDamaged(b => b.Tensor("blk.0.attn_output.bias", TensorType.F32, 16), "blk.0.attn_output.bias is 16");
        AssertDamaged(b => b.Add("llama.attention.sliding_window", 64u).Add("llama.attention.sliding_window_pattern", 1, 0), "sliding_window_pattern");
    }

    [Test]
    public void ArchitecturesAreFeatures()
    {
        ModelDescription qwen2 = ReadGolden("qwen2"), qwen3 = ReadGolden("qwen3"), phi3 = ReadGolden("phi3");
        Assert.That((qwen2.RopeStyle, qwen2.QueryKeyValueBiases, qwen2.TiedEmbeddings), Is.EqualTo((RopeStyle.Halves, true, true)));
        Assert.That((qwen3.HeadNorms, qwen3.HeadSize, qwen3.QueryKeyValueBiases), Is.EqualTo((true, 64, false)));
        Assert.That((phi3.FusedQueryKeyValue, phi3.FusedGateUp, phi3.FeedForwardSize), Is.EqualTo((true, true, 256)));
        ModelDescription smollm3 = ReadGolden("smollm3");
        Assert.That(Layers(smollm3, i => smollm3.RopeOf(i) is not null), Is.EqualTo("11101"));
    }

    [Test]
    public void GemmasSlideByTheirPatterns()
    {
        ModelDescription gemma2 = ReadGolden("gemma2"), gemma3 = ReadGolden("gemma3");
        Assert.That((gemma2.AttentionSoftCap, gemma2.LogitSoftCap, gemma2.SlidingWindow), Is.EqualTo((50f, 30f, 64)));
        Assert.That(gemma2.EmbeddingScale, Is.EqualTo(Math.Sqrt(128)).Within(1e-5));
        Assert.That(Layers(gemma2, gemma2.IsSliding), Is.EqualTo("1010"));
        Assert.That(gemma2.SlidingRope, Is.SameAs(gemma2.Rope));
        Assert.That((gemma3.AttentionSoftCap, gemma3.LogitSoftCap, gemma3.HeadNorms, gemma3.PostNorms), Is.EqualTo((0f, 0f, true, true)));
        Assert.That(Layers(gemma3, gemma3.IsSliding), Is.EqualTo("1111101"));
        Assert.That((gemma3.RopeOf(0)!.FrequencyBase, gemma3.RopeOf(5)!.FrequencyBase), Is.EqualTo((10000f, 1000000f)));
    }

    [Test]
    public void AWindowMayBelongToAllLayersOrToSome()
    {
        ModelDescription all = Read(TinyModel.Builder().Add("llama.attention.sliding_window", 64u));
        Assert.That((all.SlidingWindow, Layers(all, all.IsSliding)), Is.EqualTo((64, "11")), "as in Mistral's first models");
        ModelDescription some = Read(TinyModel.Builder().Add("llama.attention.sliding_window", 64u).Add("llama.attention.sliding_window_pattern", 2u));
        Assert.That(Layers(some, some.IsSliding), Is.EqualTo("10"));
    }

    [Test]
    public void LongRopeGoesByTheContext()
    {
        var scaling = new RopeScaling { OriginalContextLength = 4096, FrequencyFactors = new float[] { 1, 2 }, LongFrequencyFactors = new float[] { 4, 8 } };
        var rope = new RotaryEmbedding(4, 10000, scaling);
        Assert.That(rope.InverseFrequencies(4096), Is.EqualTo(new[] { 1f, 0.01f / 2 }));
        Assert.That(rope.InverseFrequencies(4097), Is.EqualTo(new[] { 0.25f, 0.01f / 8 }));
    }

    [Test]
    public void ASyntheticDescriptionValidates()
    {
        var model = new ModelDescription
        {
            LayerCount = 32, EmbeddingSize = 4096, FeedForwardSize = 14336, HeadCount = 32, KeyValueHeadCount = 8, HeadSize = 128,
            VocabularySize = 128256, ContextLength = 8192, RopeFrequencyBase = 500000,
        };
        Assert.That(() => model.Validate(), Throws.Nothing);
        Assert.That((model.RopeDimensionCount, model.KeyValueSize), Is.EqualTo((128, 1024)));
        var wrong = new ModelDescription
        {
            LayerCount = 1, EmbeddingSize = 64, FeedForwardSize = 64, HeadCount = 3, KeyValueHeadCount = 2, HeadSize = 64,
            VocabularySize = 10, ContextLength = 64,
        };
        Assert.That(() => wrong.Validate("random"), Throws.InstanceOf<ModelFormatException>().With.Message.StartsWith("random: "));
    }

    [Test]
    public void YarnKeepsFastFrequenciesAndDividesSlowOnes()
    {
        var scaling = new RopeScaling { Kind = RopeScalingKind.Yarn, Factor = 4, OriginalContextLength = 4096 };
        float[] plain = RopeFrequencies.Compute(128, 10000, RopeScaling.None);
        float[] yarn = RopeFrequencies.Compute(128, 10000, scaling);
        Assert.That(yarn[0], Is.EqualTo(plain[0]));
        Assert.That(yarn[63], Is.EqualTo(plain[63] / 4).Within(1e-9));
        Assert.That(RopeFrequencies.Magnitude(scaling), Is.EqualTo(1 + 0.1 * Math.Log(4)).Within(1e-6));
    }

    internal static ModelDescription Read(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        return ModelDescription.Read(file);
    }

    private static ModelDescription ReadGolden(string name) => Read(SharedFiles.PathOf("golden", "architectures", name + ".gguf"));

    private static string Layers(ModelDescription model, Func<int, bool> has) =>
        string.Concat(Enumerable.Range(0, model.LayerCount).Select(layer => has(layer) ? '1' : '0'));

    private static ModelDescription Read(GgufBuilder builder)
    {
        using var temporary = new TemporaryFile(builder.ToArray());
        return Read(temporary.Path);
    }

    private static void Set(GgufBuilder builder, string key, uint value) => builder.Remove(key).Add(key, value);

    private static void Replace(GgufBuilder builder, string tensor, TensorType type, params long[] dimensions) =>
        builder.RemoveTensor(tensor).Tensor(tensor, type, dimensions);

    private static void AssertUnsupported(Action<GgufBuilder> change, string expected) => AssertError<UnsupportedModelException>(change, expected);

    private static void AssertDamaged(Action<GgufBuilder> change, string expected) => AssertError<ModelFormatException>(change, expected);

    private static void AssertError<T>(Action<GgufBuilder> change, string expected) where T : EngineLlmException
    {
        GgufBuilder builder = TinyModel.Builder();
        change(builder);
        Assert.That(() => Read(builder), Throws.InstanceOf<T>().With.Message.Contains(expected).And.Message.Not.Contains("\n"));
    }
}
