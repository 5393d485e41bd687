using System;
using System.Collections.Generic;
using EngineLlm.Sampling;

namespace EngineLlm.Dialogue;

/// <summary>How one answer is made.</summary>
internal sealed record AnswerOptions
{
    /// <summary>How tokens are chosen.</summary>
    internal SamplingParameters Sampling { get; init; } = new();

    /// <summary>The most tokens of the answer; where thoughts have no budget of their own, these count too.</summary>
    internal int MaxTokens { get; init; } = int.MaxValue;

    /// <summary>Whether the model is to think first, where it knows how; null leaves it to the model's template.</summary>
    internal bool? Thinks { get; init; }

    /// <summary>The most tokens of thoughts, which do not count as tokens of the answer then; 0 for no budget of their own.</summary>
    internal int MaxThinkingTokens { get; init; }

    /// <summary>Higher goes first.</summary>
    internal int Priority { get; init; }

    /// <summary>Texts that end the answer.</summary>
    internal IReadOnlyList<string> StopTexts { get; init; } = Array.Empty<string>();

    /// <summary>Leaves out white space at either end.</summary>
    internal bool Trims { get; init; }
}
