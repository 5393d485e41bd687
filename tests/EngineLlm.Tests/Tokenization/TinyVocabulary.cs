using System.Linq;
using EngineLlm.Models.Gguf;
using EngineLlm.Tests.Models.Gguf;
using EngineLlm.Tokenization;

namespace EngineLlm.Tests.Tokenization;

/// <summary>Whole vocabularies of a few hundred tokens.</summary>
internal static class TinyVocabulary
{
    /// <summary>All bytes, three merged words, an end token, and the given user-defined tokens.</summary>
    internal static GgufBuilder BytePair(params string[] userDefined)
    {
        string[] tokens = [.. Enumerable.Range(0, 256).Select(i => ByteLevel.Character((byte)i).ToString()), "th", "the", "Ġthe", "<|endoftext|>", .. userDefined];
        int[] kinds = [.. Enumerable.Repeat(1, 259), 3, .. Enumerable.Repeat(4, userDefined.Length)];
        return new GgufBuilder()
            .Add("general.architecture", "llama")
            .Add("tokenizer.ggml.model", "gpt2")
            .Add("tokenizer.ggml.pre", "gpt-2")
            .Add("tokenizer.ggml.tokens", tokens)
            .Add("tokenizer.ggml.token_type", kinds)
            .Add("tokenizer.ggml.merges", "t h", "th e", "Ġ the")
            .Add("tokenizer.ggml.eos_token_id", 259u);
    }

    /// <summary>Unknown, begin, end, all bytes, a few pieces with scores, and the given user-defined tokens.</summary>
    internal static GgufBuilder SentencePiece(params string[] userDefined)
    {
        string[] pieces = ["\u2581", "t", "h", "e", "th", "the", "\u2581the"];
        string[] tokens = ["<unk>", "<s>", "</s>", .. Enumerable.Range(0, 256).Select(i => $"<0x{i:X2}>"), .. pieces, .. userDefined];
        int[] kinds = [2, 3, 3, .. Enumerable.Repeat(6, 256), .. Enumerable.Repeat(1, pieces.Length), .. Enumerable.Repeat(4, userDefined.Length)];
        float[] scores = [.. Enumerable.Repeat(0f, 259), .. pieces.Select((_, i) => -10f + i), .. userDefined.Select(_ => 0f)];
        return new GgufBuilder()
            .Add("general.architecture", "llama")
            .Add("tokenizer.ggml.model", "llama")
            .Add("tokenizer.ggml.tokens", tokens)
            .Add("tokenizer.ggml.token_type", kinds)
            .Add("tokenizer.ggml.scores", scores)
            .Add("tokenizer.ggml.bos_token_id", 1u)
            .Add("tokenizer.ggml.eos_token_id", 2u)
            .Add("tokenizer.ggml.unknown_token_id", 0u);
    }
}
