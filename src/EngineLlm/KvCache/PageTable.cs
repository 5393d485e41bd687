using System;

namespace EngineLlm.KvCache;

/// <summary>A sequence's physical pages in order of position. Page i holds positions [i * page size, (i + 1) * page size).</summary>
/// <remarks>
/// Each entry is one reference in the pool, which the table's owner returns. Positions [0, TokenCount) are written; the slots behind them
/// in the table's pages are reserved, and hold nothing yet.
/// </remarks>
internal sealed class PageTable
{
    private int[] _pages = Array.Empty<int>();

    /// <summary>Number of pages.</summary>
    internal int PageCount { get; private set; }

    /// <summary>Number of positions whose keys and values are in the pages.</summary>
    internal int TokenCount { get; set; }

    /// <summary>[PageCount] the physical pages.</summary>
    internal ReadOnlySpan<int> Pages => _pages.AsSpan(0, PageCount);

    /// <summary>The physical page of the i-th page of the sequence.</summary>
    internal int this[int index]
    {
        get => Pages[index];
        set
        {
            if (index >= PageCount) throw new ArgumentOutOfRangeException(nameof(index));
            _pages[index] = value;
        }
    }

    /// <summary>Makes room for this many pages at once, so that <see cref="Add"/> allocates nothing until then.</summary>
    internal void Reserve(int pageCount)
    {
        if (pageCount > _pages.Length) Array.Resize(ref _pages, pageCount);
    }

    /// <summary>Appends a page.</summary>
    internal void Add(int page)
    {
        if (PageCount == _pages.Length) Reserve(Math.Max(8, _pages.Length * 2));
        _pages[PageCount++] = page;
    }

    /// <summary>Removes the last page, which holds no token. The reference is the owner's to return.</summary>
    internal int RemoveLast() => _pages[--PageCount];

    /// <summary>Forgets every page and token. The references are the owner's to return.</summary>
    internal void Clear() => PageCount = TokenCount = 0;
}
