using System;
using System.Collections.Generic;

namespace EngineLlm.Tokenization.PreTokenizers;

/// <summary>Cuts a text into the words that byte-level BPE works on, as the rule does that tokenizer.ggml.pre names.</summary>
internal sealed class PreTokenizer
{
    private readonly SplitRule[] _rules;

    /// <param name="name">The name in the file.</param>
    /// <param name="ignoresMerges">Whether a word that is a token stands as it is, whatever the merges would make of it.</param>
    /// <param name="addsBos">Whether texts begin with the BOS token where the file does not say.</param>
    /// <param name="rules">The passes, in order: each cuts what the one before it left.</param>
    internal PreTokenizer(string name, bool ignoresMerges, bool addsBos, params SplitRule[] rules)
    {
        Name = name;
        IgnoresMerges = ignoresMerges;
        AddsBos = addsBos;
        _rules = rules;
    }

    /// <summary>The name in the file.</summary>
    internal string Name { get; }

    /// <summary>Whether a word that is a token stands as it is, whatever the merges would make of it.</summary>
    internal bool IgnoresMerges { get; }

    /// <summary>Whether texts begin with the BOS token where the file does not say.</summary>
    internal bool AddsBos { get; }

    /// <summary>Names that can be asked for, for messages: the best known one of each rule.</summary>
    internal static string CommonNames => string.Join(", ", KnownPreTokenizers.CommonNames);

    /// <summary>The pre-tokenizer of that name, or null where it is not known.</summary>
    internal static PreTokenizer? ForName(string name) => KnownPreTokenizers.Create(name);

    /// <summary>Cuts a text into words.</summary>
    /// <returns>[words] where each word ends; the last is the end of the text.</returns>
    internal List<int> Split(ReadOnlySpan<char> text)
    {
        var ends = new List<int>();
        if (text.Length == 0) return ends;
        ends.Add(text.Length);
        foreach (SplitRule rule in _rules)
        {
            var finer = new List<int>(ends.Count * 2);
            int start = 0;
            foreach (int end in ends)
            {
                rule.Split(text.Slice(start, end - start), start, finer);
                start = end;
            }
            ends = finer;
        }
        return ends;
    }
}
