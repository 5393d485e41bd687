using System;
using System.Globalization;

namespace EngineLlm.Tokenization;

/// <summary>Walks over whole code points.</summary>
internal static class CodePoints
{
    /// <summary>Length in chars of the code point at a position within the text.</summary>
    internal static int LengthAt(ReadOnlySpan<char> text, int position) =>
        char.IsHighSurrogate(text[position]) && position + 1 < text.Length && char.IsLowSurrogate(text[position + 1]) ? 2 : 1;

    /// <summary>Length in chars of the code point before a position, which is not the start of the text.</summary>
    internal static int LengthBefore(ReadOnlySpan<char> text, int position) =>
        char.IsLowSurrogate(text[position - 1]) && position > 1 && char.IsHighSurrogate(text[position - 2]) ? 2 : 1;

    /// <summary>The general category of a code point.</summary>
    internal static UnicodeCategory CategoryOf(int codePoint)
    {
#if NET
        return CharUnicodeInfo.GetUnicodeCategory(codePoint);
#else
        if (codePoint <= char.MaxValue) return CharUnicodeInfo.GetUnicodeCategory((char)codePoint);
        return CharUnicodeInfo.GetUnicodeCategory(char.ConvertFromUtf32(codePoint), 0);
#endif
    }

    /// <summary>The text itself, or a copy in which halves of surrogate pairs without the other half are U+FFFD.</summary>
    internal static string WithoutLoneSurrogates(string text)
    {
        int at = FindLoneSurrogate(text, 0);
        if (at < 0) return text;
        char[] characters = text.ToCharArray();
        for (; at >= 0; at = FindLoneSurrogate(text, at + 1)) characters[at] = '\uFFFD';
        return new string(characters);
    }

    private static int FindLoneSurrogate(string text, int start)
    {
        for (int i = start; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])) return i;
            i++;
        }
        return -1;
    }
}
