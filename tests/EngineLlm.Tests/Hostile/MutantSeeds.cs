using System;
using System.Collections.Generic;
using System.Linq;
using EngineLlm.Models;
using EngineLlm.Models.Gguf;
using EngineLlm.Tests.Models.Gguf;
using EngineLlm.Tests.Tokenization;

namespace EngineLlm.Tests.Hostile;

/// <summary>A model as it should be, whose bytes mutants are made of: one file, or the parts of a split one.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Parts">The files, in order.</param>
internal sealed record MutantSeed(string Name, IReadOnlyList<byte[]> Parts);

/// <summary>Small whole models: description, vocabulary, chat template and weights.</summary>
internal static class MutantSeeds
{
    private const int Width = 32;
    private const int HeadSize = 8;
    private const int KeyValueSize = 2 * HeadSize;
    private const int FeedForward = 64;

    // What the templates of real models are made of.
    private const string Template = """
        {%- macro line(role, text) -%}{{ '<|' ~ role ~ '|>' }}{{ text | trim }}{%- endmacro -%}
        {%- set ns = namespace(count=0, system='') -%}
        {%- if messages[0]['role'] == 'system' -%}{%- set ns.system = messages[0].content -%}{%- set loop_messages = messages[1:] -%}
        {%- else -%}{%- set loop_messages = messages -%}{%- endif -%}
        {{- bos_token if bos_token is defined else '' -}}
        {%- for message in loop_messages -%}
        {%- if (message.role == 'user') != (loop.index0 % 2 == 0) -%}{{ raise_exception('roles must alternate') }}{%- endif -%}
        {%- if loop.first and ns.system -%}{{ line('system', ns.system) }}{%- endif -%}
        {{- line(message['role'], message['content'].split('</think>')[-1].strip('\n')) -}}
        {%- set ns.count = ns.count + message.content | length -%}
        {%- if not loop.last -%}{{ '\n' }}{%- endif -%}
        {%- endfor -%}
        {%- if add_generation_prompt -%}{{ '<|assistant|>' }}{{ ns.count | string if ns.count > 100000 else '' }}{%- endif -%}
        {%- for i in range(3) | reverse -%}{{ [i, 'x'] | join(',') | upper if i is even else {'a': i} | tojson }}{%- endfor -%}
        """;

    internal static IReadOnlyList<MutantSeed> All { get; } = new[]
    {
        Whole("byte pairs", Model("qwen3", TinyVocabulary.BytePair("<|user|>", "<|assistant|>"), 262, TensorType.Q4_0)),
        Whole("sentence pieces", Model("gemma3", TinyVocabulary.SentencePiece(), 266, TensorType.MXFP4)
            .Add("gemma3.attention.sliding_window", 40u)
            .Add("gemma3.rope.freq_base", 1000000f)
            .Add("gemma3.final_logit_softcapping", 30f)),
        Whole("fused and long", Model("phi3", TinyVocabulary.SentencePiece(), 266, TensorType.Q5_1)
            .Add("phi3.rope.dimension_count", 8u)
            .Add("phi3.rope.scaling.original_context_length", 64u)
            .Add("phi3.rope.scaling.attn_factor", 1.2f)
            .Tensor(TensorNames.ShortRopeFactors, TensorType.F32, [4], Ones(4))
            .Tensor(TensorNames.LongRopeFactors, TensorType.F32, [4], Ones(4))),
        Whole("rope and fields", Model("llama", TinyVocabulary.SentencePiece(), 266, TensorType.IQ4_NL)
            .Add("llama.rope.freq_base", 10000f)
            .Add("llama.rope.scaling.type", "yarn")
            .Add("llama.rope.scaling.factor", 4f)
            .Add("llama.rope.scaling.original_context_length", 64u)
            .Add("llama.attention.key_length", 8u)
            .Add("llama.rope.dimension_count", 8u)),
        Whole("containers", GgufFileTests.Small()),
        new("parts", Model("qwen2", TinyVocabulary.BytePair(), 260, TensorType.Q8_0).Split(3).ToArrays()),
    };

    private static MutantSeed Whole(string name, GgufBuilder builder) => new(name, new[] { builder.ToArray() });

    private static IReadOnlyList<byte[]> ToArrays(this GgufBuilder[] parts) => Array.ConvertAll(parts, part => part.ToArray());

    private static GgufBuilder Model(string name, GgufBuilder builder, int vocabulary, TensorType type)
    {
        Architecture architecture = Architecture.Find(name)!;
        builder.Remove("general.architecture")
            .Add("general.architecture", name)
            .Add("tokenizer.chat_template", Template)
            .Add("general.name", "tiny")
            .Add($"{name}.block_count", 1u)
            .Add($"{name}.context_length", 128u)
            .Add($"{name}.embedding_length", (uint)Width)
            .Add($"{name}.feed_forward_length", (uint)FeedForward)
            .Add($"{name}.attention.head_count", 4u)
            .Add($"{name}.attention.head_count_kv", 2u)
            .Add($"{name}.attention.layer_norm_rms_epsilon", 1e-5f)
            .Tensor("token_embd.weight", TensorType.Q4_0, Width, vocabulary)
            .Tensor("output_norm.weight", TensorType.F32, Width);
        void Matrix(string tensor, int columns, int rows) => builder.Tensor(TensorNames.Layer(0, tensor), type, columns, rows);
        void Vector(string tensor, int size) => builder.Tensor(TensorNames.Layer(0, tensor), TensorType.F32, size);
        Vector(TensorNames.AttentionNorm, Width);
        if (architecture.HasFusedGateUp) Matrix(TensorNames.QueryKeyValue, Width, Width + 2 * KeyValueSize);
        else
        {
            Matrix(TensorNames.Query, Width, Width);
            Matrix(TensorNames.Key, Width, KeyValueSize);
            Matrix(TensorNames.Value, Width, KeyValueSize);
        }
        Matrix(TensorNames.AttentionOutput, Width, Width);
        Vector(TensorNames.FeedForwardNorm, Width);
        if (!architecture.HasFusedGateUp) Matrix(TensorNames.Gate, Width, FeedForward);
        Matrix(TensorNames.Up, Width, architecture.HasFusedGateUp ? 2 * FeedForward : FeedForward);
        Matrix(TensorNames.Down, FeedForward, Width);
        AddVectors(architecture, Vector);
        return builder;
    }

    private static void AddVectors(Architecture architecture, Action<string, int> add)
    {
        if (architecture.HasHeadNorms)
        {
            add(TensorNames.QueryNorm, HeadSize);
            add(TensorNames.KeyNorm, HeadSize);
        }
        if (architecture.HasPostNorms)
        {
            add(TensorNames.PostAttentionNorm, Width);
            add(TensorNames.PostFeedForwardNorm, Width);
        }
        if (architecture.HasQueryKeyValueBiases)
        {
            add(TensorNames.QueryBias, Width);
            add(TensorNames.KeyBias, KeyValueSize);
            add(TensorNames.ValueBias, KeyValueSize);
        }
    }

    private static byte[] Ones(int count)
    {
        var bytes = new byte[count * sizeof(float)];
        Buffer.BlockCopy(Enumerable.Repeat(1f, count).ToArray(), 0, bytes, 0, bytes.Length);
        return bytes;
    }
}
