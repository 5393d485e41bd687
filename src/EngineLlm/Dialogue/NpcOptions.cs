using System;
using System.Collections.Generic;
using EngineLlm.Sampling;

namespace EngineLlm.Dialogue;

/// <summary>Who a character is, and how it speaks.</summary>
public sealed record NpcOptions
{
    /// <summary>The character's name.</summary>
    public string Name { get; init; } = "NPC";

    /// <summary>
    /// Who the character is, told to the model as its instructions; may be empty. Never forgotten. The model that comes with EngineLlm answers
    /// with its sentences: two to nine plain ones in the second person, each of which can stand alone, serve it best.
    /// </summary>
    public string Persona { get; init; } = "";

    /// <summary>
    /// Exchanges that show how the character talks and what it knows: small models follow an example better than an instruction. Part of the
    /// persona: they stand before the conversation, and are never forgotten.
    /// </summary>
    public IReadOnlyList<ExampleExchange> Examples { get; init; } = Array.Empty<ExampleExchange>();

    /// <summary>
    /// What the character says when the player comes up to it, or null. It stands in the conversation as answer to a plain hello.
    /// </summary>
    public string? Greeting { get; init; }

    /// <summary>
    /// How tokens are chosen; null for what suits the model, <c>LlmEngine.DefaultSampling</c>: the likeliest always for the one that comes with
    /// EngineLlm, a temperature of 0.7 for others.
    /// </summary>
    public SamplingParameters? Sampling { get; init; }

    /// <summary>The most tokens of an answer, at least 1.</summary>
    public int MaxAnswerTokens { get; init; } = 160;

    /// <summary>
    /// Whether a model that can think does so before it answers. Its thoughts are not part of the answer (see
    /// <see cref="Answer.Thoughts"/>), and the player waits for their end. Without it such a model answers at once.
    /// </summary>
    public bool Thinks { get; init; }

    /// <summary>The most tokens of thoughts, at least 1; a model that has not come to an end by then has to speak.</summary>
    public int MaxThinkingTokens { get; init; } = 512;

    /// <summary>Higher goes first: give it to whom the player looks at.</summary>
    public int Priority { get; init; }

    /// <summary>Texts that end an answer, so that a character does not go on to speak for the player.</summary>
    public IReadOnlyList<string> StopTexts { get; init; } = new[] { "\nPlayer:", "\nUser:", "\nYou:" };

    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Name)) throw new ArgumentException("A character needs a name.", nameof(Name));
        if (MaxAnswerTokens < 1)
            throw new ArgumentOutOfRangeException(nameof(MaxAnswerTokens), "An answer has to be allowed at least one token.");
        if (MaxThinkingTokens < 1)
            throw new ArgumentOutOfRangeException(nameof(MaxThinkingTokens), "Thoughts have to be allowed at least one token.");
        Sampling?.Validate();
    }
}

/// <summary>What a character might be asked, and what it would answer.</summary>
/// <param name="Player">What a player might say.</param>
/// <param name="Character">The answer, in the character's voice.</param>
public sealed record ExampleExchange(string Player, string Character);
