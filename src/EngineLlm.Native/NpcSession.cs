using System;
using EngineLlm.Dialogue;
using EngineLlm.Scheduling;

namespace EngineLlm.Native;

/// <summary>How far a character's newest answer is.</summary>
internal enum AnswerState
{
    /// <summary>Nothing was said yet.</summary>
    None,

    /// <summary>No word has come yet.</summary>
    Waiting,

    /// <summary>Words are coming.</summary>
    Speaking,

    /// <summary>Nothing is added any more.</summary>
    Finished,
}

/// <summary>Why an answer ended, as native hosts tell it apart.</summary>
internal enum AnswerEnd
{
    /// <summary>It has not ended.</summary>
    None,

    /// <summary>The character had no more to say.</summary>
    EndOfTurn,

    /// <summary>It has as many tokens as it was allowed.</summary>
    Length,

    /// <summary>It was stopped; what was said stays said.</summary>
    Stopped,

    /// <summary>It was taken back.</summary>
    Cancelled,

    /// <summary>The context, or the whole page pool, is full.</summary>
    ContextFull,

    /// <summary>The engine failed.</summary>
    Failed,
}

/// <summary>
/// Hears of a character's words, after an update, on the thread that updates. May do anything but update or free the engine.
/// </summary>
internal interface INpcListener
{
    /// <summary>False where words are to wait for <see cref="NpcSession.Read"/>.</summary>
    bool TakesText { get; }

    /// <summary>New words.</summary>
    /// <param name="utf8">Whole characters in UTF-8, followed in memory by a zero byte that is not counted. Valid during the call.</param>
    void OnText(ReadOnlySpan<byte> utf8);

    /// <summary>The answer is over, and all of its words have come.</summary>
    void OnFinished(AnswerEnd end);
}

/// <summary>A character as a native host sees it: its newest answer, and the words of it that the host has not taken yet.</summary>
internal sealed class NpcSession : IDisposable
{
    private readonly EngineSession _engine;
    private readonly INpcListener? _listener;
    private readonly Utf8Outbox _words = new();
    private readonly AnswerTextHandler _onText;
    private readonly Action<Answer> _onFinished;
    private NpcAnswer? _answer;
    private bool _isTakenBack;
    private bool _owesFinish;
    private bool _isDisposed;

    internal NpcSession(EngineSession engine, Npc npc, INpcListener? listener)
    {
        _engine = engine;
        _listener = listener;
        _onText = (_, text) => _words.Append(text);
        _onFinished = OnFinished;
        Npc = npc;
    }

    /// <summary>The character.</summary>
    internal Npc Npc { get; }

    /// <summary>The newest answer, or null.</summary>
    internal NpcAnswer? Answer => _answer;

    /// <summary>Bytes that <see cref="Read"/> would give.</summary>
    internal int UnreadBytes => _words.Count;

    /// <summary>How far the newest answer is.</summary>
    internal AnswerState State
    {
        get
        {
            if (_answer is null) return AnswerState.None;
            if (_answer.IsFinished) return AnswerState.Finished;
            return _words.HasHadAny ? AnswerState.Speaking : AnswerState.Waiting;
        }
    }

    /// <summary>Why the newest answer ended.</summary>
    internal AnswerEnd End => _answer?.FinishReason switch
    {
        null or FinishReason.None => AnswerEnd.None,
        FinishReason.EndOfTurn => AnswerEnd.EndOfTurn,
        FinishReason.Length => AnswerEnd.Length,
        FinishReason.Cancelled => _isTakenBack ? AnswerEnd.Cancelled : AnswerEnd.Stopped,
        FinishReason.ContextFull => AnswerEnd.ContextFull,
        _ => AnswerEnd.Failed,
    };

    /// <summary>
    /// The player says something. An answer that is still being given is stopped, and nothing more is heard of it.
    /// </summary>
    /// <inheritdoc cref="Npc.Say"/>
    internal void Say(string playerText)
    {
        NpcAnswer answer = Npc.Say(playerText);
        Forget();
        _answer = answer;
        answer.TextAdded += _onText;
        answer.Finished += _onFinished;
    }

    /// <summary>Takes new words, whole characters only.</summary>
    /// <returns>The number of bytes written.</returns>
    internal int Read(Span<byte> utf8) => _words.Read(utf8);

    /// <summary>Ends the answer here; what was said stays said.</summary>
    internal void Stop() => Npc.Stop();

    /// <summary>Ends the answer and takes it back; words of it that were not taken yet are dropped.</summary>
    internal void Cancel()
    {
        if (Npc.CurrentAnswer is null) return;
        _isTakenBack = true;
        Npc.CurrentAnswer.Cancel();
        _words.Clear();
    }

    /// <summary>Forgets everything but the persona and the greeting.</summary>
    internal void Reset()
    {
        Cancel();
        Npc.Reset();
    }

    /// <summary>Tells the listener what there is to tell.</summary>
    internal void Deliver()
    {
        if (_isDisposed || _listener is null) return;
        if (_listener.TakesText && _words.Count > 0) _listener.OnText(_words.TakeAll());
        // The listener may have spoken to the character, or freed it.
        if (!_owesFinish || _isDisposed) return;
        _owesFinish = false;
        _listener.OnFinished(End);
    }

    /// <summary>Ends what is being said, without a word.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        Forget();
        Npc.CurrentAnswer?.Cancel();
        _engine.Remove(this);
    }

    private void Forget()
    {
        if (_answer is not null)
        {
            _answer.TextAdded -= _onText;
            _answer.Finished -= _onFinished;
        }
        _words.Clear();
        _isTakenBack = false;
        _owesFinish = false;
    }

    private void OnFinished(Answer answer)
    {
        _words.Finish();
        _owesFinish = true;
    }
}
