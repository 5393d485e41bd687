using System;

namespace EngineLlm.Tokenization;

/// <summary>Finds a piece of text among a vocabulary's tokens without making a string of it: an open-addressing hash table over spans.</summary>
internal sealed class PieceLookup
{
    // So that nobody can write a vocabulary whose pieces all fall into one slot.
    private static readonly uint s_seed = (uint)Guid.NewGuid().GetHashCode();

    private readonly string[] _texts;
    private readonly int[] _slots;

    /// <summary>Indexes the tokens for which the predicate holds. Their texts are distinct.</summary>
    internal PieceLookup(string[] texts, Func<int, bool> isIncluded)
    {
        _texts = texts;
        int size = 16;
        while (size < texts.Length * 2) size *= 2;
        _slots = new int[size];
        for (int id = 0; id < texts.Length; id++)
        {
            if (texts[id].Length == 0 || !isIncluded(id)) continue;
            int slot = (int)(Hash(texts[id].AsSpan()) & (uint)(size - 1));
            while (_slots[slot] != 0) slot = (slot + 1) & (size - 1);
            _slots[slot] = id + 1;
        }
    }

    /// <summary>The token with exactly this text, -1 where there is none.</summary>
    internal int Find(ReadOnlySpan<char> text)
    {
        int mask = _slots.Length - 1;
        for (int slot = (int)(Hash(text) & (uint)mask); _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            if (text.SequenceEqual(_texts[_slots[slot] - 1].AsSpan())) return _slots[slot] - 1;
        }
        return -1;
    }

    private static uint Hash(ReadOnlySpan<char> text)
    {
        uint hash = s_seed;
        foreach (char c in text)
        {
            hash = (hash ^ c) * 0x9E3779B1;
            hash ^= hash >> 15;
        }
        return hash;
    }
}
