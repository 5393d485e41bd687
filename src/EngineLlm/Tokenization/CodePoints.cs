using System;
using System.Globalization;

namespace EngineLlm.Tokenization;

/// <summary>The classes of characters that pre-tokenizers know.</summary>
internal enum CodePointClass : byte
{
    End,
    Letter,
    Number,
    WhiteSpace,
    Other,
}

/// <summary>Classifies whole code points, which .NET's regular expressions cannot: they see the halves of a surrogate pair.</summary>
internal static class CodePoints
{
    private static readonly CodePointClass[] s_ascii = BuildAscii();

    /// <summary>The class of the code point at a position, and its length in chars; End at the end.</summary>
    internal static CodePointClass ClassAt(ReadOnlySpan<char> text, int position, out int length)
    {
        length = 0;
        if (position >= text.Length) return CodePointClass.End;
        char c = text[position];
        length = 1;
        if (c < 128) return s_ascii[c];
        if (!char.IsHighSurrogate(c) || position + 1 == text.Length || !char.IsLowSurrogate(text[position + 1]))
            return char.IsWhiteSpace(c) ? CodePointClass.WhiteSpace : FromCategory(CharUnicodeInfo.GetUnicodeCategory(c));
        length = 2;
        return FromCategory(CategoryOf(c, text[position + 1]));
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

    private static UnicodeCategory CategoryOf(char high, char low)
    {
#if NET
        return CharUnicodeInfo.GetUnicodeCategory(char.ConvertToUtf32(high, low));
#else
        return CharUnicodeInfo.GetUnicodeCategory(char.ConvertFromUtf32(char.ConvertToUtf32(high, low)), 0);
#endif
    }

    private static CodePointClass[] BuildAscii()
    {
        var classes = new CodePointClass[128];
        for (int i = 0; i < 128; i++)
            classes[i] = char.IsWhiteSpace((char)i) ? CodePointClass.WhiteSpace : FromCategory(CharUnicodeInfo.GetUnicodeCategory((char)i));
        return classes;
    }

    private static CodePointClass FromCategory(UnicodeCategory category) => category switch
    {
        <= UnicodeCategory.OtherLetter => CodePointClass.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CodePointClass.Number,
        _ => CodePointClass.Other,
    };
}
