using EngineLlm.Models.Gguf;
using EngineLlm.Tests.Models.Gguf;

namespace EngineLlm.Tests.Models;

/// <summary>A whole llama model of a few kilobytes, all weights zero: 2 layers, 4 heads of 8 (2 key-value heads), 32 wide, 48 inside, 8 tokens.</summary>
internal static class TinyModel
{
    internal static GgufBuilder Builder()
    {
        GgufBuilder builder = new GgufBuilder()
            .Add("general.architecture", "llama")
            .Add("general.name", "tiny")
            .Add("llama.block_count", 2u)
            .Add("llama.context_length", 128u)
            .Add("llama.embedding_length", 32u)
            .Add("llama.feed_forward_length", 48u)
            .Add("llama.attention.head_count", 4u)
            .Add("llama.attention.head_count_kv", 2u)
            .Add("llama.attention.layer_norm_rms_epsilon", 1e-5f)
            .Tensor("token_embd.weight", TensorType.Q8_0, 32, 8)
            .Tensor("output_norm.weight", TensorType.F32, 32);
        for (int layer = 0; layer < 2; layer++)
        {
            builder.Tensor($"blk.{layer}.attn_norm.weight", TensorType.F32, 32)
                .Tensor($"blk.{layer}.attn_q.weight", TensorType.Q4_0, 32, 32)
                .Tensor($"blk.{layer}.attn_k.weight", TensorType.Q4_0, 32, 16)
                .Tensor($"blk.{layer}.attn_v.weight", TensorType.Q4_0, 32, 16)
                .Tensor($"blk.{layer}.attn_output.weight", TensorType.Q4_0, 32, 32)
                .Tensor($"blk.{layer}.ffn_norm.weight", TensorType.F32, 32)
                .Tensor($"blk.{layer}.ffn_gate.weight", TensorType.F16, 32, 48)
                .Tensor($"blk.{layer}.ffn_up.weight", TensorType.F16, 32, 48)
                .Tensor($"blk.{layer}.ffn_down.weight", TensorType.F16, 48, 32);
        }
        return builder;
    }
}
