using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization.Templates;

/// <summary>What templates call on strings, as in Python.</summary>
internal static class TextMethods
{
    internal static Value Call(TemplateRun run, OriginText text, string name, CallArguments arguments)
    {
        run.Spend(text.Length / 8);
        switch (name)
        {
            case "strip": return Value.Of(Strip(run, text, OptionalText(run, arguments, "chars"), true, true));
            case "lstrip": return Value.Of(Strip(run, text, OptionalText(run, arguments, "chars"), true, false));
            case "rstrip": return Value.Of(Strip(run, text, OptionalText(run, arguments, "chars"), false, true));
            case "upper" or "lower" or "title" or "capitalize": return Value.Of(ChangeCase(run, text, name));
            case "startswith": return Value.Of(AnyMatches(run, arguments, part => text.Chars.StartsWith(part, StringComparison.Ordinal)));
            case "endswith": return Value.Of(AnyMatches(run, arguments, part => text.Chars.EndsWith(part, StringComparison.Ordinal)));
            case "removeprefix": return Value.Of(WithoutPrefix(text, arguments.RequireText(run, 0, "prefix").Chars));
            case "removesuffix": return Value.Of(WithoutSuffix(text, arguments.RequireText(run, 0, "suffix").Chars));
            case "replace":
                OriginText replacement = arguments.RequireText(run, 1, "new");
                return Value.Of(Replace(run, text, arguments.RequireText(run, 0, "old"), replacement, arguments.GetInteger(run, 2, "count", -1)));
            case "split" or "rsplit" or "splitlines": return Value.Of(Splitting.Call(run, text, name, arguments));
            case "join": return Value.Of(Join(run, Access.Items(run, arguments.Require(run, 0, "items")), text));
            case "find": return Value.Of((long)Search.IndexOf(run, text.Chars, arguments.RequireText(run, 0, "sub").Chars, 0));
            case "rfind":
                return Value.Of((long)Search.LastIndexOf(run, text.Chars, arguments.RequireText(run, 0, "sub").Chars, text.Length));
            case "count": return Value.Of(Count(run, text.Chars, arguments.RequireText(run, 0, "sub").Chars));
            case "isdigit" or "isnumeric" or "isdecimal": return Value.Of(All(text.Chars, char.IsDigit));
            case "isalpha": return Value.Of(All(text.Chars, char.IsLetter));
            case "isalnum": return Value.Of(All(text.Chars, char.IsLetterOrDigit));
            case "isspace": return Value.Of(All(text.Chars, Search.IsSpace));
            case "isupper": return Value.Of(IsUpper(text.Chars));
            case "islower": return Value.Of(IsLower(text.Chars));
            default: throw run.Unknown($"{name}() of a string");
        }
    }

    /// <summary>Without the given characters, or white space where none are given, at the ends.</summary>
    internal static OriginText Strip(TemplateRun run, OriginText text, string? chars, bool atStart, bool atEnd)
    {
        run.Spend(text.Length / 8);
        int start = 0;
        int end = text.Length;
        while (atStart && start < end && IsStripped(text.Chars[start])) start++;
        while (atEnd && end > start && IsStripped(text.Chars[end - 1])) end--;
        return text.Slice(start, end - start);

        bool IsStripped(char c)
        {
            if (chars is null) return Search.IsSpace(c);
            run.Spend(chars.Length / 8);
            return chars.IndexOf(c) >= 0;
        }
    }

    /// <summary>With other letters in the same places, so that the origins stay true.</summary>
    internal static OriginText ChangeCase(TemplateRun run, OriginText text, string name)
    {
        run.Spend(text.Length);
        char[] chars = text.Chars.ToCharArray();
        for (int i = 0; i < chars.Length; i++)
        {
            bool isUpper = name switch
            {
                "upper" => true,
                "lower" => false,
                "capitalize" => i == 0,
                _ => i == 0 || !char.IsLetter(text.Chars[i - 1]),
            };
            chars[i] = isUpper ? char.ToUpperInvariant(chars[i]) : char.ToLowerInvariant(chars[i]);
        }
        return text.WithChars(new string(chars));
    }

    internal static OriginText Replace(TemplateRun run, OriginText text, OriginText old, OriginText replacement, long count)
    {
        if (old.Length == 0) throw run.Unknown("replace() of nothing");
        var result = new OriginTextBuilder(run);
        int at = 0;
        for (; count != 0; count--)
        {
            int found = Search.IndexOf(run, text.Chars, old.Chars, at);
            if (found < 0) break;
            result.Append(text.Slice(at, found - at));
            result.Append(replacement);
            at = found + old.Length;
        }
        if (at == 0) return text;
        result.Append(text.Slice(at, text.Length - at));
        return result.ToText();
    }

    internal static OriginText Join(TemplateRun run, Value[] items, OriginText separator)
    {
        var result = new OriginTextBuilder(run);
        for (int i = 0; i < items.Length; i++)
        {
            if (i > 0) result.Append(separator);
            run.Spend(1);
            result.Append(Printing.ToText(run, items[i]));
        }
        return result.ToText();
    }

    internal static bool IsUpper(string text) => text.ToUpperInvariant() == text && text.ToLowerInvariant() != text;

    internal static bool IsLower(string text) => text.ToLowerInvariant() == text && text.ToUpperInvariant() != text;

    private static string? OptionalText(TemplateRun run, CallArguments arguments, string name) =>
        arguments.TryGet(0, name, out Value value) && !value.IsNone ? arguments.RequireText(run, 0, name).Chars : null;

    private static bool AnyMatches(TemplateRun run, CallArguments arguments, Func<string, bool> matches)
    {
        Value parts = arguments.Require(run, 0, "prefix");
        foreach (Value part in parts.Kind == ValueKind.List ? parts.List : new[] { parts })
        {
            if (!part.IsText) throw run.Fault($"{arguments.Callee} takes strings, and got {part.KindName}");
            run.Spend(1 + (part.Text.Length / 8));
            if (matches(part.Text.Chars)) return true;
        }
        return false;
    }

    private static OriginText WithoutPrefix(OriginText text, string prefix) =>
        text.Chars.StartsWith(prefix, StringComparison.Ordinal) ? text.Slice(prefix.Length, text.Length - prefix.Length) : text;

    private static OriginText WithoutSuffix(OriginText text, string suffix) =>
        text.Chars.EndsWith(suffix, StringComparison.Ordinal) ? text.Slice(0, text.Length - suffix.Length) : text;

    private static long Count(TemplateRun run, string text, string wanted)
    {
        if (wanted.Length == 0) return text.Length + 1;
        long count = 0;
        for (int at = 0; (at = Search.IndexOf(run, text, wanted, at)) >= 0; at += wanted.Length) count++;
        return count;
    }

    private static bool All(string text, Predicate<char> matches) => text.Length > 0 && Array.TrueForAll(text.ToCharArray(), matches);
}
