using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using EngineLlm.Scheduling;

namespace EngineLlm.Dialogue;

/// <summary>Hears pieces of an answer as they come. The text is valid during the call only; nothing is allocated for it.</summary>
/// <param name="answer">The answer.</param>
/// <param name="text">What has been added, at least one character.</param>
public delegate void AnswerTextHandler(Answer answer, ReadOnlySpan<char> text);

/// <summary>
/// Text that is being written. Take it as it comes (<c>await foreach</c>, or <see cref="TextAdded"/>), as a whole
/// (<see cref="Completion"/>), or look at <see cref="Text"/> once a frame.
/// </summary>
/// <remarks>
/// Handlers run on the thread that updates the engine (or that stops the answer), within the update, and should be short. <c>await
/// foreach</c> and <see cref="Completion"/> go on where they were awaited, or on the thread pool, never within the update.
/// </remarks>
public partial class Answer : IAsyncEnumerable<string>, ISequenceListener
{
    // Characters to make room for: an English token has about four.
    private const int CharactersPerToken = 6, MaxReservedCharacters = 8192;

    private readonly IEngineHost _host;
    private readonly AnswerOptions _options;
    private readonly int _promptCount;
    private readonly ITextDecoder _decoder;
    private readonly AnswerText _text;
    private readonly TaskCompletionSource<string> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<AnswerEnumerator> _readers = new();
    private Sequence _sequence;
    private CancellationTokenRegistration _registration;
    private AnswerTextHandler? _textAdded;
    private Action<Answer>? _finished;
    private Exception? _error;
    private bool _endedByStopText;
    private string _shown = "";

    internal Answer(IEngineHost host, int[] prompt, AnswerOptions options)
    {
        _host = host;
        _options = options;
        _promptCount = prompt.Length;
        _section = _host.Thinking(options.Thinks);
        _filter = _section == null ? null : new ThinkingFilter(_section);
        bool mayThink = _section != null && options.Thinks != false;
        int maxTokens = TokensInAll(options, mayThink);
        _sequence = new Sequence(prompt, options.Sampling, maxTokens, _host.StopTokens, options.Priority, this);
        _decoder = _host.CreateDecoder();
        _text = new AnswerText(options.StopTexts, options.Trims, CharactersOf(options.MaxTokens));
        _thoughts = new AnswerText(Array.Empty<string>(), trims: true, mayThink ? CharactersOf(maxTokens) : 0);
    }

    /// <summary>Raised for each piece of text. A handler that is added late hears at once what was said so far.</summary>
    public event AnswerTextHandler? TextAdded
    {
        add
        {
            lock (Gate)
            {
                _textAdded += value;
                if (_text.ReleasedCount > 0) value?.Invoke(this, _text.Released);
            }
        }
        remove
        {
            lock (Gate) _textAdded -= value;
        }
    }

    /// <summary>Raised once, when the answer is over. A handler that is added later than that is called at once.</summary>
    public event Action<Answer>? Finished
    {
        add
        {
            lock (Gate)
            {
                if (IsFinished) value?.Invoke(this);
                else _finished += value;
            }
        }
        remove
        {
            lock (Gate) _finished -= value;
        }
    }

    /// <summary>What has been said so far.</summary>
    public string Text
    {
        get
        {
            lock (Gate)
            {
                if (_shown.Length != _text.ReleasedCount) _shown = _text.Released.ToString();
                return _shown;
            }
        }
    }

    /// <summary>The whole answer, when it is there. Cancelled or faulted as the answer is.</summary>
    public Task<string> Completion => _completion.Task;

    /// <summary>True once nothing is added any more.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Why the answer ended; <see cref="FinishReason.None"/> while it has not.</summary>
    public FinishReason FinishReason { get; private set; }

    /// <summary>Number of tokens that the answer was made from.</summary>
    public int PromptTokenCount => _promptCount;

    /// <summary>Number of tokens of the prompt that were taken from pages computed before.</summary>
    public int SharedTokenCount => Math.Min(_promptCount, _sequence.SharedCount);

    /// <summary>Number of tokens generated so far, thoughts included.</summary>
    public int TokenCount => _earlierTokens + _sequence.GeneratedCount;

    /// <summary>The engine's lock, which guards the answer too.</summary>
    internal object Gate => _host.Gate;

    /// <summary>True where the answer was cancelled, and so counts as never given.</summary>
    internal bool IsDiscarded { get; private set; }

    /// <summary>Ends the answer here. What was said stays said, and <see cref="Completion"/> gives it.</summary>
    public void Stop()
    {
        lock (Gate) _host.Cancel(_sequence);
    }

    /// <summary>Ends the answer and takes it back: <see cref="Completion"/> is cancelled.</summary>
    public void Cancel()
    {
        lock (Gate)
        {
            if (IsFinished) return;
            IsDiscarded = true;
            _host.Cancel(_sequence);
        }
    }

