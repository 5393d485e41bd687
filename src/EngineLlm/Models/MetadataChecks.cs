using System;
using System.Collections.Generic;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Models;

/// <summary>
/// Holds a file's metadata against what is read of it: a setting of the architecture that nobody here knows may change the result, so it is refused.
/// </summary>
internal static class MetadataChecks
{
    /// <summary>Settings, behind the architecture's name, that are read.</summary>
    private static readonly HashSet<string> s_known = new(StringComparer.Ordinal)
    {
        "block_count", "context_length", "embedding_length", "feed_forward_length",
        "attention.head_count", "attention.head_count_kv", "attention.key_length", "attention.value_length", "attention.layer_norm_rms_epsilon",
        "attention.scale", "attention.causal", "attention.sliding_window", "attention.sliding_window_pattern",
        "rope.dimension_count", "rope.freq_base", "rope.freq_base_swa", "rope.scale_linear", "rope.scaling.type", "rope.scaling.factor",
        "rope.scaling.attn_factor", "rope.scaling.original_context_length", "rope.scaling.yarn_ext_factor", "rope.scaling.yarn_attn_factor",
        "rope.scaling.yarn_beta_fast", "rope.scaling.yarn_beta_slow",
    };

    private static readonly HashSet<string> s_softCaps = new(StringComparer.Ordinal) { "attn_logit_softcapping", "final_logit_softcapping" };

    /// <summary>Settings that say nothing about the result: the vocabulary's size is a tensor's, pictures are not read, and so on.</summary>
    private static readonly HashSet<string> s_harmless = new(StringComparer.Ordinal)
    {
        "vocab_size", "tensor_data_layout", "rope.scaling.finetuned", "attention.layer_norm_epsilon", "mm.tokens_per_image",
    };

    /// <summary>Refuses settings that are not known, unless they are off: zero or false.</summary>
    /// <exception cref="UnsupportedModelException">There is one.</exception>
    internal static void Check(GgufFile file, Architecture architecture)
    {
        string prefix = architecture.Name + ".";
        foreach ((string key, GgufValue value) in file.Metadata.Values)
        {
            if (!key.StartsWith(prefix, StringComparison.Ordinal)) continue;
            string setting = key.Substring(prefix.Length);
            if (s_known.Contains(setting) || s_harmless.Contains(setting) || IsOff(value)) continue;
            if (architecture.HasSoftCaps && s_softCaps.Contains(setting)) continue;
            throw new UnsupportedModelException($"{file.FileName}: the model uses {GgufParser.Printable(key)}, which is not supported; choose another model.");
        }
    }

    private static bool IsOff(GgufValue value) =>
        (value.TryGetNumber(out double number) && number == 0) || (value.TryGetBool(out bool flag) && !flag);
}
