using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization;

/// <summary>
/// Finds special tokens in a text: the first one first, of those that begin at one place the longest (as Hugging Face's tokenizers do).
/// Takes no longer for vocabularies of thousands of them than for a few, such as Gemma's.
/// </summary>
internal sealed class SpecialTokenFinder
{
    /// <summary>No family's are longer; a file's may be, and are then found in no text.</summary>
    private const int MaxLength = 256;

    /// <summary>Sorted by text, so that those which begin alike are neighbours, the shortest first.</summary>
    private readonly Entry[] _entries;
    private readonly HashSet<char> _firstCharacters = new();

    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="isEndOfGeneration">Whether a token ends an answer.</param>
    /// <param name="textOf">A token's text as it stands in ordinary text.</param>
    internal SpecialTokenFinder(Vocabulary vocabulary, Func<int, bool> isEndOfGeneration, Func<int, string> textOf)
    {
        var entries = new List<Entry>();
        for (int id = 0; id < vocabulary.Count; id++)
        {
            string text = textOf(id);
            if (text.Length is 0 or > MaxLength || !vocabulary.IsSpecial(id)) continue;
            SpecialTokens level = vocabulary.Kinds[id] != TokenKind.UserDefined ? SpecialTokens.All
                : isEndOfGeneration(id) || Vocabulary.IsMarkup(text) ? SpecialTokens.UserDefined : SpecialTokens.None;
            entries.Add(new Entry(text, id, level));
            _firstCharacters.Add(text[0]);
        }
        entries.Sort(Compare);
        _entries = entries.ToArray();
    }

    /// <summary>Fills the list with the special tokens of a text, in order, without overlaps.</summary>
    internal void Find(string text, SpecialTokens recognised, List<Match> matches)
    {
        matches.Clear();
        for (int position = 0; position < text.Length;)
        {
            int found = _firstCharacters.Contains(text[position]) ? FindLongest(text, position, recognised) : -1;
            if (found >= 0) matches.Add(new Match(position, _entries[found].Text.Length, _entries[found].Id));
            position += found >= 0 ? _entries[found].Text.Length : 1;
        }
    }

    private static int Compare(Entry left, Entry right)
    {
        int order = string.CompareOrdinal(left.Text, right.Text);
        return order != 0 ? order : left.Id.CompareTo(right.Id);
    }

    private int FindLongest(string text, int position, SpecialTokens recognised)
    {
        int longest = -1;
        int low = 0;
        int high = _entries.Length;
        // [low, high) are the entries that begin with the first `depth` characters from here, and are longer than that.
        for (int depth = 0; position + depth < text.Length && low < high; depth++)
        {
            int character = text[position + depth];
            low = FirstFrom(low, high, depth, character);
            high = FirstFrom(low, high, depth, character + 1);
            for (bool isFound = false; low < high && _entries[low].Text.Length == depth + 1; low++)
            {
                if (isFound || _entries[low].Level > recognised) continue;
                longest = low;
                isFound = true;
            }
        }
        return longest;
    }

    /// <summary>The first entry of a range whose character at a depth is no smaller than the given one.</summary>
    private int FirstFrom(int low, int high, int depth, int character)
    {
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_entries[middle].Text[depth] < character) low = middle + 1;
            else high = middle;
        }
        return low;
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
