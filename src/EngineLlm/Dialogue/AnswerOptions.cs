using System;
using System.Collections.Generic;
using EngineLlm.Sampling;

namespace EngineLlm.Dialogue;

/// <summary>How one answer is made.</summary>
internal sealed record AnswerOptions
{
    /// <summary>How tokens are chosen.</summary>
    internal SamplingParameters Sampling { get; init; } = new();

    /// <summary>The most tokens of the answer.</summary>
    internal int MaxTokens { get; init; } = int.MaxValue;

    /// <summary>Higher goes first.</summary>
    internal int Priority { get; init; }

    /// <summary>Texts that end the answer.</summary>
    internal IReadOnlyList<string> StopTexts { get; init; } = Array.Empty<string>();

    /// <summary>Leaves out white space at either end.</summary>
    internal bool Trims { get; init; }
}
