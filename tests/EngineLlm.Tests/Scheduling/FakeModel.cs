using System;
using System.Collections.Generic;
using EngineLlm.Scheduling;

namespace EngineLlm.Tests.Scheduling;

/// <summary>
/// Stands in for the device. Each slot of the simulated page memory gets a hash of its token, its position and the slot before it, read
/// back through the page table; the next token is a hash of everything the table leads to. So any page shared, copied, kept or given away
/// wrongly gives wrong tokens. One that repeats itself says the same three tokens again and again, and now and then, as the hash has it, another one.
/// </summary>
internal sealed class FakeModel
{
    internal const int VocabularySize = 500;

    /// <summary>Token that ends a sequence in the tests that want that.</summary>
    internal const int EndToken = 7;

    private readonly ulong[] _slots;
    private readonly ulong[] _windowSlots;
    private readonly int _windowTokens;
    private readonly int _pageSize;
    private readonly bool _repeats;
    private readonly Random _shuffle;

    /// <param name="pageCount">Pages.</param>
    /// <param name="pageSize">Slots in a page.</param>
    /// <param name="seed">Of the order in which things are done.</param>
    /// <param name="windowPageCount">Window pages, for a model with a sliding layer; 0 for none.</param>
    /// <param name="windowTokens">Tokens that a token sees in the sliding layer.</param>
    /// <param name="repeats">Whether it repeats itself.</param>
    internal FakeModel(int pageCount, int pageSize, int seed, int windowPageCount = 0, int windowTokens = 0, bool repeats = false)
    {
        _repeats = repeats;
        _slots = new ulong[pageCount * pageSize];
        _windowSlots = new ulong[windowPageCount * pageSize];
        _windowTokens = windowTokens;
        _pageSize = pageSize;
        _shuffle = new Random(seed);
        LoseDevice();
    }

    /// <summary>Tokens computed so far, for tests that count work.</summary>
    internal int ComputedTokens { get; private set; }

    /// <summary>Fills the page memory with rubbish.</summary>
    internal void LoseDevice()
    {
        for (int i = 0; i < _slots.Length; i++) _slots[i] = (ulong)_shuffle.NextInt64();
        for (int i = 0; i < _windowSlots.Length; i++) _windowSlots[i] = (ulong)_shuffle.NextInt64();
    }

    /// <summary>Runs a step: copies first, then the rows, both in random order as on a device.</summary>
    /// <returns>[LogitCount] sampled tokens.</returns>
    internal int[] Run(StepPlan plan)
    {
        CheckCopies(plan);
        var copies = plan.Copies.ToArray();
        _shuffle.Shuffle(copies);
        foreach (PageCopy copy in copies)
        {
            Array.Copy(_slots, copy.Source * _pageSize, _slots, copy.Destination * _pageSize, _pageSize);
            if (_windowTokens > 0) Array.Copy(_windowSlots, copy.WindowSource * _pageSize, _windowSlots, copy.WindowDestination * _pageSize, _pageSize);
        }
        var rows = new int[plan.RowCount];
        for (int i = 0; i < rows.Length; i++) rows[i] = i;
        _shuffle.Shuffle(rows);
        foreach (int row in rows) WriteRow(plan, row);
        ComputedTokens += plan.TokenCount;
        var sampled = new int[plan.LogitCount];
        for (int i = 0; i < sampled.Length; i++) sampled[i] = Sample(plan, plan.LogitRows[i], plan.Positions[plan.LogitTokens[i]]);
        return sampled;
    }

    /// <summary>What a sequence would say with the whole memory to itself.</summary>
    internal static List<int> RunAlone(ReadOnlySpan<int> prompt, ulong seed, int count, bool stops, int windowTokens = 0, bool repeats = false)
    {
        var tokens = new List<int>(prompt.ToArray());
        var contents = new List<ulong>();
        ulong previous = 0, all = 0;
        while (tokens.Count < prompt.Length + count)
        {
            for (int position = contents.Count; position < tokens.Count; position++)
            {
                previous = SlotContent(tokens[position], position, previous);
                contents.Add(previous);
                all = Fold(all, previous);
            }
            ulong seen = all;
            for (int i = Math.Max(0, contents.Count - windowTokens); i < contents.Count && windowTokens > 0; i++) seen = Fold(seen, contents[i]);
            int next = Choose(seen, seed, tokens.Count, repeats);
            if (stops && next == EndToken) break;
            tokens.Add(next);
        }
        return tokens;
    }

    private void WriteRow(StepPlan plan, int row)
    {
        for (int i = 0; i < plan.TokenCount; i++)
        {
            if (plan.Rows[i] != row) continue;
            int position = plan.Positions[i];
            ulong previous = position == 0 ? 0 : Slot(plan, row, position - 1);
            ulong content = SlotContent(plan.Tokens[i], position, previous);
            Slot(plan, row, position) = content;
            if (_windowTokens > 0) WindowSlot(plan, row, position) = content;
        }
    }

    private int Sample(StepPlan plan, int row, int position)
    {
        ulong all = 0;
        for (int i = 0; i <= position; i++) all = Fold(all, Slot(plan, row, i));
        for (int i = Math.Max(0, position + 1 - _windowTokens); i <= position && _windowTokens > 0; i++) all = Fold(all, WindowSlot(plan, row, i));
        return Choose(all, plan.Sequences[row].Sampling.Seed, position + 1, _repeats);
    }

    private ref ulong Slot(StepPlan plan, int row, int position)
    {
        int index = plan.PageOffsets[row] + position / _pageSize;
        if (index >= plan.PageOffsets[row + 1]) throw new InvalidOperationException($"Position {position} of row {row} has no page.");
        return ref _slots[plan.Pages[index] * _pageSize + position % _pageSize];
    }

    private ref ulong WindowSlot(StepPlan plan, int row, int position) =>
        ref _windowSlots[plan.WindowPages[plan.PageOffsets[row] + position / _pageSize] * _pageSize + position % _pageSize];

    private void CheckCopies(StepPlan plan)
    {
        foreach (PageCopy copy in plan.Copies)
        {
            foreach (PageCopy other in plan.Copies)
            {
                bool disturbs = copy.Destination == other.Source || (copy != other && copy.Destination == other.Destination);
                if (_windowTokens > 0) disturbs |= copy.WindowDestination == other.WindowSource || (copy != other && copy.WindowDestination == other.WindowDestination);
                if (disturbs) throw new InvalidOperationException($"The copies {copy} and {other} depend on their order.");
            }
        }
    }

    private static ulong SlotContent(int token, int position, ulong previous) => Mix(previous ^ Mix((ulong)token << 32 | (uint)position));

    private static ulong Fold(ulong all, ulong content) => all * 31 + content;

    private static int Choose(ulong all, ulong seed, int position, bool repeats)
    {
        ulong hash = Mix(all ^ Mix(seed * 977 + (ulong)position));
        if (!repeats) return (int)(hash % VocabularySize);
        return hash % 8 == 0 ? EndToken + (int)(hash / 8 % 5) : 100 + (position + (int)seed) % 3;
    }

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 31)) * 0x9E3779B97F4A7C15;
        return x ^ (x >> 29);
    }
}
