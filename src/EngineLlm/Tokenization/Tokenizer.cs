using System;
using System.Collections.Generic;
using System.Text;
using EngineLlm.Models.Gguf;
using EngineLlm.Tokenization.PreTokenizers;

namespace EngineLlm.Tokenization;

/// <summary>
/// Turns text into a model's token ids and back, built from the vocabulary that the GGUF carries: byte-level BPE or SentencePiece. Safe to use from
/// several threads. It keeps nothing of the file, which may be closed.
/// </summary>
public sealed class Tokenizer
{
    private readonly Vocabulary _vocabulary;
    private readonly ITextEncoder _encoder;
    private readonly SpecialTokenFinder _specials;
    private readonly HashSet<int> _endOfGeneration;
    private readonly byte[]?[] _bytes;
    private readonly string?[] _wholeTexts;
    private readonly bool _isSentencePiece;
    private readonly bool _stripsLeadingSpace;
    private readonly HashSet<int> _swallowsSpace;

    private Tokenizer(GgufFile file, Vocabulary vocabulary, PreTokenizer? preTokenizer)
    {
        _vocabulary = vocabulary;
        _isSentencePiece = preTokenizer is null;
        BosToken = vocabulary.SpecialId(file, "tokenizer.ggml.bos_token_id", _isSentencePiece ? "<s>" : null);
        EosToken = vocabulary.SpecialId(file, "tokenizer.ggml.eos_token_id", _isSentencePiece ? "</s>" : null);
        if (BosToken >= 0 && vocabulary.Kinds[BosToken] == TokenKind.Normal) vocabulary.Kinds[BosToken] = TokenKind.Control;
        _endOfGeneration = EndOfGeneration.Find(file, vocabulary);
        _specials = new SpecialTokenFinder(vocabulary, _endOfGeneration.Contains, SpecialText);
        _swallowsSpace = SpaceSwallowers.Find(file, vocabulary, _isSentencePiece);
        _encoder = preTokenizer is null
            ? SentencePieceEncoder.Create(file, vocabulary)
            : BytePairEncoder.Create(file, vocabulary, preTokenizer);
        _stripsLeadingSpace = _isSentencePiece && file.Metadata.Bool("tokenizer.ggml.add_space_prefix", true);
        _bytes = new byte[]?[vocabulary.Count];
        _wholeTexts = new string?[vocabulary.Count];
        Kind = preTokenizer is null ? "SentencePiece" : $"byte-level BPE ({preTokenizer.Name})";
        AddsBos = BosToken >= 0 && file.Metadata.Bool("tokenizer.ggml.add_bos_token", preTokenizer?.AddsBos ?? true);
        TemplateSource = file.Metadata.String("tokenizer.chat_template");
    }

    /// <summary>Number of tokens.</summary>
    public int VocabularySize => _vocabulary.Count;

    /// <summary>The token that begins a text, -1 where the vocabulary has none.</summary>
    public int BosToken { get; }

    /// <summary>The token that ends a text, -1 where the vocabulary has none.</summary>
    public int EosToken { get; }

    /// <summary>Whether the model expects <see cref="BosToken"/> at the beginning of every text.</summary>
    public bool AddsBos { get; }

    /// <summary>The kind of vocabulary, for people.</summary>
    public string Kind { get; }

    /// <summary>The chat template that the model's file carries (Jinja), or null.</summary>
    internal string? TemplateSource { get; }

    /// <summary>The file's name, for messages.</summary>
    internal string FileName => _vocabulary.FileName;

    /// <summary>Builds the tokenizer of an open file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="preTokenizer">The pre-tokenizer of a byte-level BPE vocabulary, by name; null for the one that the file names.</param>
    /// <exception cref="ModelFormatException">The vocabulary contradicts itself.</exception>
    /// <exception cref="UnsupportedModelException">The kind of vocabulary is not supported, or there is none.</exception>
    internal static Tokenizer Create(GgufFile file, string? preTokenizer = null)
    {
        string? model = file.Metadata.String("tokenizer.ggml.model");
        if (model == "llama") return new Tokenizer(file, Vocabulary.Read(file), null);
        if (model == "gpt2") return new Tokenizer(file, Vocabulary.Read(file), FindPreTokenizer(file, preTokenizer));
        string what = model == null ? "the file has no vocabulary" : $"the vocabulary is of the unsupported kind {GgufParser.Printable(model)}";
        throw new UnsupportedModelException($"{file.FileName}: {what}; choose a model with a gpt2 (byte-level BPE) or llama (SentencePiece) vocabulary.");
    }

    private static PreTokenizer FindPreTokenizer(GgufFile file, string? givenName)
    {
        string? name = givenName ?? file.Metadata.String("tokenizer.ggml.pre");
        if (name != null && PreTokenizer.ForName(name) is { } known) return known;
        string what = name is null
            ? "the file does not name its pre-tokenizer (tokenizer.ggml.pre)"
            : $"the pre-tokenizer {GgufParser.Printable(name)} is not known";
        throw new UnsupportedModelException(
            $"{file.FileName}: {what}, and a wrong one makes a model stumble over its words; if you know which one it was trained with, "
            + $"name it (--pre-tokenizer, or EngineOptions.PreTokenizer): {PreTokenizer.CommonNames}.");
    }

