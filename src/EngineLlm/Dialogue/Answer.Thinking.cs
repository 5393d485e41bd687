using System;
using EngineLlm.Scheduling;
using EngineLlm.Tokenization;

namespace EngineLlm.Dialogue;

/// <summary>The part of an answer that nobody hears: what a model thinks before it speaks.</summary>
public partial class Answer
{
    private readonly ThinkingSection? _section;
    private readonly ThinkingFilter? _filter;
    private readonly AnswerText _thoughts;
    private string _shownThoughts = "";
    private int _earlierTokens;
    private int _saidTokens;
    private bool _isLongEnough;

    /// <summary>What the model has thought so far, "" where it does not think. No part of the answer, and not remembered.</summary>
    public string Thoughts
    {
        get
        {
            lock (Gate)
            {
                if (_shownThoughts.Length != _thoughts.ReleasedCount) _shownThoughts = _thoughts.Released.ToString();
                return _shownThoughts;
            }
        }
    }

    /// <summary>Whether the model is thinking now; the answer's words come later.</summary>
    public bool IsThinking => !IsFinished && _filter is { IsThinking: true };

    /// <summary>Number of tokens that went into thoughts so far.</summary>
    public int ThoughtTokenCount => _filter == null ? 0 : TokenCount - _saidTokens;

    /// <summary>What was thought behind a position, or null where there is nothing yet. Called with the lock held.</summary>
    internal string? ReadThoughtsFrom(int position) =>
        _thoughts.ReleasedCount > position ? _thoughts.Released[position..].ToString() : null;

    /// <summary>Thoughts have a budget of their own, so that they leave the answer its tokens.</summary>
    private static int TokensInAll(AnswerOptions options, bool mayThink) =>
        mayThink ? (int)Math.Min(int.MaxValue, (long)options.MaxTokens + options.MaxThinkingTokens) : options.MaxTokens;

    /// <summary>Counts a token as said or thought, and ends what has had its share.</summary>
    /// <param name="wasThinking">Whether the model was thinking before this token.</param>
    private void CountToken(bool wasThinking)
    {
        if (_filter == null) return;
        if (!wasThinking && !_filter.IsThinking) _saidTokens++;
        if (_options.MaxThinkingTokens == 0) return;
        _isLongEnough = _saidTokens >= _options.MaxTokens;
        if (_isLongEnough) _host.Cancel(_sequence);
        else if (_filter.IsThinking && ThoughtTokenCount >= _options.MaxThinkingTokens) SpeakNow();
    }

    /// <summary>
    /// Closes the thoughts from outside, and has the model go on from there: as another sequence, which finds all but the last of its
    /// pages computed.
    /// </summary>
    private void SpeakNow()
    {
        Sequence thinking = _sequence;
        int count = thinking.TokenCount;
        if (count + _section!.ClosingTokens.Length >= _host.TokenLimit) return;
        var tokens = new int[count + _section.ClosingTokens.Length];
        thinking.Tokens.CopyTo(tokens);
        _section.ClosingTokens.CopyTo(tokens, count);
        _earlierTokens += thinking.GeneratedCount;
        _sequence = new Sequence(tokens, _options.Sampling, _options.MaxTokens, _host.StopTokens, _options.Priority, this);
        _decoder.Finish();
        _filter!.StopThinking(_text, _thoughts);
        _host.Cancel(thinking);
        _host.Add(_sequence);
    }
}
