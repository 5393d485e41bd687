using System;

namespace EngineLlm.Cli.Playing;

/// <summary>What the play loop needs of an engine: somebody to talk to, and a frame's work. Tests script it.</summary>
internal interface IStage : IDisposable
{
    /// <summary>What the model calls itself.</summary>
    string ModelName { get; }

    /// <summary>Whether everyone has read who they are, so that the first words come as soon as all others.</summary>
    bool IsPrepared { get; }

    /// <summary>One frame's work, or more of it; answers grow during this call only.</summary>
    void Update(int budgetMicroseconds);

    /// <summary>Waits until an update would have something to do.</summary>
    /// <returns>False where the time ran out first, or nobody speaks.</returns>
    bool WaitForProgress(TimeSpan timeout);

    /// <summary>Says something to a character, whose answer to the line before is cut off if it still goes on.</summary>
    /// <param name="character">Index of the character in the scene.</param>
    /// <param name="text">The player's words.</param>
    /// <returns>The answer, which grows from frame to frame.</returns>
    Speech Say(int character, string text);

    /// <summary>Cuts off what a character is saying.</summary>
    void Stop(int character);

    /// <summary>Counters as they stand.</summary>
    StageStatistics Statistics { get; }
}

/// <summary>Counters of a stage.</summary>
/// <param name="TokensDecoded">Tokens of all answers since the start, all characters together.</param>
/// <param name="PagesUsed">Pages that those who speak hold now.</param>
/// <param name="PagesKept">Pages kept for the next time, so that what was said need not be read again.</param>
/// <param name="PagesTotal">Pages in the pool.</param>
internal readonly record struct StageStatistics(long TokensDecoded, int PagesUsed, int PagesKept, int PagesTotal);
