using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace EngineLlm.Dialogue;

/// <summary>
/// One reader of an answer. It needs no queue: the answer's text only grows, so a position in it is enough, and a slow reader gets longer pieces.
/// </summary>
internal sealed class AnswerEnumerator : IAsyncEnumerator<string>, IValueTaskSource<bool>
{
    private readonly Answer answer;
    private readonly CancellationToken cancellation;
    private CancellationTokenRegistration registration;
    // Continuations go to the captured context or the thread pool; run here they would run within the engine's update.
    private ManualResetValueTaskSourceCore<bool> source = new() { RunContinuationsAsynchronously = true };
    private int position;

    internal AnswerEnumerator(Answer answer, CancellationToken cancellation)
    {
        this.answer = answer;
        this.cancellation = cancellation;
        if (cancellation.CanBeCanceled) registration = cancellation.Register(static reader => ((AnswerEnumerator)reader!).StopWaiting(), this);
    }

    public string Current { get; private set; } = "";

    public ValueTask<bool> MoveNextAsync()
    {
        lock (answer.Gate)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryAdvance()) return new ValueTask<bool>(true);
            if (answer.IsFinished)
            {
                answer.ThrowIfBroken();
                return new ValueTask<bool>(false);
            }
            source.Reset();
            answer.Await(this);
            return new ValueTask<bool>(this, source.Version);
        }
    }

    public ValueTask DisposeAsync()
    {
        registration.Dispose();
        return default;
    }

    /// <summary>There is more, or there will never be. Called with the lock held, once for each wait.</summary>
    internal void Wake() => source.SetResult(true);

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        source.GetResult(token);
        lock (answer.Gate)
        {
            if (TryAdvance()) return true;
            cancellation.ThrowIfCancellationRequested();
            answer.ThrowIfBroken();
            return false;
        }
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);

    private bool TryAdvance()
    {
        string? piece = answer.ReadFrom(position);
        if (piece == null) return false;
        position += piece.Length;
        Current = piece;
        return true;
    }

    private void StopWaiting()
    {
        lock (answer.Gate)
        {
            if (answer.StopAwaiting(this)) Wake();
        }
    }
}
