using System;

namespace EngineLlm.Cli.Benching;

/// <summary>
/// Prompts of random tokens, no two of which begin alike: otherwise they would share pages, and one of them would cost nothing.
/// </summary>
internal sealed class PromptSource
{
    private readonly Random _random = new(20240229);
    private readonly int _vocabularySize;

    internal PromptSource(int vocabularySize) => _vocabularySize = vocabularySize;

    /// <summary>Another prompt, at least one token long.</summary>
    internal int[] Next(int length)
    {
        var tokens = new int[Math.Max(1, length)];
        for (int i = 0; i < tokens.Length; i++) tokens[i] = _random.Next(_vocabularySize);
        return tokens;
    }
}
