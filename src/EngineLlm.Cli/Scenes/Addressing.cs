using System;
using System.Collections.Generic;

namespace EngineLlm.Cli.Scenes;

/// <summary>Whom a line of the player's is meant for.</summary>
/// <param name="Listeners">Indices of the characters; never empty.</param>
/// <param name="Text">What is said to them.</param>
internal readonly record struct Address(IReadOnlyList<int> Listeners, string Text);

/// <summary>
/// Finds out whom a line is meant for: a name at its beginning ("Mira, what do you sell?"), a name at its end ("Good evening, Mira!"), or
/// everyone.
/// </summary>
internal static class Addressing
{
    private static readonly string[] s_everyone = ["everyone", "everybody", "all"];
    private static readonly string[] s_commands = ["quit", "exit", "help"];
    private static readonly string[] s_greetings = ["hello", "hi", "hey", "dear"];
    private static readonly char[] s_separators = [' ', ',', ':', ';', '.', '!', '?'];

    /// <summary>Whether a character could not be addressed by that name.</summary>
    internal static bool IsReserved(string name) => Matches(s_everyone, name) || Matches(s_commands, name);

    /// <summary>Reads a line; who is named is left out of the text only where the line begins with the name.</summary>
    internal static Address Parse(string line, IReadOnlyList<Character> characters)
    {
        string text = line.Trim();
        (string first, string rest) = SplitFirstWord(text.TrimStart('@'));
        if (rest.Length > 0 && Matches(s_everyone, first) && StartsWithSeparator(text, first))
            return new Address(Everyone(characters), rest);
        if (Find(first, characters) is { } named) return new Address([named], rest.Length > 0 ? rest : text);
        if (Matches(s_greetings, first) && Find(SplitFirstWord(rest).First, characters) is { } greeted) return new Address([greeted], text);
        if (FindAtEnd(text, characters) is { } last) return new Address([last], text);
        return new Address(Everyone(characters), text);
    }

    private static int? FindAtEnd(string text, IReadOnlyList<Character> characters)
    {
        string trimmed = text.TrimEnd(s_separators);
        int comma = trimmed.LastIndexOf(',');
        return comma < 0 ? null : Find(trimmed[(comma + 1)..].Trim(), characters);
    }

    // "All is quiet tonight" is no way to address everyone, "all: good evening" is.
    private static bool StartsWithSeparator(string text, string first)
    {
        int end = text.IndexOf(first, StringComparison.Ordinal) + first.Length;
        return text.StartsWith('@') || (end < text.Length && text[end] is ',' or ':');
    }

    private static (string First, string Following) SplitFirstWord(string text)
    {
        int end = text.IndexOfAny(s_separators);
        return end < 0 ? (text, "") : (text[..end], text[end..].TrimStart(s_separators));
    }

    private static int? Find(string name, IReadOnlyList<Character> characters)
    {
        for (int i = 0; i < characters.Count; i++)
        {
            if (string.Equals(characters[i].Name, name, StringComparison.OrdinalIgnoreCase)) return i;
        }
        return null;
    }

    private static int[] Everyone(IReadOnlyList<Character> characters)
    {
        var all = new int[characters.Count];
        for (int i = 0; i < all.Length; i++) all[i] = i;
        return all;
    }

    private static bool Matches(string[] words, string word) =>
        Array.Exists(words, w => string.Equals(w, word, StringComparison.OrdinalIgnoreCase));
}
