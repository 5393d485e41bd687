using System;
using System.Collections.Generic;
using System.Globalization;

namespace EngineLlm.Tokenization.PreTokenizers;

/// <summary>
/// A set of code points: ranges, general categories and white space, or all but these. .NET's own regular expressions cannot be used here:
/// they see the halves of a surrogate pair, and take neither for a letter.
/// </summary>
internal sealed class CharacterSet
{
    private readonly bool[] _ascii = new bool[128];
    private readonly (int First, int Last)[] _ranges;
    private readonly uint _categories;
    private readonly bool _hasWhiteSpace;
    private readonly bool _isNegated;

    /// <param name="ranges">Code points, both ends included.</param>
    /// <param name="categories">One bit for each <see cref="UnicodeCategory"/>.</param>
    /// <param name="hasWhiteSpace">Whether white space is part of it.</param>
    /// <param name="isNegated">Whether everything else is meant instead.</param>
    internal CharacterSet(IReadOnlyList<(int First, int Last)> ranges, uint categories, bool hasWhiteSpace, bool isNegated)
    {
        _ranges = new (int, int)[ranges.Count];
        for (int i = 0; i < _ranges.Length; i++) _ranges[i] = ranges[i];
        Array.Sort(_ranges, static (left, right) => left.First.CompareTo(right.First));
        _categories = categories;
        _hasWhiteSpace = hasWhiteSpace;
        _isNegated = isNegated;
        for (int c = 0; c < _ascii.Length; c++) _ascii[c] = Contains(c, CharUnicodeInfo.GetUnicodeCategory((char)c)) != isNegated;
    }

    /// <summary>Length in chars of the code point at a position, if it is in the set; 0 where it is not, or where the text ends.</summary>
    internal int LengthAt(ReadOnlySpan<char> text, int position)
    {
        if (position >= text.Length) return 0;
        char c = text[position];
        if (c < 128) return _ascii[c] ? 1 : 0;
        int length = CodePoints.LengthAt(text, position);
        int codePoint = length == 2 ? char.ConvertToUtf32(c, text[position + 1]) : c;
        return Contains(codePoint, CodePoints.CategoryOf(codePoint)) != _isNegated ? length : 0;
    }

    private bool Contains(int codePoint, UnicodeCategory category)
    {
        if ((_categories >> (int)category & 1) != 0) return true;
        if (_hasWhiteSpace && codePoint <= char.MaxValue && char.IsWhiteSpace((char)codePoint)) return true;
        foreach ((int first, int last) in _ranges)
        {
            if (codePoint < first) return false;
            if (codePoint <= last) return true;
        }
        return false;
    }
}
