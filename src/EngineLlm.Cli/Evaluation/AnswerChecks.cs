using System;
using System.Collections.Generic;

namespace EngineLlm.Cli.Evaluation;

/// <summary>What counts as right, declined and well formed in a character's answer. models/npc/score.py counts in the same way.</summary>
internal static class AnswerChecks
{
    private const int LoopWords = 6;
    private const int LoopRepeats = 3;

    private static readonly string[] s_declines =
    [
        "don't know", "do not know", "couldn't say", "can't say", "could not say", "cannot say", "can't tell", "couldn't tell", "no idea", "can't help you with that",
        "never heard", "not heard of", "don't sell", "do not sell", "don't have that", "i have no", "not among my wares", "more than i know", "nothing i know",
        "know nothing", "don't understand", "not something i know", "have none", "never told me", "not told me", "beyond me",
    ];

    private static readonly string[] s_firstPerson = ["i", "me", "my", "mine", "myself", "we", "us", "our"];

    /// <summary>Whether a text has one of the phrases as whole words, whatever their case. A hyphen joins words.</summary>
    internal static bool HoldsAny(string text, IReadOnlyList<string>? phrases)
    {
        if (phrases is null) return false;
        foreach (string phrase in phrases)
        {
            if (Holds(text, phrase)) return true;
        }
        return false;
    }

    /// <summary>Whether the character says that it cannot answer.</summary>
    internal static bool Declines(string text) => Array.Exists(s_declines, marker => text.Contains(marker, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a text begins and ends like a sentence, and has more than a word.</summary>
    internal static bool IsWhole(string text)
    {
        string trimmed = text.Trim();
        if (Words(trimmed).Length < 2) return false;
        string end = trimmed.TrimEnd('"', '\'', ')');
        bool begins = char.IsUpper(trimmed[0]) || char.IsDigit(trimmed[0]) || trimmed[0] is '"' or '\'';
        return begins && end.Length > 0 && end[^1] is '.' or '!' or '?';
    }

    /// <summary>Whether six words in a row stand in a text three times.</summary>
    internal static bool Loops(string text)
    {
        string[] words = Words(text.ToLowerInvariant());
        var counts = new Dictionary<string, int>();
        for (int i = 0; i + LoopWords <= words.Length; i++)
        {
            string gram = string.Join(' ', words, i, LoopWords);
            counts[gram] = counts.GetValueOrDefault(gram) + 1;
            if (counts[gram] == LoopRepeats) return true;
        }
        return false;
    }

    /// <summary>Whether a text speaks of its speaker as I or we.</summary>
    internal static bool IsFirstPerson(string text) => HoldsAny(text, s_firstPerson);

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static bool Holds(string text, string phrase)
    {
        if (phrase.Length == 0) return false;
        for (int at = text.IndexOf(phrase, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(phrase, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            int end = at + phrase.Length;
            bool isWhole = (at == 0 || !JoinsWords(text[at - 1])) && (end == text.Length || !JoinsWords(text[end]));
            if (isWhole) return true;
        }
        return false;
    }

    private static bool JoinsWords(char c) => char.IsLetterOrDigit(c) || c is '_' or '-';
}
