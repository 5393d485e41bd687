using System;
using EngineLlm.Tokenization;

namespace EngineLlm.Dialogue;

/// <summary>
/// One answer's tokens as text. Marks of a thinking section are written out even where they are control tokens, which stand for no text.
/// </summary>
internal sealed class TextDecoder : ITextDecoder
{
    private readonly StreamingDetokenizer _detokenizer;
    private readonly ThinkingSection? _thinking;
    private readonly int _open = -1, _close = -1;

    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="thinking">The model's marks; null where it does not think.</param>
    internal TextDecoder(Tokenizer tokenizer, ThinkingSection? thinking)
    {
        _detokenizer = new StreamingDetokenizer(tokenizer);
        _thinking = thinking;
        if (thinking == null) return;
        if (tokenizer.TryGetToken(thinking.Open, out int open)) _open = open;
        if (tokenizer.TryGetToken(thinking.Close, out int close)) _close = close;
    }

    public ReadOnlySpan<char> Append(int token) => token == _open ? _thinking!.Open.AsSpan()
        : token == _close ? _thinking!.Close.AsSpan()
        : _detokenizer.Append(token).AsSpan();

    public ReadOnlySpan<char> Finish() => _detokenizer.Flush().AsSpan();
}
