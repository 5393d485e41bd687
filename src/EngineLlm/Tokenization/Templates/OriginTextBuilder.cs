using System.Collections.Generic;
using System.Text;

namespace EngineLlm.Tokenization.Templates;

/// <summary>
/// Puts texts together and keeps their origins. Every character counts as a step, which bounds what a template can build.
/// </summary>
internal sealed class OriginTextBuilder
{
    private readonly TemplateRun _run;
    private readonly StringBuilder _chars = new();
    private readonly List<OriginRun> _runs = new();

    internal OriginTextBuilder(TemplateRun run) => _run = run;

    /// <summary>Number of characters so far.</summary>
    internal int Length => _chars.Length;

    internal void Append(OriginText text)
    {
        _run.Spend(text.Length);
        int offset = _chars.Length;
        _chars.Append(text.Chars);
        foreach (OriginRun run in text.Runs) Extend(offset + run.End, run.Origin);
    }

    /// <summary>Appends characters that stand for others of the given origin.</summary>
    internal void Append(string chars, int origin)
    {
        if (chars.Length == 0) return;
        _run.Spend(chars.Length);
        _chars.Append(chars);
        Extend(_chars.Length, origin);
    }

    internal void Append(char c, int origin)
    {
        _run.Spend(1);
        _chars.Append(c);
        Extend(_chars.Length, origin);
    }

    internal OriginText ToText() => _chars.Length == 0 ? OriginText.Empty : new OriginText(_chars.ToString(), _runs.ToArray());

    private void Extend(int end, int origin)
    {
        var run = new OriginRun(end, origin);
        if (_runs.Count > 0 && _runs[^1].Origin == origin) _runs[^1] = run;
        else _runs.Add(run);
    }
}
