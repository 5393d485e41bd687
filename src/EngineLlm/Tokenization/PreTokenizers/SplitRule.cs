using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization.PreTokenizers;

/// <summary>One pass over a text, which cuts it into pieces.</summary>
internal abstract class SplitRule
{
    /// <summary>Cuts a piece of text.</summary>
    /// <param name="text">The piece; the rule sees nothing around it.</param>
    /// <param name="offset">Where it begins in the whole text.</param>
    /// <param name="ends">Gets where each of its parts ends in the whole text; the last is the end of the piece.</param>
    internal abstract void Split(ReadOnlySpan<char> text, int offset, List<int> ends);
}

/// <summary>Every match of a pattern is a part, and so is what lies between two matches.</summary>
internal sealed class PatternRule : SplitRule
{
    private readonly PatternNode _pattern;

    internal PatternRule(string pattern) => _pattern = PatternParser.Parse(pattern);

    internal override void Split(ReadOnlySpan<char> text, int offset, List<int> ends)
    {
        int done = 0;
        for (int position = 0; position < text.Length;)
        {
            int end = _pattern.Match(text, position);
            if (end <= position)
            {
                position += CodePoints.LengthAt(text, position);
                continue;
            }
            if (position > done) ends.Add(offset + position);
            ends.Add(offset + end);
            done = position = end;
        }
        if (done < text.Length) ends.Add(offset + text.Length);
    }
}

/// <summary>
/// White space at the end is a part: \s+$. A pattern would look through every run of white space again for each of its characters.
/// </summary>
internal sealed class TrailingWhiteSpaceRule : SplitRule
{
    internal override void Split(ReadOnlySpan<char> text, int offset, List<int> ends)
    {
        int start = text.TrimEnd().Length;
        if (start > 0) ends.Add(offset + start);
        if (start < text.Length) ends.Add(offset + text.Length);
    }
}

/// <summary>Digits in threes, counted from the right: \d{1,3}(?=(?:\d{3})*\b). Digits that a letter follows stay as they are.</summary>
internal sealed class DigitGroupsRule : SplitRule
{
    private static readonly CharacterSet s_digit = new SetReader(@"\d".AsSpan(), 0).Read(ignoresCase: false);
    private static readonly CharacterSet s_wordCharacter = new SetReader(@"[\p{L}\p{M}_]".AsSpan(), 0).Read(ignoresCase: false);

    internal override void Split(ReadOnlySpan<char> text, int offset, List<int> ends)
    {
        int done = 0;
        for (int start = 0; start < text.Length;)
        {
            int end = start;
            int count = 0;
            for (int length; (length = s_digit.LengthAt(text, end)) > 0; count++) end += length;
            if (count > 0 && s_wordCharacter.LengthAt(text, end) == 0)
            {
                if (start > done) ends.Add(offset + start);
                AddGroups(text, start, count, offset, ends);
                done = end;
            }
            start = count > 0 ? end : start + CodePoints.LengthAt(text, start);
        }
        if (done < text.Length) ends.Add(offset + text.Length);
    }

    private static void AddGroups(ReadOnlySpan<char> text, int position, int count, int offset, List<int> ends)
    {
        for (; count > 0; count--)
        {
            position += CodePoints.LengthAt(text, position);
            if (count % 3 == 1) ends.Add(offset + position);
        }
    }
}
