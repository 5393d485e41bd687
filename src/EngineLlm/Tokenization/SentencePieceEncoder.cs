using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Tokenization;

/// <summary>
/// SentencePiece's BPE (the "llama" vocabularies): of all neighbours whose text together is a token, those with the best score are joined first, the
/// leftmost of equals; characters that are no token become bytes (Kudo and Richardson 2018, https://arxiv.org/abs/1808.06226).
/// </summary>
/// <remarks>
/// Microsoft.ML.Tokenizers has this algorithm too, but joins the rightmost of equals, so that runs of one character give other ids than the
/// models were trained with.
/// </remarks>
internal sealed class SentencePieceEncoder : ITextEncoder
{
    internal const char Space = '\u2581';
    private readonly PieceLookup _pieces;
    private readonly float[] _scores;
    private readonly int[] _byteTokens;
    private readonly bool _addSpacePrefix;

    private SentencePieceEncoder(PieceLookup pieces, float[] scores, int[] byteTokens, bool addSpacePrefix)
    {
        _pieces = pieces;
        _scores = scores;
        _byteTokens = byteTokens;
        _addSpacePrefix = addSpacePrefix;
    }

    /// <summary>Builds the encoder from the file's vocabulary and scores.</summary>
    internal static SentencePieceEncoder Create(GgufFile file, Vocabulary vocabulary)
    {
        if (!file.Metadata.TryGet("tokenizer.ggml.scores", out GgufValue value) || !value.TryGetSingleArray(out float[] scores) || scores.Length != vocabulary.Count)
            throw file.Damaged($"the vocabulary is a SentencePiece one, but tokenizer.ggml.scores does not have {vocabulary.Count} numbers");
        if (Array.Exists(scores, float.IsNaN)) throw file.Damaged("tokenizer.ggml.scores holds something that is no number");
        // Special tokens stay out, so that no sequence of joins can lead to one.
        var pieces = new PieceLookup(
            vocabulary.Texts, id => vocabulary.Kinds[id] is TokenKind.Normal or TokenKind.UserDefined && vocabulary.IsOrdinary(id));
        bool addSpacePrefix = file.Metadata.Bool("tokenizer.ggml.add_space_prefix", true);
        return new SentencePieceEncoder(pieces, scores, ByteTokens(file, vocabulary), addSpacePrefix);
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> text, bool followsText, List<int> output)
    {
        if (text.Length == 0) return;
        bool addsSpace = _addSpacePrefix && !followsText;
        var escaped = new char[text.Length + (addsSpace ? 1 : 0)];
        escaped[0] = Space;
        for (int i = 0; i < text.Length; i++) escaped[escaped.Length - text.Length + i] = text[i] == ' ' ? Space : text[i];
        var joiner = new SentencePieceJoiner(escaped, _pieces, _scores);
        foreach (ReadOnlySpan<char> piece in joiner.Join()) AppendPiece(piece, output);
    }

    /// <inheritdoc/>
    public byte[] Bytes(string tokenText, TokenKind kind)
    {
        if (kind == TokenKind.Byte && TryParseByte(tokenText, out byte value)) return new[] { value };
        return Encoding.UTF8.GetBytes(tokenText.Replace(Space, ' '));
    }

    private void AppendPiece(ReadOnlySpan<char> piece, List<int> output)
    {
        int id = _pieces.Find(piece);
        if (id >= 0)
        {
            output.Add(id);
            return;
        }
        Span<byte> bytes = stackalloc byte[4];
        int count = Encoding.UTF8.GetBytes(piece, bytes);
        foreach (byte value in bytes.Slice(0, count))
        {
            if (_byteTokens[value] >= 0) output.Add(_byteTokens[value]);
        }
    }

    /// <summary>[256] the token of each byte; the unknown token, or -1, where the vocabulary has none for it.</summary>
    private static int[] ByteTokens(GgufFile file, Vocabulary vocabulary)
    {
        var tokens = new int[256];
        Array.Fill(tokens, vocabulary.SpecialId(file, "tokenizer.ggml.unknown_token_id", "<unk>"));
        for (int id = 0; id < vocabulary.Count; id++)
        {
            if (TryParseByte(vocabulary.Texts[id], out byte value)) tokens[value] = id;
        }
        return tokens;
    }

    /// <summary>Parses the text of a byte token, for example &lt;0x0A&gt;.</summary>
    private static bool TryParseByte(string text, out byte value)
    {
        value = 0;
        return text.Length == 6 && text.StartsWith("<0x", StringComparison.Ordinal) && text[5] == '>'
            && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
