using System;
using System.Collections.Generic;

namespace EngineLlm.Cli.Verification;

/// <summary>
/// One checked line of a logits file: a text's tokens, the likely next tokens after each, and how the text goes on greedily.
/// </summary>
internal sealed class LogitsReference
{
    private LogitsReference(int line, int[] tokens, TopTokens[] top, int[] greedy)
    {
        Line = line;
        Tokens = tokens;
        Top = top;
        Greedy = greedy;
    }

    /// <summary>The line in the file, from 1.</summary>
    internal int Line { get; }

    /// <summary>[1..] the text's token ids, each within the vocabulary.</summary>
    internal int[] Tokens { get; }

    /// <summary>[Tokens.Length] likely next tokens, best first; never empty, ids within the vocabulary, log-probabilities finite.</summary>
    internal TopTokens[] Top { get; }

    /// <summary>The continuation by arg max; ends with an end-of-generation token where one was reached.</summary>
    internal int[] Greedy { get; }

    /// <summary>Reads and checks a file, a line at a time.</summary>
    /// <exception cref="InputException">The file is not such a file, or belongs to a model with another vocabulary.</exception>
    internal static IEnumerable<LogitsReference> Read(string path, int vocabularySize)
    {
        foreach ((int line, LogitsLine value) in JsonLines.Read(path, ReferenceJson.Default.LogitsLine))
        {
            yield return Check($"{path}:{line}", line, value, vocabularySize);
        }
    }

    private static LogitsReference Check(string place, int line, LogitsLine value, int vocabularySize)
    {
        if (value.Tokens is not { Length: > 0 } tokens) throw Bad(place, "'tokens' is missing or empty");
        if (value.Top is not { } top || top.Length != tokens.Length)
            throw Bad(place, $"'top' needs one entry for each of the {tokens.Length} tokens");
        int[] greedy = value.Greedy ?? [];
        CheckIds(place, "tokens", tokens, vocabularySize);
        CheckIds(place, "greedy", greedy, vocabularySize);
        for (int i = 0; i < top.Length; i++) CheckTop($"{place}, top[{i}]", top[i], vocabularySize);
        return new LogitsReference(line, tokens, top, greedy);
    }

    private static void CheckTop(string place, TopTokens? top, int vocabularySize)
    {
        if (top?.Ids is not { Length: > 0 } ids) throw Bad(place, "'ids' is missing or empty");
        if (top.Logprobs is not { } logprobs || logprobs.Length != ids.Length) throw Bad(place, "'logprobs' and 'ids' differ in length");
        CheckIds(place, "ids", ids, vocabularySize);
        if (!Array.TrueForAll(logprobs, p => p <= 0)) throw Bad(place, "a log-probability is above 0");
    }

    private static void CheckIds(string place, string name, int[] ids, int vocabularySize)
    {
        foreach (int id in ids)
        {
            if (id >= 0 && id < vocabularySize) continue;
            throw Bad(
                place,
                $"'{name}' has the id {id}, but the model's vocabulary has {vocabularySize} tokens; the file belongs to another model");
        }
    }

    private static InputException Bad(string place, string what) => new($"{place}: {what}.");
}
