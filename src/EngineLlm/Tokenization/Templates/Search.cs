using System;

namespace EngineLlm.Tokenization.Templates;

/// <summary>Finds texts in texts, in steps that count.</summary>
internal static class Search
{
    /// <summary>
    /// Where a text begins to occur, -1 where it does not. Its worst case is the product of the lengths, and is paid for.
    /// </summary>
    internal static int IndexOf(TemplateRun run, string text, string wanted, int from)
    {
        if (wanted.Length == 0) return from;
        int at = from;
        while (true)
        {
            int found = text.IndexOf(wanted[0], at);
            run.Spend(1 + (((found < 0 ? text.Length : found) - at) / 8));
            if (found < 0 || found > text.Length - wanted.Length) return -1;
            run.Spend(wanted.Length / 8);
            if (string.CompareOrdinal(text, found, wanted, 0, wanted.Length) == 0) return found;
            at = found + 1;
        }
    }

    /// <summary>Where a text begins to occur for the last time before an end, -1 where it does not.</summary>
    internal static int LastIndexOf(TemplateRun run, string text, string wanted, int end)
    {
        for (int at = end - wanted.Length; at >= 0; at--)
        {
            run.Spend(1 + (wanted.Length / 8));
            if (string.CompareOrdinal(text, at, wanted, 0, wanted.Length) == 0) return at;
        }
        return -1;
    }

    /// <summary>Whether Python takes the character for white space.</summary>
    internal static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';
}