    /// <summary>Reads the answer from its start, in pieces as they come. Ending the reading does not end the answer.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    public IAsyncEnumerator<string> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new AnswerEnumerator(this, cancellationToken);

    /// <summary>Puts the answer into the engine's queue.</summary>
    /// <exception cref="PromptTooLongException">The prompt can never fit.</exception>
    internal void Start() => _host.Add(_sequence);

    /// <summary>Lets a token take the answer back. Called without the lock, since a token that is cancelled already does so here.</summary>
    internal void CancelWith(CancellationToken cancellation)
    {
        if (!cancellation.CanBeCanceled) return;
        CancellationTokenRegistration made = cancellation.Register(static answer => ((Answer)answer!).Cancel(), this);
        lock (Gate)
        {
            _registration = made;
            if (IsFinished) Unregister();
        }
    }

    /// <summary>Ends the answer because of an error, which everybody who waits for it gets.</summary>
    internal void Fail(Exception reason)
    {
        lock (Gate)
        {
            if (IsFinished) return;
            _error = reason;
            _host.Cancel(_sequence);
        }
    }

    /// <summary>What was added behind a position, or null where there is nothing yet. Called with the lock held.</summary>
    internal string? ReadFrom(int position) => _text.ReleasedCount > position ? _text.Released[position..].ToString() : null;

    /// <summary>Throws what ended the answer, where that was not its end. Called with the lock held.</summary>
    internal void ThrowIfBroken()
    {
        if (_error != null) throw _error;
        if (IsDiscarded) throw new OperationCanceledException("The answer was cancelled.");
    }

    /// <summary>Enters a reader that waits for more. Called with the lock held.</summary>
    internal void Await(AnswerEnumerator reader) => _readers.Add(reader);

    /// <summary>Takes a reader out that waits no longer. Called with the lock held.</summary>
    internal bool StopAwaiting(AnswerEnumerator reader) => _readers.Remove(reader);

    void ISequenceListener.OnToken(Sequence _, int token)
    {
        bool wasThinking = _filter is { IsThinking: true };
        Show(_decoder.Append(token));
        if (_text.IsStopped)
        {
            _endedByStopText = true;
            _host.Cancel(_sequence);
        }
        else CountToken(wasThinking);
    }

    void ISequenceListener.OnFinished(Sequence sequence)
    {
        // An answer that was told to speak goes on as another sequence.
        if (sequence != _sequence) return;
        if (!_text.IsStopped) Show(_decoder.Finish(), isLast: true);
        FinishReason = _error != null ? FinishReason.Failed
            : _endedByStopText ? FinishReason.EndOfTurn
            : _isLongEnough ? FinishReason.Length : _sequence.FinishReason;
        if (FinishReason == FinishReason.Failed)
            _error ??= new EngineLlmException("The engine was closed, or failed, before the answer was complete.");
        IsFinished = true;
        Unregister();
        try
        {
            OnEnded();
            _finished?.Invoke(this);
        }
        finally
        {
            _finished = null;
            WakeReaders();
            Complete();
        }
    }

    /// <summary>Called once with the lock held, before anybody else hears of the end.</summary>
    private protected virtual void OnEnded() { }

    private void Show(ReadOnlySpan<char> added, bool isLast = false)
    {
        int before = _text.ReleasedCount, thoughtBefore = _thoughts.ReleasedCount;
        if (_filter == null) _text.Append(added);
        else _filter.Append(added, _text, _thoughts);
        if (isLast) ShowAll();
        if (_thoughts.ReleasedCount != thoughtBefore) WakeReaders(ofThoughts: true);
        if (_text.ReleasedCount == before) return;
        WakeReaders();
        _textAdded?.Invoke(this, _text.Released[before..]);
    }

    private void ShowAll()
    {
        _filter?.Finish(_text, _thoughts);
        _text.Finish();
        _thoughts.Finish();
    }

    private void WakeReaders(bool ofThoughts = false)
    {
        for (int i = _readers.Count - 1; i >= 0; i--)
        {
            if (ofThoughts && !_readers[i].IncludesThoughts) continue;
            _readers[i].Wake();
            _readers.RemoveAt(i);
        }
    }

    private static int CharactersOf(int tokens) => (int)Math.Min(MaxReservedCharacters, (long)tokens * CharactersPerToken);

    private void Complete()
    {
        if (_error != null) _completion.TrySetException(_error);
        else if (IsDiscarded) _completion.TrySetCanceled();
        else _completion.TrySetResult(Text);
    }

    // Disposing waits for a callback that runs on another thread, and that one may be waiting for the lock held here.
    private void Unregister()
    {
        if (_registration == default) return;
        CancellationTokenRegistration done = _registration;
        _registration = default;
        ThreadPool.QueueUserWorkItem(static state => ((IDisposable)state!).Dispose(), done);
    }
}
