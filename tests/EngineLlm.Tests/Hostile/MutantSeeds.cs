using System.Collections.Generic;
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
        Whole("byte pairs", Model(TinyVocabulary.BytePair("<|user|>", "<|assistant|>"), 262, TensorType.Q4_0)),
        Whole("sentence pieces", Model(TinyVocabulary.SentencePiece(), 266, TensorType.MXFP4)),
        Whole("rope and fields", Model(TinyVocabulary.SentencePiece(), 266, TensorType.IQ4_NL)
            .Add("llama.rope.freq_base", 10000f)
            .Add("llama.rope.scaling.type", "yarn")
            .Add("llama.rope.scaling.factor", 4f)
            .Add("llama.rope.scaling.original_context_length", 64u)
            .Add("llama.attention.key_length", 8u)
            .Add("llama.rope.dimension_count", 8u)),
        Whole("containers", GgufFileTests.Small()),
        new("parts", Model(TinyVocabulary.BytePair(), 260, TensorType.Q8_0).Split(3).ToArrays()),
    };

    private static MutantSeed Whole(string name, GgufBuilder builder) => new(name, new[] { builder.ToArray() });

    private static IReadOnlyList<byte[]> ToArrays(this GgufBuilder[] parts) => System.Array.ConvertAll(parts, part => part.ToArray());

    private static GgufBuilder Model(GgufBuilder builder, int vocabulary, TensorType type)
    {
        builder.Add("tokenizer.chat_template", Template)
            .Add("general.name", "tiny")
            .Add("llama.block_count", 1u)
            .Add("llama.context_length", 128u)
            .Add("llama.embedding_length", (uint)Width)
            .Add("llama.feed_forward_length", 64u)
            .Add("llama.attention.head_count", 4u)
            .Add("llama.attention.head_count_kv", 2u)
            .Add("llama.attention.layer_norm_rms_epsilon", 1e-5f)
            .Tensor("token_embd.weight", TensorType.Q4_0, Width, vocabulary)
            .Tensor("output_norm.weight", TensorType.F32, Width);
        void Layer(string name, TensorType kind, params long[] shape) => builder.Tensor(TensorNames.Layer(0, name), kind, shape);
        Layer(TensorNames.AttentionNorm, TensorType.F32, Width);
        Layer(TensorNames.Query, type, Width, Width);
        Layer(TensorNames.Key, type, Width, 16);
        Layer(TensorNames.Value, type, Width, 16);
        Layer(TensorNames.AttentionOutput, type, Width, Width);
        Layer(TensorNames.FeedForwardNorm, TensorType.F32, Width);
        Layer(TensorNames.Gate, type, Width, 64);
        Layer(TensorNames.Up, type, Width, 64);
        Layer(TensorNames.Down, type, 64, Width);
        return builder;
    }
}
