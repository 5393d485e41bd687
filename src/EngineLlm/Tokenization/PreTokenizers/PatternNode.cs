using System;

namespace EngineLlm.Tokenization.PreTokenizers;

/// <summary>
/// One step of a pattern, which knows the step behind it. Matching is that of Perl's regular expressions: the first alternative that leads
/// to a match wins, and repetitions take as much as they can. The stack is as deep as the pattern is long, never as the text is.
/// </summary>
internal abstract class PatternNode
{
    /// <summary>Where the match of this step and of all behind it ends, -1 where there is none.</summary>
    internal abstract int Match(ReadOnlySpan<char> text, int position);
}

/// <summary>The end of a pattern.</summary>
internal sealed class PatternEnd : PatternNode
{
    internal override int Match(ReadOnlySpan<char> text, int position) => position;
}

/// <summary>Characters of a set, as many as there are.</summary>
internal sealed class PatternRun : PatternNode
{
    private readonly CharacterSet _set;
    private readonly int _min, _max;
    private readonly PatternNode _next;

    internal PatternRun(CharacterSet set, int min, int max, PatternNode next)
    {
        _set = set;
        _min = min;
        _max = max;
        _next = next;
    }

    internal override int Match(ReadOnlySpan<char> text, int position)
    {
        int count = 0;
        int end = position;
        for (int length; count < _max && (length = _set.LengthAt(text, end)) > 0; count++) end += length;
        for (; count >= _min; count--)
        {
            int match = _next.Match(text, end);
            if (match >= 0 || count == 0) return match;
            end -= CodePoints.LengthBefore(text, end);
        }
        return -1;
    }
}

/// <summary>Alternatives, of which the first that matches counts.</summary>
internal sealed class PatternChoice : PatternNode
{
    private readonly PatternNode[] _branches;

    internal PatternChoice(PatternNode[] branches) => _branches = branches;

    internal override int Match(ReadOnlySpan<char> text, int position)
    {
        foreach (PatternNode branch in _branches)
        {
            int match = branch.Match(text, position);
            if (match >= 0) return match;
        }
        return -1;
    }
}

/// <summary>No character of the set may follow; the end of the text may.</summary>
internal sealed class PatternNotBefore : PatternNode
{
    private readonly CharacterSet _set;
    private readonly PatternNode _next;

    internal PatternNotBefore(CharacterSet set, PatternNode next)
    {
        _set = set;
        _next = next;
    }

    internal override int Match(ReadOnlySpan<char> text, int position) =>
        _set.LengthAt(text, position) > 0 ? -1 : _next.Match(text, position);
}
