using System.Collections.Generic;

namespace EngineLlm.Cli.Verification;

/// <summary>The first few differences of a comparison, shortened to where they begin, for a person to read.</summary>
internal sealed class DifferenceList
{
    private const int MaxCount = 8;
    private const int ShownBefore = 16;
    private const int ShownLength = 72;
    private readonly List<Difference> _items = [];

    internal IReadOnlyList<Difference> Items => _items;

    internal void Add(string place, string expected, string actual)
    {
        if (_items.Count == MaxCount) return;
        int common = 0;
        while (common < expected.Length && common < actual.Length && expected[common] == actual[common]) common++;
        int start = common < ShownBefore ? 0 : common - ShownBefore;
        _items.Add(new Difference(place, Show(expected, start), Show(actual, start)));
    }

    private static string Show(string text, int start)
    {
        string shown = text[start..System.Math.Min(text.Length, start + ShownLength)];
        string visible = shown.Replace("\\", "\\\\").Replace("\n", "\\n").Replace("\r", "\\r").Replace("\t", "\\t");
        return (start > 0 ? "…" : "") + visible + (start + ShownLength < text.Length ? "…" : "");
    }
}

/// <summary>One difference.</summary>
/// <param name="Place">File and line, or the name of the case.</param>
/// <param name="Expected">What the reference has.</param>
/// <param name="Actual">What this machine gave.</param>
internal readonly record struct Difference(string Place, string Expected, string Actual);
