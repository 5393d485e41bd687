using System;
using System.Text;

namespace EngineLlm.Cli.Playing;

/// <summary>
/// What a character says, as it comes. One line of text: no control characters reach the terminal, whatever the model makes up.
/// </summary>
internal sealed class Speech
{
    private readonly StringBuilder _text = new();
    private bool _pendingSpace;

    /// <summary>The text so far.</summary>
    internal string Text => _text.ToString();

    /// <summary>The text so far, or a mark where there is none yet.</summary>
    internal string Shown => _text.Length == 0 ? "…" : Text;

    /// <summary>Whether nothing more will come.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>Why it is over.</summary>
    internal SpeechEnd End { get; private set; }

    /// <summary>For errors: what went wrong.</summary>
    internal string? Problem { get; private set; }

    /// <summary>The text, with a mark where it was cut off.</summary>
    internal string FinalText => End switch
    {
        SpeechEnd.Complete when _text.Length == 0 => "(says nothing)",
        SpeechEnd.Failed => $"(cannot answer: {Problem})",
        SpeechEnd.Length or SpeechEnd.Stopped => $"{Text} …".TrimStart(),
        _ => Text,
    };

    /// <summary>Adds a piece of text. White space of any length becomes one space.</summary>
    internal void Append(ReadOnlySpan<char> piece)
    {
        foreach (char c in piece)
        {
            if (char.IsWhiteSpace(c)) _pendingSpace = _text.Length > 0;
            else if (!char.IsControl(c)) AppendVisible(c);
        }
    }

    /// <summary>Whether the text is at least so long and has just come to the end of a sentence, so that it may end here.</summary>
    internal bool EndsSentenceAfter(int length)
    {
        if (_text.Length < length) return false;
        int last = _text.Length - 1;
        while (last > 0 && _text[last] is '"' or '”') last--;
        if (_text[last] is '!' or '?') return true;
        bool isEllipsis = last > 0 && _text[last - 1] == '.';
        return _text[last] == '.' && !isEllipsis;
    }

    /// <summary>Nothing more will come.</summary>
    internal void Finish(SpeechEnd end, string? problem = null)
    {
        if (IsOver) return;
        IsOver = true;
        End = end;
        Problem = problem;
    }

    private void AppendVisible(char c)
    {
        if (_pendingSpace) _text.Append(' ');
        _pendingSpace = false;
        _text.Append(c);
    }
}

/// <summary>Why an answer is over.</summary>
internal enum SpeechEnd
{
    /// <summary>The character had nothing to add.</summary>
    Complete,

    /// <summary>It reached the greatest length.</summary>
    Length,

    /// <summary>The player cut it off.</summary>
    Stopped,

    /// <summary>An error; see <see cref="Speech.Problem"/>.</summary>
    Failed,
}
