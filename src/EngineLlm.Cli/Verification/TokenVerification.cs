using System;
using System.Collections.Generic;

namespace EngineLlm.Cli.Verification;

/// <summary>Compares a tokenizer with a file of texts, the ids they must give, and the text that those ids must give back.</summary>
internal sealed class TokenVerification
{
    private readonly Func<string, bool, IReadOnlyList<int>> _encode;
    private readonly Func<int[], string> _decode;

    /// <param name="encode">Text and whether special tokens in it count, to ids.</param>
    /// <param name="decode">Ids to text, special tokens written out.</param>
    internal TokenVerification(Func<string, bool, IReadOnlyList<int>> encode, Func<int[], string> decode)
    {
        _encode = encode;
        _decode = decode;
    }

    /// <summary>Lines compared.</summary>
    internal int Lines { get; private set; }

    /// <summary>Lines whose ids differ.</summary>
    internal int Mismatches { get; private set; }

    /// <summary>
    /// Lines whose ids are right, but read back as another text. Counted apart: some references tidy the spaces before punctuation when
    /// they decode, which is a choice of theirs.
    /// </summary>
    internal int DecodedMismatches { get; private set; }

    /// <summary>What the first few differing lines gave.</summary>
    internal DifferenceList Differences { get; } = new();

    /// <summary>Runs the whole file.</summary>
    /// <exception cref="InputException">The file is malformed.</exception>
    internal void Run(string path)
    {
        foreach ((int line, TokensLine value) in JsonLines.Read(path, ReferenceJson.Default.TokensLine))
        {
            if (value.Text is null || value.Ids is null) throw new InputException($"{path}:{line}: 'text' or 'ids' is missing.");
            Lines++;
            Compare($"{path}:{line}", value);
        }
    }

    private void Compare(string place, TokensLine value)
    {
        IReadOnlyList<int> ids = _encode(value.Text!, value.ParseSpecial);
        if (!SameIds(value.Ids!, ids))
        {
            Mismatches++;
            Differences.Add(place, string.Join(' ', value.Ids!), string.Join(' ', ids));
        }
        else if (value.Decoded is { } expected && _decode(value.Ids!) is { } decoded && decoded != expected)
        {
            DecodedMismatches++;
            Differences.Add(place, expected, decoded);
        }
    }

    private static bool SameIds(int[] expected, IReadOnlyList<int> ids)
    {
        if (expected.Length != ids.Count) return false;
        for (int i = 0; i < expected.Length; i++)
        {
            if (expected[i] != ids[i]) return false;
        }
        return true;
    }
}
