using System;
using System.Text;

namespace EngineLlm.Tokenization;

/// <summary>
/// Turns one sequence's tokens into text as they come. Never gives half a character: bytes wait until the character is whole. Allocates nothing for
/// tokens that are whole characters, once each has been seen, since their strings are kept with the tokenizer. One instance a sequence.
/// </summary>
public sealed class StreamingDetokenizer
{
    private readonly Tokenizer _tokenizer;
    private readonly byte[] _pending = new byte[3];
    private int _pendingCount;

    /// <summary>Creates a detokenizer that begins at the beginning of a text.</summary>
    public StreamingDetokenizer(Tokenizer tokenizer) => _tokenizer = tokenizer;

    /// <summary>Adds a token and returns the text that is whole now, often of one token, sometimes "". Control tokens stand for no text.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The vocabulary has no such token.</exception>
    public string Append(int token)
    {
        string? whole = _tokenizer.WholeText(token);
        if (whole != null && (_pendingCount == 0 || _tokenizer.IsControl(token))) return whole;
        return AppendBytes(_tokenizer.TokenBytes(token));
    }

    /// <summary>Ends the text: a character that was not completed comes out as U+FFFD.</summary>
    public string Flush()
    {
        bool isWhole = _pendingCount == 0;
        _pendingCount = 0;
        return isWhole ? "" : "\uFFFD";
    }

    /// <summary>Forgets what is pending.</summary>
    public void Reset() => _pendingCount = 0;

    private string AppendBytes(ReadOnlySpan<byte> bytes)
    {
        var joined = new byte[_pendingCount + bytes.Length];
        _pending.AsSpan(0, _pendingCount).CopyTo(joined);
        bytes.CopyTo(joined.AsSpan(_pendingCount));
        _pendingCount = Utf8Tail.Length(joined);
        joined.AsSpan(joined.Length - _pendingCount).CopyTo(_pending);
        return Encoding.UTF8.GetString(joined, 0, joined.Length - _pendingCount);
    }
}
