using System;
using System.Collections.Generic;
using System.Text;

namespace EngineLlm.Tokenization;

/// <summary>
/// Encodes a text that comes in parts of different trust: words of a template, in which special tokens are recognised, and words of people, in which
/// they are not. Text of neighbouring parts is encoded together, so that the ids are those of the whole text.
/// </summary>
internal sealed class TokenWriter
{
    private readonly Tokenizer _tokenizer;
    private readonly List<int> _output;
    private readonly StringBuilder _pending = new();
    private readonly List<SpecialTokenFinder.Match> _matches = new();
    private bool _followsText;

    internal TokenWriter(Tokenizer tokenizer, List<int> output, bool followsText = false)
    {
        _tokenizer = tokenizer;
        _output = output;
        _followsText = followsText;
    }

    /// <summary>Appends one special token.</summary>
    internal void AppendToken(int token)
    {
        Flush();
        _output.Add(token);
        _followsText = false;
    }

    /// <summary>Appends text in which the given special tokens are recognised.</summary>
    internal void Append(string text, SpecialTokens recognised)
    {
        text = CodePoints.WithoutLoneSurrogates(text);
        _tokenizer.FindSpecials(text, recognised, _matches);
        int at = 0;
        foreach (SpecialTokenFinder.Match match in _matches)
        {
            _pending.Append(text, at, match.Start - at);
            AppendToken(match.Id);
            at = match.Start + match.Length;
        }
        _pending.Append(text, at, text.Length - at);
    }

    /// <summary>Encodes what is pending; text that comes later is encoded apart from it.</summary>
    internal void Flush()
    {
        if (_pending.Length == 0) return;
        _tokenizer.EncodeText(_pending.ToString().AsSpan(), _followsText, _output);
        _pending.Clear();
        _followsText = true;
    }
}
