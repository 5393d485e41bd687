using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace EngineLlm.Dialogue;

/// <summary>
/// One reader of an answer. It needs no queue: the answer's text only grows, so a position in it is enough, and a slow reader gets longer
/// pieces.
/// </summary>
internal sealed class AnswerEnumerator : IAsyncEnumerator<string>, IValueTaskSource<bool>
{
    private readonly Answer _answer;
    private readonly CancellationToken _cancellation;
    private CancellationTokenRegistration _registration;
    // Continuations go to the captured context or the thread pool; run here they would run within the engine's update.
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private int _position;
    private int _thoughtPosition;

    internal AnswerEnumerator(Answer answer, CancellationToken cancellation, bool includesThoughts = false)
    {
        _answer = answer;
        IncludesThoughts = includesThoughts;
        _cancellation = cancellation;
        if (cancellation.CanBeCanceled)
            _registration = cancellation.Register(static reader => ((AnswerEnumerator)reader!).StopWaiting(), this);
    }

    public string Current { get; private set; } = "";

    /// <summary>Whether what the model thinks is read, too.</summary>
    internal bool IncludesThoughts { get; }

    /// <summary>Whether <see cref="Current"/> was thought, not said.</summary>
    internal bool IsThought { get; private set; }

    public ValueTask<bool> MoveNextAsync()
    {
        lock (_answer.Gate)
        {
            _cancellation.ThrowIfCancellationRequested();
            if (TryAdvance()) return new ValueTask<bool>(true);
            if (_answer.IsFinished)
            {
                _answer.ThrowIfBroken();
                return new ValueTask<bool>(false);
            }
            _source.Reset();
            _answer.Await(this);
            return new ValueTask<bool>(this, _source.Version);
        }
    }

    public ValueTask DisposeAsync()
    {
        _registration.Dispose();
        return default;
    }

    /// <summary>There is more, or there will never be. Called with the lock held, once for each wait.</summary>
    internal void Wake() => _source.SetResult(true);

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        _source.GetResult(token);
        lock (_answer.Gate)
        {
            if (TryAdvance()) return true;
            _cancellation.ThrowIfCancellationRequested();
            _answer.ThrowIfBroken();
            return false;
        }
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private bool TryAdvance()
    {
        string? thought = IncludesThoughts ? _answer.ReadThoughtsFrom(_thoughtPosition) : null;
        string? piece = thought ?? _answer.ReadFrom(_position);
        if (piece == null) return false;
        IsThought = thought != null;
        if (IsThought) _thoughtPosition += piece.Length;
        else _position += piece.Length;
        Current = piece;
        return true;
    }

    private void StopWaiting()
    {
        lock (_answer.Gate)
        {
            if (_answer.StopAwaiting(this)) Wake();
        }
    }
}
