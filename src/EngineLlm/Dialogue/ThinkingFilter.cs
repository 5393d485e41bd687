using System;
using EngineLlm.Tokenization;

namespace EngineLlm.Dialogue;

/// <summary>
/// Parts what a model thinks from what it says. The marks between the two may come in pieces, cut anywhere; what may turn out to be one
/// is held back. White space behind the thoughts belongs to neither.
/// </summary>
internal sealed class ThinkingFilter
{
    private readonly string _open;
    private readonly string _close;
    private int _matched;
    private bool _skipsSpace;

    /// <param name="section">The model's marks.</param>
    internal ThinkingFilter(ThinkingSection section)
    {
        _open = section.Open;
        _close = section.Close;
        IsThinking = section.IsOpened;
    }

    /// <summary>Whether what comes next is thought.</summary>
    internal bool IsThinking { get; private set; }

    private string Mark => IsThinking ? _close : _open;

    /// <summary>Adds text to what is said or thought.</summary>
    internal void Append(ReadOnlySpan<char> text, AnswerText said, AnswerText thought)
    {
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != Mark[_matched])
            {
                if (_matched == 0) continue;
                Finish(said, thought);
                start = i;
                // It may begin a mark itself: no mark's first character stands in it again.
                if (text[i] != Mark[0]) continue;
            }
            if (_matched == 0) Pass(text[start..i], said, thought);
            start = i + 1;
            if (++_matched == Mark.Length) Turn();
        }
        if (start < text.Length) Pass(text[start..], said, thought);
    }

    /// <summary>No more text comes, or none of this section: what was held back was no mark.</summary>
    internal void Finish(AnswerText said, AnswerText thought)
    {
        int held = _matched;
        _matched = 0;
        Pass(Mark.AsSpan(0, held), said, thought);
    }

    /// <summary>Ends the thoughts as the mark would.</summary>
    internal void StopThinking(AnswerText said, AnswerText thought)
    {
        Finish(said, thought);
        if (IsThinking) Turn();
    }

    private void Turn()
    {
        _matched = 0;
        IsThinking = !IsThinking;
        _skipsSpace = !IsThinking;
    }

    private void Pass(ReadOnlySpan<char> text, AnswerText said, AnswerText thought)
    {
        if (_skipsSpace) text = text.TrimStart();
        if (text.Length == 0) return;
        _skipsSpace = false;
        (IsThinking ? thought : said).Append(text);
    }
}
