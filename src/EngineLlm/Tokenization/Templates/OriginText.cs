using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization.Templates;

/// <summary>
/// A text that knows where each of its characters came from: the template itself (<see cref="Template"/>) or a message. All that an
/// interpreter does with texts keeps the origins, so that nobody's words can become markup on the way.
/// </summary>
internal sealed class OriginText
{
    /// <summary>Origin of what the template's author wrote.</summary>
    internal const int Template = 0;

    private readonly OriginRun[] _runs;

    /// <param name="chars">The characters.</param>
    /// <param name="runs">Neighbouring runs of one origin each, the last of which ends where the text ends.</param>
    internal OriginText(string chars, OriginRun[] runs)
    {
        Chars = chars;
        _runs = runs;
    }

    /// <summary>The text without its origins.</summary>
    internal string Chars { get; }

    /// <summary>Number of UTF-16 units.</summary>
    internal int Length => Chars.Length;

    /// <summary>The stretches of one origin, in order, without empty ones.</summary>
    internal IReadOnlyList<OriginRun> Runs => _runs;

    /// <summary>The empty text.</summary>
    internal static OriginText Empty { get; } = From("", Template);

    /// <summary>A text of one origin.</summary>
    internal static OriginText From(string chars, int origin) =>
        new(chars, chars.Length == 0 ? Array.Empty<OriginRun>() : new[] { new OriginRun(chars.Length, origin) });

    /// <summary>Where the character at a position came from.</summary>
    internal int OriginAt(int index) => _runs[RunAt(index)].Origin;

    /// <summary>A part of the text, with its origins.</summary>
    internal OriginText Slice(int start, int length)
    {
        if (length == Length) return this;
        if (length <= 0) return Empty;
        int first = RunAt(start);
        int last = RunAt(start + length - 1);
        var runs = new OriginRun[last - first + 1];
        for (int i = first; i <= last; i++) runs[i - first] = new OriginRun(Math.Min(_runs[i].End - start, length), _runs[i].Origin);
        return new OriginText(Chars.Substring(start, length), runs);
    }

    /// <summary>The same origins under other characters, as many as there were.</summary>
    internal OriginText WithChars(string chars) => new(chars, _runs);

    /// <inheritdoc/>
    public override string ToString() => Chars;

    private int RunAt(int index)
    {
        int low = 0;
        int high = _runs.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_runs[middle].End <= index) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}

/// <summary>A stretch of one origin; it begins where the one before it ends.</summary>
internal readonly struct OriginRun
{
    internal OriginRun(int end, int origin)
    {
        End = end;
        Origin = origin;
    }

    /// <summary>The position after the last character.</summary>
    internal int End { get; }

    /// <summary><see cref="OriginText.Template"/>, or the number that the text was given with.</summary>
    internal int Origin { get; }
}
