using System;
using System.Text;

namespace EngineLlm.Cli;

/// <summary>
/// Text that a model made up, for a terminal: line breaks and tabs stay, other control characters go, so that no escape sequence gets
/// through.
/// </summary>
internal static class VisibleText
{
    internal static string Of(ReadOnlySpan<char> text)
    {
        if (!HasControl(text)) return text.ToString();
        var visible = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (!IsHidden(c)) visible.Append(c);
        }
        return visible.ToString();
    }

    private static bool HasControl(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (IsHidden(c)) return true;
        }
        return false;
    }

    private static bool IsHidden(char c) => char.IsControl(c) && c is not ('\n' or '\t');
}
