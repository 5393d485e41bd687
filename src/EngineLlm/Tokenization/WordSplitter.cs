using System;

namespace EngineLlm.Tokenization;

/// <summary>
/// Cuts a text into the words that byte-level BPE works on, as the pre-tokenizer named by tokenizer.ggml.pre does. Written as scanners over code
/// points; each method's comment is the regular expression that it stands for.
/// </summary>
internal sealed class WordSplitter
{
    private readonly bool _isTiktokenStyle;
    private readonly bool _digitsStandAlone;
    private readonly int _maxDigits;

    private WordSplitter(bool isTiktokenStyle, bool digitsStandAlone, int maxDigits)
    {
        _isTiktokenStyle = isTiktokenStyle;
        _digitsStandAlone = digitsStandAlone;
        _maxDigits = maxDigits;
    }

    /// <summary>The names of supported pre-tokenizers, for messages.</summary>
    internal const string SupportedNames = "gpt-2, phi-2, smollm, starcoder, refact, command-r, llama-bpe, llama3, llama-v3, qwen2, deepseek-r1-qwen";

    /// <summary>The splitter of that name, or null where it is not supported.</summary>
    internal static WordSplitter? ForName(string name) => name switch
    {
        "gpt-2" or "phi-2" => new WordSplitter(false, false, int.MaxValue),
        "smollm" or "starcoder" or "refact" or "command-r" => new WordSplitter(false, true, int.MaxValue),
        "llama-bpe" or "llama3" or "llama-v3" => new WordSplitter(true, false, 3),
        "qwen2" or "deepseek-r1-qwen" => new WordSplitter(true, false, 1),
        _ => null,
    };

    /// <summary>Whether the family takes a word that is a token as it stands, without looking at the merges.</summary>
    internal static bool IgnoresMerges(string name) => name is "llama-bpe" or "llama3" or "llama-v3";

    /// <summary>The length of the first word of a text that is not empty.</summary>
    internal int NextWord(ReadOnlySpan<char> text)
    {
        if (_isTiktokenStyle) return NextTiktokenWord(text);
        bool isNumber = CodePoints.ClassAt(text, 0, out int length) == CodePointClass.Number;
        return isNumber && _digitsStandAlone ? length : NextGpt2Word(text);
    }

    /// <summary>
    /// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+ ; where digits stand alone, \p{N} is split off before, and the text
    /// ends at a number as far as this expression can see.
    /// </summary>
    private int NextGpt2Word(ReadOnlySpan<char> text)
    {
        int contraction = Contraction(text, ignoreCase: false);
        if (contraction > 0) return contraction;
        int start = text[0] == ' ' ? 1 : 0;
        CodePointClass kind = CodePoints.ClassAt(text, start, out _);
        bool isWord = kind is CodePointClass.Letter or CodePointClass.Other || (kind == CodePointClass.Number && !_digitsStandAlone);
        if (isWord) return RunEnd(text, start, kind, int.MaxValue);
        int run = RunEnd(text, 0, CodePointClass.WhiteSpace, int.MaxValue);
        bool endsHere = _digitsStandAlone && CodePoints.ClassAt(text, run, out _) == CodePointClass.Number;
        return endsHere ? run : WhiteSpaceWord(text, run);
    }

    /// <summary>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,maxDigits}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</summary>
    private int NextTiktokenWord(ReadOnlySpan<char> text)
    {
        int contraction = Contraction(text, ignoreCase: true);
        if (contraction > 0) return contraction;
        CodePointClass first = CodePoints.ClassAt(text, 0, out int firstLength);
        if (first == CodePointClass.Letter) return RunEnd(text, 0, first, int.MaxValue);
        if (first == CodePointClass.Number) return RunEnd(text, 0, first, _maxDigits);
        if (text[0] is not ('\r' or '\n') && CodePoints.ClassAt(text, firstLength, out _) == CodePointClass.Letter)
            return RunEnd(text, firstLength, CodePointClass.Letter, int.MaxValue);
        int start = text[0] == ' ' ? 1 : 0;
        if (CodePoints.ClassAt(text, start, out _) == CodePointClass.Other)
        {
            int end = RunEnd(text, start, CodePointClass.Other, int.MaxValue);
            while (end < text.Length && text[end] is '\r' or '\n') end++;
            return end;
        }
        int run = RunEnd(text, 0, CodePointClass.WhiteSpace, int.MaxValue);
        int lastNewLine = text.Slice(0, run).LastIndexOfAny('\r', '\n');
        return lastNewLine >= 0 ? lastNewLine + 1 : WhiteSpaceWord(text, run);
    }

    /// <summary>\s+(?!\S)|\s+ : the last white space before a word belongs to what follows.</summary>
    private static int WhiteSpaceWord(ReadOnlySpan<char> text, int run) => run == text.Length || run == 1 ? run : run - 1;

    private static int RunEnd(ReadOnlySpan<char> text, int start, CodePointClass kind, int maxCodePoints)
    {
        int end = start;
        for (int i = 0; i < maxCodePoints && CodePoints.ClassAt(text, end, out int length) == kind; i++) end += length;
        return end;
    }

    private static int Contraction(ReadOnlySpan<char> text, bool ignoreCase)
    {
        if (text.Length < 2 || text[0] != '\'') return 0;
        char first = Lower(text[1]);
        if (first is 's' or 't' or 'm' or 'd') return 2;
        if (text.Length < 3) return 0;
        char second = Lower(text[2]);
        return (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;

        char Lower(char c) => ignoreCase && c is >= 'A' and <= 'Z' ? (char)(c | 0x20) : c;
    }
}
