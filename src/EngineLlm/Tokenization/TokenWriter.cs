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
    private bool _swallowsSpace;

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
        _swallowsSpace = false;
    }

    /// <summary>Appends text in which the given special tokens are recognised.</summary>
    internal void Append(string text, SpecialTokens recognised)
    {
        text = CodePoints.WithoutLoneSurrogates(text);
        _tokenizer.FindSpecials(text, recognised, _matches);
        int at = 0;
        foreach (SpecialTokenFinder.Match match in _matches)
        {
            AppendText(text, at, match.Start);
            AppendToken(match.Id);
            _swallowsSpace = _tokenizer.SwallowsSpace(match.Id);
            at = match.Start + match.Length;
        }
        AppendText(text, at, text.Length);
    }

    /// <summary>Appends text of a template, special tokens included, and encodes it.</summary>
    internal void AppendAll(string text)
    {
        Append(text, SpecialTokens.All);
        Flush();
    }

    /// <summary>Encodes what is pending; text that comes later is encoded apart from it.</summary>
    internal void Flush()
    {
        if (_pending.Length == 0) return;
        _tokenizer.EncodeText(_pending.ToString().AsSpan(), _followsText, _output);
        _pending.Clear();
        _followsText = true;
    }

    private void AppendText(string text, int start, int end)
    {
        while (_swallowsSpace && start < end && text[start] is ' ' or (>= '\t' and <= '\r')) start++;
        if (start == end) return;
        _pending.Append(text, start, end - start);
        _swallowsSpace = false;
    }
}
