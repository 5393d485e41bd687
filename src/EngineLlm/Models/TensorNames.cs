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

    /// <summary>[embedding] weights of the norm before attention.</summary>
    internal const string AttentionNorm = "attn_norm.weight";

    /// <summary>[embedding, heads * head size].</summary>
    internal const string Query = "attn_q.weight";

    /// <summary>[embedding, key-value heads * head size].</summary>
    internal const string Key = "attn_k.weight";

    /// <summary>[embedding, key-value heads * head size].</summary>
    internal const string Value = "attn_v.weight";

    /// <summary>[heads * head size, embedding].</summary>
    internal const string AttentionOutput = "attn_output.weight";

    /// <summary>[embedding] weights of the norm before the feed-forward part.</summary>
    internal const string FeedForwardNorm = "ffn_norm.weight";

    /// <summary>[embedding, feed-forward].</summary>
    internal const string Gate = "ffn_gate.weight";

    /// <summary>[embedding, feed-forward].</summary>
    internal const string Up = "ffn_up.weight";

    /// <summary>[feed-forward, embedding].</summary>
    internal const string Down = "ffn_down.weight";

    /// <summary>The full name of a layer's tensor, for example blk.3.attn_q.weight.</summary>
    internal static string Layer(int layer, string tensor) => $"blk.{layer}.{tensor}";
}
