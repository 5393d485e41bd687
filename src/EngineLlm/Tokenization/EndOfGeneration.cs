using System.Collections.Generic;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Tokenization;

/// <summary>Which tokens end an answer: those that the metadata names, and those that go by a known name.</summary>
internal static class EndOfGeneration
{
    private const string ListKey = "tokenizer.ggml.eos_token_ids";

    private static readonly string[] s_keys =
    {
        "tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id", "tokenizer.ggml.fim_pad_token_id",
        "tokenizer.ggml.fim_rep_token_id", "tokenizer.ggml.fim_sep_token_id",
    };

    private static readonly string[] s_names =
    {
        "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<|endoftext|>", "<|end_of_text|>", "<end_of_turn>", "<|eot|>", "</s>", "<eos>",
        "<EOT>", "_<EOT>", "< EOT >", "<\uFF5Cend\u2581of\u2581sentence\uFF5C>", "<end_of_utterance>", "[EOS]", "[EOT]", "<|return|>",
        "<|call|>", "<|calls|>", "<|flush|>", "<turn|>", "<|tool_response>", "[e~[", "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>",
    };

    /// <summary>The tokens' ids. They become control tokens where the file takes them for text.</summary>
    internal static HashSet<int> Find(GgufFile file, Vocabulary vocabulary)
    {
        var ids = new HashSet<int>();
        foreach (string key in s_keys)
        {
            int id = vocabulary.SpecialId(file, key);
            if (id >= 0) ids.Add(id);
        }
        if (file.Metadata.TryGet(ListKey, out GgufValue value)) AddList(file, vocabulary, value, ids);
        foreach (string name in s_names)
        {
            if (vocabulary.TryGetId(name, out int id)) ids.Add(id);
        }
        // There the one ends a section of an answer, and the other stands in the vocabulary for the sake of older models.
        if (Has("<|return|>") && Has("<|call|>") || Has("<|calls|>") && Has("<|flush|>")) Remove("<|end|>");
        if (Has("<|tool_response>")) Remove("</s>");
        foreach (int id in ids)
        {
            if (vocabulary.Kinds[id] is TokenKind.Normal or TokenKind.UserDefined) vocabulary.Kinds[id] = TokenKind.Control;
        }
        return ids;

        bool Has(string name) => vocabulary.TryGetId(name, out _);

        void Remove(string name)
        {
            if (vocabulary.TryGetId(name, out int id)) ids.Remove(id);
        }
    }

    private static void AddList(GgufFile file, Vocabulary vocabulary, GgufValue value, HashSet<int> ids)
    {
        if (!value.TryGetInt32Array(out int[] listed)) throw file.Damaged($"{ListKey} should be a list of integers");
        foreach (int id in listed)
        {
            if (id < 0 || id >= vocabulary.Count)
                throw file.Damaged($"{ListKey} holds {id}, where 0 to {vocabulary.Count - 1} are allowed");
            ids.Add(id);
        }
    }
}
