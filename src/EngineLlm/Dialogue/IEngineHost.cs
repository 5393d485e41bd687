using System;
using System.Collections.Generic;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;
using EngineLlm.Tokenization;

namespace EngineLlm.Dialogue;

/// <summary>What dialogue needs of an engine. The engine implements it; tests script it.</summary>
internal interface IEngineHost
{
    /// <summary>
    /// The engine's one lock. Listeners are called with it held, and dialogue guards its own state with it too, so that there is no second
    /// lock to take in another order.
    /// </summary>
    object Gate { get; }

    /// <summary>The most tokens of one sequence, prompt and answer: <see cref="Scheduler.TokenLimit"/>.</summary>
    int TokenLimit { get; }

    /// <summary>Tokens that end an answer. Shared, never changed.</summary>
    HashSet<int> StopTokens { get; }

    /// <summary>What the model calls itself, for those who ask.</summary>
    string ModelName { get; }

    /// <summary>How words are chosen where nobody says how.</summary>
    SamplingParameters DefaultSampling { get; }

    /// <summary>
    /// The token ids of a conversation as the model's chat template writes it, up to where the answer starts. Special tokens come from the
    /// template alone. Thread-safe, and called without the lock.
    /// </summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="thinks">Whether the model is to think before it answers; null leaves that to its template.</param>
    int[] EncodePrompt(IReadOnlyList<ChatMessage> messages, bool? thinks);

    /// <summary>How the model marks its thoughts behind such a prompt; null where it does not think. Thread-safe.</summary>
    ThinkingSection? Thinking(bool? thinks);

    /// <summary>A detokeniser for one answer.</summary>
    ITextDecoder CreateDecoder();

    /// <summary>Puts a sequence into the queue. Takes the lock.</summary>
    /// <exception cref="PromptTooLongException">It can never fit.</exception>
    void Add(Sequence sequence);

    /// <summary>Ends a sequence. Takes the lock; the listener hears of the end before this returns.</summary>
    void Cancel(Sequence sequence);

    /// <summary>Does what fits into a frame; see the engine's own.</summary>
    void Update(int budgetMicroseconds);

    /// <summary>Waits until an update would have something to do, for programs without frames.</summary>
    bool WaitForProgress(TimeSpan timeout);

    /// <summary>True where nothing runs and nothing waits.</summary>
    bool IsIdle { get; }
}

/// <summary>Turns tokens into text as they come. Never gives half a character.</summary>
internal interface ITextDecoder
{
    /// <summary>The text that this token completes; may be empty. Valid until the next call.</summary>
    ReadOnlySpan<char> Append(int token);

    /// <summary>What was held back because it was half a character, as replacement characters. Valid until the next call.</summary>
    ReadOnlySpan<char> Finish();
}
