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
/// Models whose matrices are of different types, as K-quant files are: queries, keys and values then are products of their own, and so are gate and
/// up. The engine against the reference transformer, on random weights.
/// </summary>
internal sealed class MixedTypesTests
{
    private const int Width = 256;
    private const int FeedForward = 512;
    private const int Vocabulary = 300;

    // Of a layer's matrices in order: query, key, value, attention output, gate, up, down.
    private static readonly TensorType[][] s_mixes =
    {
        new[] { TensorType.Q4_K, TensorType.Q4_K, TensorType.Q6_K, TensorType.Q4_K, TensorType.Q4_K, TensorType.Q4_K, TensorType.Q6_K },
        new[] { TensorType.Q8_0, TensorType.F16, TensorType.Q5_K, TensorType.Q5_0, TensorType.Q4_0, TensorType.Q8_0, TensorType.F32 },
        new[] { TensorType.Q5_1, TensorType.Q4_1, TensorType.Q4_1, TensorType.BF16, TensorType.Q6_K, TensorType.Q5_K, TensorType.Q4_0 },
        new[] { TensorType.Q2_K, TensorType.Q2_K, TensorType.Q3_K, TensorType.Q3_K, TensorType.Q2_K, TensorType.Q2_K, TensorType.Q3_K },
        new[]
        {
            TensorType.IQ4_XS, TensorType.IQ4_NL, TensorType.Q5_K, TensorType.IQ4_XS, TensorType.MXFP4, TensorType.MXFP4, TensorType.IQ4_NL,
        },
        new[]
        {
            TensorType.MXFP4, TensorType.Q2_K, TensorType.IQ4_NL, TensorType.Q6_K, TensorType.Q3_K, TensorType.IQ4_XS, TensorType.MXFP4,
        },
    };

    [Test]
    public void LogitsAreTheReferences([Range(0, 5)] int mix)
    {
        using var path = new TemporaryFile(Build(s_mixes[mix]));
        using GgufFile file = GgufFile.Open(path.Path);
        var reference = new ReferenceTransformer(file);
        int[] tokens = TestEngine.RandomTokens(mix, 70, Vocabulary);
        var expected = new List<float[]>();
        foreach (int token in tokens) expected.Add(reference.Next(token));

        using LlmEngine engine = LlmEngine.LoadSynthetic(new GgufWeights(file), TestEngine.Options with { FloatPages = true });
        engine.ReadLogits(tokens, (position, logits) =>
        {
            double scale = 0;
            for (int i = 0; i < Vocabulary; i++) scale = Math.Max(scale, Math.Abs(expected[position][i]));
            for (int i = 0; i < Vocabulary; i++)
            {
                // K-quants' scales are rounded to f16 when they are packed.
                Assert.That(logits[i], Is.EqualTo(expected[position][i]).Within(2e-3 * scale), $"mix {mix}, position {position}, token {i}");
            }
        });
        TestEngine.AssertValid(engine);
    }

    private static byte[] Build(TensorType[] types)
    {
        var random = new Random(types.Length);
        GgufBuilder builder = new GgufBuilder()
            .Add("general.architecture", "llama")
            .Add("llama.block_count", 2u)
            .Add("llama.context_length", 256u)
            .Add("llama.embedding_length", (uint)Width)
            .Add("llama.feed_forward_length", (uint)FeedForward)
            .Add("llama.attention.head_count", 4u)
            .Add("llama.attention.head_count_kv", 2u)
            .Add("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        void Matrix(string name, TensorType type, int columns, int rows) =>
            builder.Tensor(name, type, new long[] { columns, rows }, RandomRows(random, type, columns, rows));
        void Norm(string name) => builder.Tensor(name, TensorType.F32, new long[] { Width }, RandomRows(random, TensorType.F32, Width, 1));
        Matrix("token_embd.weight", TensorType.Q8_0, Width, Vocabulary);
        Norm("output_norm.weight");
        for (int layer = 0; layer < 2; layer++)
        {
            string Name(string tensor) => TensorNames.Layer(layer, tensor);
            Norm(Name(TensorNames.AttentionNorm));
            Matrix(Name(TensorNames.Query), types[0], Width, Width);
            Matrix(Name(TensorNames.Key), types[1], Width, Width / 2);
            Matrix(Name(TensorNames.Value), types[2], Width, Width / 2);
            Matrix(Name(TensorNames.AttentionOutput), types[3], Width, Width);
            Norm(Name(TensorNames.FeedForwardNorm));
            Matrix(Name(TensorNames.Gate), types[4], Width, FeedForward);
            Matrix(Name(TensorNames.Up), types[5], Width, FeedForward);
            Matrix(Name(TensorNames.Down), types[6], FeedForward, Width);
        }
        return builder.ToArray();
    }

    private static unsafe byte[] RandomRows(Random random, TensorType type, int columns, int rows)
    {
        long blocks = (long)rows * columns / type.BlockSize();
        var bytes = new byte[blocks * type.BlockBytes()];
        fixed (byte* target = bytes) new RandomWeights((uint)random.Next()).Fill(target, blocks, type, 1 / Math.Sqrt(columns));
        return bytes;
    }
}
