using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;
using EngineLlm.Models.Gguf;
using Microsoft.ML.Tokenizers;
using PreTokenizer = EngineLlm.Tokenization.PreTokenizers.PreTokenizer;

namespace EngineLlm.Tokenization;

/// <summary>Byte-level BPE: words by a <see cref="PreTokenizer"/>, their bytes as characters, merged by Microsoft.ML.Tokenizers.</summary>
internal sealed class BytePairEncoder : ITextEncoder
{
    /// <summary>No language has longer words; hostile text does, and merging takes the square of a word's length.</summary>
    private const int MaxWordLength = 4096;

    private readonly PreTokenizer _preTokenizer;
    private readonly BpeTokenizer _merger;
    private readonly PieceLookup _words;

    /// <summary>[tokens] whether the token's own text is encoded as that one token; found out when it is first met.</summary>
    private readonly Wholeness[] _wholeness;

    private BytePairEncoder(PreTokenizer preTokenizer, BpeTokenizer merger, PieceLookup words, Wholeness[] wholeness)
    {
        _preTokenizer = preTokenizer;
        _merger = merger;
        _words = words;
        _wholeness = wholeness;
    }

    private enum Wholeness : byte
    {
        Unknown,
        Whole,
        Parts,
    }

    /// <summary>Builds the encoder from the file's vocabulary and merges.</summary>
    internal static BytePairEncoder Create(GgufFile file, Vocabulary vocabulary, PreTokenizer preTokenizer)
    {
        var words = new Dictionary<string, int>(vocabulary.Count, StringComparer.Ordinal);
        for (int id = 0; id < vocabulary.Count; id++)
        {
            // Special tokens stay out, so that no sequence of merges can lead to one.
            if (vocabulary.Texts[id].Length > 0 && vocabulary.IsOrdinary(id)) words.Add(vocabulary.Texts[id], id);
        }
        var options = new BpeOptions(words) { Merges = ReadMerges(file, vocabulary, words) };
        var lookup = new PieceLookup(vocabulary.Texts, vocabulary.IsOrdinary);
        var wholeness = new Wholeness[vocabulary.Count];
        if (preTokenizer.IgnoresMerges) Array.Fill(wholeness, Wholeness.Whole);
        return new BytePairEncoder(preTokenizer, CreateMerger(file, options), lookup, wholeness);
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> text, bool followsText, List<int> output)
    {
        int start = 0;
        foreach (int end in _preTokenizer.Split(text))
        {
            EncodeWords(text.Slice(start, end - start), output);
            start = end;
        }
    }

    /// <inheritdoc/>
    public byte[] Bytes(string tokenText, TokenKind kind)
    {
        var bytes = new byte[tokenText.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            // A token that is no byte-level text was added as plain text.
            if (!ByteLevel.TryGetByte(tokenText[i], out bytes[i])) return Encoding.UTF8.GetBytes(tokenText);
        }
        return bytes;
    }

    private static BpeTokenizer CreateMerger(GgufFile file, BpeOptions options)
    {
        try
        {
            return BpeTokenizer.Create(options);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException)
        {
            throw new ModelFormatException($"{file.FileName}: the vocabulary cannot be used ({error.Message}); choose another file.", error);
        }
    }

    private void EncodeWords(ReadOnlySpan<char> words, List<int> output)
    {
        while (words.Length > MaxWordLength)
        {
            int length = MaxWordLength - 1 + CodePoints.LengthAt(words, MaxWordLength - 1);
            EncodeWord(words.Slice(0, length), output);
            words = words.Slice(length);
        }
        EncodeWord(words, output);
    }

    private void EncodeWord(ReadOnlySpan<char> word, List<int> output)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(word.Length * 3);
        char[] characters = ArrayPool<char>.Shared.Rent(word.Length * 3);
        int count = Encoding.UTF8.GetBytes(word, bytes);
        for (int i = 0; i < count; i++) characters[i] = ByteLevel.Character(bytes[i]);
        EncodeCharacters(characters.AsSpan(0, count), output);
        ArrayPool<byte>.Shared.Return(bytes);
        ArrayPool<char>.Shared.Return(characters);
    }

    private void EncodeCharacters(ReadOnlySpan<char> word, List<int> output)
    {
        int id = _words.Find(word);
        if (id >= 0 && _wholeness[id] == Wholeness.Whole)
        {
            output.Add(id);
            return;
        }
        IReadOnlyList<int> ids = _merger.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false);
        if (id >= 0) _wholeness[id] = ids.Count == 1 && ids[0] == id ? Wholeness.Whole : Wholeness.Parts;
        output.AddRange(ids);
    }

    private static List<string> ReadMerges(GgufFile file, Vocabulary vocabulary, Dictionary<string, int> words)
    {
        if (!file.Metadata.TryGet("tokenizer.ggml.merges", out GgufValue value) || !value.IsStringArray)
            throw file.Damaged("the vocabulary is byte-level BPE, but has no list of merges (tokenizer.ggml.merges)");
        var merges = new List<string>(value.Count);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (ReadOnlySpan<byte> bytes in value.Strings)
        {
            string merge = Encoding.UTF8.GetString(bytes);
            int space = merge.IndexOf(' ');
            if (space <= 0 || space == merge.Length - 1 || merge.IndexOf(' ', space + 1) >= 0)
                throw file.Damaged($"the merge \"{GgufParser.Printable(merge)}\" is not two tokens with a space between");
            string left = merge.Substring(0, space);
            string right = merge.Substring(space + 1);
            if (!IsToken(left) || !IsToken(right) || !IsToken(left + right))
                throw file.Damaged($"the merge \"{GgufParser.Printable(merge)}\" is of tokens that the vocabulary does not have");
            bool isOrdinary = words.ContainsKey(left) && words.ContainsKey(right) && words.ContainsKey(left + right);
            if (isOrdinary && seen.Add(merge)) merges.Add(merge);
        }
        return merges;

        bool IsToken(string text) => vocabulary.TryGetId(text, out _);
    }
}
