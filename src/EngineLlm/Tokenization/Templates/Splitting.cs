using System.Collections.Generic;

namespace EngineLlm.Tokenization.Templates;

/// <summary>split, rsplit and splitlines of strings, as in Python.</summary>
internal static class Splitting
{
    internal static Value[] Call(TemplateRun run, OriginText text, string name, CallArguments arguments)
    {
        if (name == "splitlines") return Lines(run, text);
        long limit = arguments.GetInteger(run, 1, "maxsplit", -1);
        if (limit < 0) limit = long.MaxValue;
        bool hasSeparator = arguments.TryGet(0, "sep", out Value separator) && !separator.IsNone;
        if (!hasSeparator) return name == "split" ? Words(run, text, limit) : throw run.Unknown("rsplit() without a separator");
        string chars = arguments.RequireText(run, 0, "sep").Chars;
        if (chars.Length == 0) throw run.Fault("split() got an empty separator");
        return name == "split" ? Forward(run, text, chars, limit) : Backward(run, text, chars, limit);
    }

    private static Value[] Forward(TemplateRun run, OriginText text, string separator, long limit)
    {
        var parts = new List<Value>();
        int at = 0;
        for (; limit > 0; limit--)
        {
            int found = Search.IndexOf(run, text.Chars, separator, at);
            if (found < 0) break;
            Add(run, parts, text, at, found);
            at = found + separator.Length;
        }
        Add(run, parts, text, at, text.Length);
        return parts.ToArray();
    }

    private static Value[] Backward(TemplateRun run, OriginText text, string separator, long limit)
    {
        var parts = new List<Value>();
        int end = text.Length;
        for (; limit > 0; limit--)
        {
            int found = Search.LastIndexOf(run, text.Chars, separator, end);
            if (found < 0) break;
            Add(run, parts, text, found + separator.Length, end);
            end = found;
        }
        Add(run, parts, text, 0, end);
        parts.Reverse();
        return parts.ToArray();
    }

    private static Value[] Words(TemplateRun run, OriginText text, long limit)
    {
        var parts = new List<Value>();
        int at = SkipSpace(text.Chars, 0);
        for (; limit > 0 && at < text.Length; limit--)
        {
            int end = at;
            while (end < text.Length && !Search.IsSpace(text.Chars[end])) end++;
            Add(run, parts, text, at, end);
            at = SkipSpace(text.Chars, end);
        }
        if (at < text.Length) Add(run, parts, text, at, text.Length);
        return parts.ToArray();
    }

    private static Value[] Lines(TemplateRun run, OriginText text)
    {
        var parts = new List<Value>();
        int start = 0;
        for (int at = 0; at < text.Length; at++)
        {
            if (text.Chars[at] is not ('\n' or '\r')) continue;
            Add(run, parts, text, start, at);
            if (text.Chars[at] == '\r' && at + 1 < text.Length && text.Chars[at + 1] == '\n') at++;
            start = at + 1;
        }
        if (start < text.Length) Add(run, parts, text, start, text.Length);
        return parts.ToArray();
    }

    private static int SkipSpace(string chars, int at)
    {
        while (at < chars.Length && Search.IsSpace(chars[at])) at++;
        return at;
    }

    private static void Add(TemplateRun run, List<Value> parts, OriginText text, int start, int end)
    {
        run.Spend(TemplateRun.ObjectSteps + end - start);
        parts.Add(Value.Of(text.Slice(start, end - start)));
    }
}
