using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization.PreTokenizers;

/// <summary>
/// Reads the part of the regular expressions' language that pre-tokenizers are written in: characters, sets, alternatives in groups, a
/// group or a set that may be absent, repeated sets, and "not followed by". Patterns come from this library alone, never from a file.
/// </summary>
internal sealed class PatternParser
{
    private const string NotBefore = "(?!", IgnoreCase = "(?i:", Group = "(?:";

    private readonly string _pattern;
    private int _position;

    private PatternParser(string pattern) => _pattern = pattern;

    /// <summary>Reads a whole pattern.</summary>
    internal static PatternNode Parse(string pattern)
    {
        var parser = new PatternParser(pattern);
        Func<PatternNode, PatternNode> build = parser.ReadAlternatives(ignoresCase: false);
        if (parser._position < pattern.Length) throw parser.NotUnderstood();
        return build(new PatternEnd());
    }

    // Each part becomes a function from the step behind it to its own first step, since steps know what comes next.
    private Func<PatternNode, PatternNode> ReadAlternatives(bool ignoresCase)
    {
        var alternatives = new List<Func<PatternNode, PatternNode>> { ReadSequence(ignoresCase) };
        while (Take("|")) alternatives.Add(ReadSequence(ignoresCase));
        if (alternatives.Count == 1) return alternatives[0];
        return next => new PatternChoice(alternatives.ConvertAll(build => build(next)).ToArray());
    }

    private Func<PatternNode, PatternNode> ReadSequence(bool ignoresCase)
    {
        var parts = new List<Func<PatternNode, PatternNode>>();
        while (_position < _pattern.Length && _pattern[_position] is not ('|' or ')')) parts.Add(ReadPart(ignoresCase));
        return next =>
        {
            for (int i = parts.Count - 1; i >= 0; i--) next = parts[i](next);
            return next;
        };
    }

    private Func<PatternNode, PatternNode> ReadPart(bool ignoresCase)
    {
        if (Take(NotBefore))
        {
            CharacterSet set = ReadSet(ignoresCase: false);
            Expect(")");
            return next => new PatternNotBefore(set, next);
        }
        if (Take(IgnoreCase)) return ReadGroup(ignoresCase: true);
        return Take(Group) ? ReadGroup(ignoresCase) : ReadRun(ignoresCase);
    }

    private Func<PatternNode, PatternNode> ReadGroup(bool ignoresCase)
    {
        Func<PatternNode, PatternNode> build = ReadAlternatives(ignoresCase);
        Expect(")");
        return Take("?") ? next => new PatternChoice(new[] { build(next), next }) : build;
    }

    private Func<PatternNode, PatternNode> ReadRun(bool ignoresCase)
    {
        CharacterSet set = ReadSet(ignoresCase);
        (int min, int max) = ReadCount();
        return next => new PatternRun(set, min, max, next);
    }

    private CharacterSet ReadSet(bool ignoresCase)
    {
        var reader = new SetReader(_pattern.AsSpan(), _position);
        CharacterSet set = reader.Read(ignoresCase);
        _position = reader.Position;
        return set;
    }

    private (int Min, int Max) ReadCount()
    {
        if (Take("?")) return (0, 1);
        if (Take("*")) return (0, int.MaxValue);
        if (Take("+")) return (1, int.MaxValue);
        if (!Take("{")) return (1, 1);
        int end = _pattern.IndexOf('}', _position);
        string[] bounds = _pattern.Substring(_position, end - _position).Split(',');
        _position = end + 1;
        return (int.Parse(bounds[0]), int.Parse(bounds[^1]));
    }

    private bool Take(string text)
    {
        bool isNext = string.CompareOrdinal(_pattern, _position, text, 0, text.Length) == 0;
        if (isNext) _position += text.Length;
        return isNext;
    }

    private void Expect(string text)
    {
        if (!Take(text)) throw NotUnderstood();
    }

    private ArgumentException NotUnderstood() => new($"The pattern {_pattern} is not understood at {_position}.");
}
