using System.Collections.Generic;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Tokenization;

/// <summary>Which tokens end an answer: those that the metadata names, and those that go by a known name.</summary>
internal static class EndOfGeneration
{
    private static readonly string[] s_keys =
    {
        "tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id",
    };

    private static readonly string[] s_names =
    {
        "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<|endoftext|>", "<|end_of_text|>", "<end_of_turn>", "<|eot|>", "</s>", "<eos>",
        "<EOT>", "_<EOT>", "< EOT >", "<\uFF5Cend\u2581of\u2581sentence\uFF5C>", "<end_of_utterance>", "[EOS]", "[EOT]", "<|return|>",
    };

    /// <summary>The tokens' ids. They become control tokens where the file takes them for plain text.</summary>
    internal static HashSet<int> Find(GgufFile file, Vocabulary vocabulary)
    {
        var ids = new HashSet<int>();
        foreach (string key in s_keys)
        {
            int id = vocabulary.SpecialId(file, key);
            if (id < 0) continue;
            ids.Add(id);
            if (vocabulary.Kinds[id] == TokenKind.Normal) vocabulary.Kinds[id] = TokenKind.Control;
        }
        foreach (string name in s_names)
        {
            if (!vocabulary.TryGetId(name, out int id)) continue;
            ids.Add(id);
            if (vocabulary.Kinds[id] == TokenKind.Normal) vocabulary.Kinds[id] = TokenKind.Control;
        }
        return ids;
    }
}
