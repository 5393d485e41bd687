using System;
using System.Collections.Generic;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Tokenization;

/// <summary>
/// Special tokens that white space behind them belongs to ("rstrip" in Hugging Face's tokenizer.json). GGUF does not say which these are;
/// of the families that are known, only Phi 3 has them.
/// </summary>
internal static class SpaceSwallowers
{
    private static readonly string[] s_exceptions = { "<unk>", "<s>", "<|endoftext|>" };

    /// <summary>The tokens' ids.</summary>
    internal static HashSet<int> Find(GgufFile file, Vocabulary vocabulary, bool isSentencePiece)
    {
        var ids = new HashSet<int>();
        if (!isSentencePiece || !IsPhi3(file)) return ids;
        for (int id = 0; id < vocabulary.Count; id++)
        {
            if (vocabulary.IsSpecial(id) && Array.IndexOf(s_exceptions, vocabulary.Texts[id]) < 0) ids.Add(id);
        }
        return ids;
    }

    private static bool IsPhi3(GgufFile file)
    {
        if (file.Metadata.String("general.architecture") == "phi3") return true;
        string name = file.Metadata.String("general.name") ?? "";
        return name.Contains("phi-3", StringComparison.OrdinalIgnoreCase) || name.Contains("phi3", StringComparison.OrdinalIgnoreCase);
    }
}
