using System;
using System.Collections.Generic;
using System.Text;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Tokenization;

/// <summary>A GGUF's vocabulary, checked: every array has the right length and every id is in range.</summary>
internal sealed class Vocabulary
{
    private const int MaxTokens = 1 << 22;
    private const int MaxTokenBytes = 1 << 16;
    private readonly Dictionary<string, int> _ids;

    private Vocabulary(string fileName, string[] texts, TokenKind[] kinds, Dictionary<string, int> ids)
    {
        FileName = fileName;
        Texts = texts;
        Kinds = kinds;
        _ids = ids;
    }

    /// <summary>The file's name, for messages.</summary>
    internal string FileName { get; }

    /// <summary>[tokens] each token's text as the file has it.</summary>
    internal string[] Texts { get; }

    /// <summary>[tokens] each token's kind.</summary>
    internal TokenKind[] Kinds { get; }

    /// <summary>Number of tokens.</summary>
    internal int Count => Texts.Length;

    /// <summary>The id of a token by its text.</summary>
    internal bool TryGetId(string text, out int id) => _ids.TryGetValue(text, out id);

    /// <summary>Whether the token is none of the vocabulary's ordinary pieces of text.</summary>
    internal bool IsSpecial(int id) => Kinds[id] is TokenKind.Control or TokenKind.Unknown or TokenKind.UserDefined;

    /// <summary>
    /// Whether the token may come out of ordinary text by joining smaller ones. Some converters declare a template's marks to be
    /// user-defined text; a player's words must not become marks.
    /// </summary>
    internal bool IsOrdinary(int id) =>
        Kinds[id] is not (TokenKind.Control or TokenKind.Unknown) && (Kinds[id] != TokenKind.UserDefined || !IsMarkup(Texts[id]));

    /// <summary>Whether a token's text looks like a template's mark.</summary>
    internal static bool IsMarkup(string text) => (text[0] == '<' && text[^1] == '>') || (text[0] == '[' && text[^1] == ']');

    /// <summary>Reads and checks the vocabulary.</summary>
    internal static Vocabulary Read(GgufFile file)
    {
        if (!file.Metadata.TryGet("tokenizer.ggml.tokens", out GgufValue tokens))
            throw new UnsupportedModelException($"{file.FileName}: the file has no vocabulary (tokenizer.ggml.tokens); choose a model that carries its own.");
        if (!tokens.IsStringArray || tokens.Count == 0 || tokens.Count > MaxTokens)
            throw file.Damaged($"tokenizer.ggml.tokens should list 1 to {MaxTokens} strings");
        var texts = new string[tokens.Count];
        var ids = new Dictionary<string, int>(tokens.Count, StringComparer.Ordinal);
        int id = 0;
        foreach (ReadOnlySpan<byte> bytes in tokens.Strings)
        {
            if (bytes.Length > MaxTokenBytes) throw file.Damaged($"token {id} is {bytes.Length} bytes long");
            string text = Encoding.UTF8.GetString(bytes);
            // A token without text is a hole in the vocabulary: it has an id, but no text leads to it.
            if (text.Length > 0 && !ids.TryAdd(text, id)) throw file.Damaged($"the tokens {ids[text]} and {id} are the same text");
            texts[id++] = text;
        }
        return new Vocabulary(file.FileName, texts, ReadKinds(file, texts.Length), ids);
    }

    /// <summary>An id from the metadata; where there is none, the token of the name that the family gives it, or -1.</summary>
    internal int SpecialId(GgufFile file, string key, string? familyName = null)
    {
        int fallback = familyName != null && TryGetId(familyName, out int id) ? id : -1;
        return file.Metadata.Integer(key, 0, Count - 1, fallback);
    }

    private static TokenKind[] ReadKinds(GgufFile file, int count)
    {
        var kinds = new TokenKind[count];
        Array.Fill(kinds, TokenKind.Normal);
        if (!file.Metadata.TryGet("tokenizer.ggml.token_type", out GgufValue value)) return kinds;
        if (!value.TryGetInt32Array(out int[] ids) || ids.Length != count) throw file.Damaged($"tokenizer.ggml.token_type should have {count} integers");
        for (int i = 0; i < count; i++)
        {
            // 0 stands for undefined; the reference takes it for a plain token, too.
            if (ids[i] is < 0 or > (int)TokenKind.Byte) throw file.Damaged($"token {i} is of the unknown kind {ids[i]}");
            if (ids[i] != 0) kinds[i] = (TokenKind)ids[i];
        }
        return kinds;
    }
}
