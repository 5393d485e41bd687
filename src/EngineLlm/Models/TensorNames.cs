namespace EngineLlm.Models;

/// <summary>The names that GGUF gives a transformer's tensors.</summary>
internal static class TensorNames
{
    /// <summary>[embedding, vocabulary] one row a token.</summary>
    internal const string TokenEmbedding = "token_embd.weight";

    /// <summary>[embedding] weights of the last norm.</summary>
    internal const string OutputNorm = "output_norm.weight";

    /// <summary>[embedding, vocabulary] the head; absent where it is the embedding again.</summary>
    internal const string Output = "output.weight";

    /// <summary>[rope dimensions / 2] divisors of the rotary frequencies.</summary>
    internal const string RopeFactors = "rope_freqs.weight";

    /// <summary>[rope dimensions / 2] LongRoPE's divisors within the original context.</summary>
    internal const string ShortRopeFactors = "rope_factors_short.weight";

    /// <summary>[rope dimensions / 2] LongRoPE's divisors for longer contexts.</summary>
    internal const string LongRopeFactors = "rope_factors_long.weight";

    /// <summary>[embedding] weights of the norm before attention.</summary>
    internal const string AttentionNorm = "attn_norm.weight";

    /// <summary>[embedding, heads * head size].</summary>
    internal const string Query = "attn_q.weight";

    /// <summary>[embedding, key-value heads * head size].</summary>
    internal const string Key = "attn_k.weight";

    /// <summary>[embedding, key-value heads * head size].</summary>
    internal const string Value = "attn_v.weight";

    /// <summary>[embedding, (heads + 2 * key-value heads) * head size] queries, keys and values one below the other.</summary>
    internal const string QueryKeyValue = "attn_qkv.weight";

    /// <summary>[heads * head size].</summary>
    internal const string QueryBias = "attn_q.bias";

    /// <summary>[key-value heads * head size].</summary>
    internal const string KeyBias = "attn_k.bias";

    /// <summary>[key-value heads * head size].</summary>
    internal const string ValueBias = "attn_v.bias";

    /// <summary>[(heads + 2 * key-value heads) * head size].</summary>
    internal const string QueryKeyValueBias = "attn_qkv.bias";

    /// <summary>[head size] weights of the norm of each query head.</summary>
    internal const string QueryNorm = "attn_q_norm.weight";

    /// <summary>[head size] weights of the norm of each key head.</summary>
    internal const string KeyNorm = "attn_k_norm.weight";

    /// <summary>[heads * head size, embedding].</summary>
    internal const string AttentionOutput = "attn_output.weight";

    /// <summary>[embedding].</summary>
    internal const string AttentionOutputBias = "attn_output.bias";

    /// <summary>[embedding] weights of the norm after attention.</summary>
    internal const string PostAttentionNorm = "post_attention_norm.weight";

    /// <summary>[embedding] weights of the norm before the feed-forward part.</summary>
    internal const string FeedForwardNorm = "ffn_norm.weight";

    /// <summary>[embedding, feed-forward].</summary>
    internal const string Gate = "ffn_gate.weight";

    /// <summary>[embedding, feed-forward], or twice as many rows where the gate is in it as well.</summary>
    internal const string Up = "ffn_up.weight";

    /// <summary>[feed-forward, embedding].</summary>
    internal const string Down = "ffn_down.weight";

    /// <summary>[embedding] weights of the norm after the feed-forward part.</summary>
    internal const string PostFeedForwardNorm = "post_ffw_norm.weight";

    /// <summary>The full name of a layer's tensor, for example blk.3.attn_q.weight.</summary>
    internal static string Layer(int layer, string tensor) => $"blk.{layer}.{tensor}";
}
