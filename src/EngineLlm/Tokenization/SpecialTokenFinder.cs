using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization;

/// <summary>Finds special tokens in a text. Where they overlap the longest wins, wherever it stands, as in the reference.</summary>
internal sealed class SpecialTokenFinder
{
    private readonly Entry[] _entries;

    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="isEndOfGeneration">Whether a token ends an answer.</param>
    /// <param name="textOf">A token's text as it stands in ordinary text.</param>
    internal SpecialTokenFinder(Vocabulary vocabulary, Func<int, bool> isEndOfGeneration, Func<int, string> textOf)
    {
        var entries = new List<Entry>();
        for (int id = 0; id < vocabulary.Count; id++)
        {
            string text = textOf(id);
            if (text.Length == 0 || !vocabulary.IsSpecial(id)) continue;
            SpecialTokens level = vocabulary.Kinds[id] != TokenKind.UserDefined ? SpecialTokens.All
                : isEndOfGeneration(id) || Vocabulary.IsMarkup(text) ? SpecialTokens.UserDefined : SpecialTokens.None;
            entries.Add(new Entry(text, id, level));
        }
        entries.Sort((a, b) => a.Text.Length != b.Text.Length ? b.Text.Length.CompareTo(a.Text.Length) : a.Id.CompareTo(b.Id));
        _entries = entries.ToArray();
    }

    /// <summary>Fills the list with the special tokens of a text, in order, without overlaps.</summary>
    internal void Find(string text, SpecialTokens recognised, List<Match> matches)
    {
        matches.Clear();
        foreach (Entry entry in _entries)
        {
            if (entry.Level > recognised) continue;
            for (int at = 0; (at = text.IndexOf(entry.Text, at, StringComparison.Ordinal)) >= 0;)
            {
                int index = FreeIndex(matches, at, entry.Text.Length);
                if (index >= 0) matches.Insert(index, new Match(at, entry.Text.Length, entry.Id));
                at += index >= 0 ? entry.Text.Length : 1;
            }
        }
    }

    /// <summary>Where a match belongs in the sorted list, -1 where it overlaps one that is there.</summary>
    private static int FreeIndex(List<Match> matches, int start, int length)
    {
        int low = 0;
        int high = matches.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (matches[middle].Start < start) low = middle + 1;
            else high = middle;
        }
        bool overlapsPrevious = low > 0 && matches[low - 1].Start + matches[low - 1].Length > start;
        bool overlapsNext = low < matches.Count && start + length > matches[low].Start;
        return overlapsPrevious || overlapsNext ? -1 : low;
    }

    /// <summary>One special token in a text.</summary>
    internal readonly struct Match
    {
        internal Match(int start, int length, int id)
        {
            Start = start;
            Length = length;
            Id = id;
        }

        internal int Start { get; }

        internal int Length { get; }

        internal int Id { get; }
    }

    private readonly struct Entry
    {
        internal Entry(string text, int id, SpecialTokens level)
        {
            Text = text;
            Id = id;
            Level = level;
        }

        internal string Text { get; }

        internal int Id { get; }

        /// <summary>The least level at which the token is recognised.</summary>
        internal SpecialTokens Level { get; }
    }
}
