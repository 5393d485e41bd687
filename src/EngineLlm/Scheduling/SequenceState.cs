namespace EngineLlm.Scheduling;

/// <summary>Where a sequence is in its life.</summary>
public enum SequenceState
{
    /// <summary>Made, and not yet given to an engine.</summary>
    New,

    /// <summary>In the queue; it has no pages yet.</summary>
    Waiting,

    /// <summary>It has pages, and takes part in steps.</summary>
    Running,

    /// <summary>In the queue again: its pages were needed elsewhere. Its tokens are kept, and are computed again later.</summary>
    Preempted,

    /// <summary>Over; <see cref="Sequence.FinishReason"/> says why.</summary>
    Finished,
}

/// <summary>Why a sequence ended.</summary>
public enum FinishReason
{
    /// <summary>It has not ended.</summary>
    None,

    /// <summary>The model chose a stop token.</summary>
    EndOfTurn,

    /// <summary>It has as many new tokens as it was allowed.</summary>
    Length,

    /// <summary>Somebody cancelled it.</summary>
    Cancelled,

    /// <summary>The context, or the whole page pool, is full.</summary>
    ContextFull,

    /// <summary>The engine failed, or was disposed of.</summary>
    Failed,
}

/// <summary>Hears of a sequence's tokens as they come.</summary>
/// <remarks>
/// Calls come from whoever completes a step or cancels the sequence, and should be short. They may add, fork and cancel sequences. Nothing
/// is called after <see cref="OnFinished"/>.
/// </remarks>
public interface ISequenceListener
{
    /// <summary>A token was generated. Stop tokens are not reported.</summary>
    /// <param name="sequence">The sequence, which has the token already.</param>
    /// <param name="token">The token's id.</param>
    void OnToken(Sequence sequence, int token);

    /// <summary>The sequence is over.</summary>
    /// <param name="sequence">The sequence; <see cref="Sequence.FinishReason"/> says why.</param>
    void OnFinished(Sequence sequence);
}