    /// <summary>The ids of a text.</summary>
    /// <param name="text">Any text; halves of surrogate pairs without the other half count as U+FFFD.</param>
    /// <param name="parseSpecial">Whether the names of special tokens in the text stand for these tokens. Never true for what a player wrote.</param>
    /// <param name="addBos">Whether to begin with <see cref="BosToken"/>, where there is one.</param>
    public List<int> Encode(string text, bool parseSpecial = false, bool addBos = false)
    {
        var output = new List<int>(text.Length / 3 + 4);
        Encode(text, parseSpecial, addBos, output);
        return output;
    }

    /// <summary>Appends the ids of a text to a list.</summary>
    /// <inheritdoc cref="Encode(string, bool, bool)"/>
    public void Encode(string text, bool parseSpecial, bool addBos, List<int> output)
    {
        var writer = new TokenWriter(this, output);
        if (addBos && BosToken >= 0) writer.AppendToken(BosToken);
        writer.Append(text, parseSpecial ? SpecialTokens.All : SpecialTokens.UserDefined);
        writer.Flush();
    }

    /// <summary>Whether the token ends an answer.</summary>
    public bool IsEndOfGeneration(int token) => _endOfGeneration.Contains(token);

    /// <summary>The tokens that end an answer.</summary>
    internal IReadOnlyCollection<int> EndOfGenerationTokens => _endOfGeneration;

    /// <summary>Whether the token is a control token, which stands for no text.</summary>
    public bool IsControl(int token) => _vocabulary.Kinds[Checked(token)] is TokenKind.Control or TokenKind.Unknown;

    /// <summary>The text of tokens. Bytes that are no UTF-8 become U+FFFD.</summary>
    /// <param name="tokens">[any] ids.</param>
    /// <param name="writeSpecial">Whether control tokens are written by their names; otherwise they are left out.</param>
    public string Decode(ReadOnlySpan<int> tokens, bool writeSpecial = false)
    {
        var bytes = new List<byte>(tokens.Length * 4);
        bool isFirst = true;
        for (int i = 0; i < tokens.Length; i++)
        {
            if (!writeSpecial && IsControl(tokens[i])) continue;
            ReadOnlySpan<byte> piece = TokenBytes(tokens[i]);
            // SentencePiece puts a space before every text, which is not part of it.
            if (isFirst && _stripsLeadingSpace && piece.Length > 0 && piece[0] == ' ') piece = piece.Slice(1);
            foreach (byte value in piece) bytes.Add(value);
            isFirst = false;
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>The bytes that a token stands for; a control token's are its name. Often not whole characters.</summary>
    public ReadOnlySpan<byte> TokenBytes(int token) => _bytes[Checked(token)] ??= BuildBytes(token);

    /// <summary>The token's name in the vocabulary.</summary>
    internal string TokenText(int token) => _vocabulary.Texts[Checked(token)];

    /// <summary>The id of a token by its name.</summary>
    internal bool TryGetToken(string text, out int token) => _vocabulary.TryGetId(text, out token);

    /// <summary>A token's text, the same instance every time, if its bytes are whole characters; control tokens give "". Null otherwise.</summary>
    internal string? WholeText(int token)
    {
        if (_wholeTexts[Checked(token)] is { } known) return known;
        ReadOnlySpan<byte> bytes = TokenBytes(token);
        if (IsControl(token)) return _wholeTexts[token] = "";
        string text = Encoding.UTF8.GetString(bytes);
        // Round trip: a replacement character that was not there before betrays broken bytes.
        if (text.IndexOf('\uFFFD') >= 0 && !bytes.SequenceEqual(Encoding.UTF8.GetBytes(text))) return null;
        return _wholeTexts[token] = text;
    }

    /// <summary>Whether white space behind the token belongs to it, and has no tokens of its own.</summary>
    internal bool SwallowsSpace(int token) => _swallowsSpace.Contains(token);

    internal void FindSpecials(string text, SpecialTokens recognised, List<SpecialTokenFinder.Match> matches) => _specials.Find(text, recognised, matches);

    internal void EncodeText(ReadOnlySpan<char> text, bool followsText, List<int> output) => _encoder.Encode(text, followsText, output);

    private byte[] BuildBytes(int token)
    {
        string text = _vocabulary.Texts[token];
        if (_vocabulary.IsSpecial(token)) return Encoding.UTF8.GetBytes(SpecialText(token));
        return _encoder.Bytes(text, _vocabulary.Kinds[token]);
    }

    /// <summary>A special token's text as it stands in a text: SentencePiece writes spaces in its own way.</summary>
    private string SpecialText(int token)
    {
        string text = _vocabulary.Texts[token];
        bool isPlain = _isSentencePiece && _vocabulary.Kinds[token] == TokenKind.UserDefined;
        return isPlain ? text.Replace(SentencePieceEncoder.Space, ' ') : text;
    }

    private int Checked(int token) =>
        (uint)token < (uint)_vocabulary.Count ? token : throw new ArgumentOutOfRangeException(nameof(token), token, $"the vocabulary has {_vocabulary.Count} tokens");
}
