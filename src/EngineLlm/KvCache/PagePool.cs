using System;
using System.Diagnostics;

namespace EngineLlm.KvCache;

/// <summary>
/// Hands out physical pages by number. A page is a fixed number of token slots, of all layers at once. Pages are shared: each holder (a
/// page table, the prefix tree) has one reference, and the page is free again when the last one is returned.
/// </summary>
/// <remarks>
/// [0, FreeCount) of <c>_free</c> contains every page whose reference count is 0, once. The page returned last is taken first, since it is
/// the likeliest to be in a cache. DEBUG builds catch a page that is returned or referred to while it is free.
/// </remarks>
internal sealed class PagePool
{
    private readonly int[] _free;
    private readonly int[] _references;

    /// <summary>Creates a pool in which every page is free.</summary>
    /// <param name="pageCount">Number of pages, at least 1.</param>
    /// <param name="pageSize">Token slots in a page, at least 1.</param>
    internal PagePool(int pageCount, int pageSize)
    {
        if (pageCount < 1) throw new ArgumentOutOfRangeException(nameof(pageCount), "A pool needs at least one page.");
        if (pageSize < 1) throw new ArgumentOutOfRangeException(nameof(pageSize), "A page needs at least one slot.");
        PageCount = pageCount;
        PageSize = pageSize;
        _references = new int[pageCount];
        _free = new int[pageCount];
        // Filled backwards, so that a new pool gives page 0 first.
        for (int i = 0; i < pageCount; i++) _free[i] = pageCount - 1 - i;
        FreeCount = pageCount;
    }

    /// <summary>Number of pages, free or not.</summary>
    internal int PageCount { get; }

    /// <summary>Token slots in a page.</summary>
    internal int PageSize { get; }

    /// <summary>Number of pages that nobody refers to.</summary>
    internal int FreeCount { get; private set; }

    /// <summary>How many holders a page has; 0 where it is free.</summary>
    internal int ReferenceCount(int page) => _references[page];

    /// <summary>Number of pages that hold this many tokens.</summary>
    internal int PagesFor(int tokenCount) => (tokenCount + PageSize - 1) / PageSize;

    /// <summary>Takes a free page, with one reference.</summary>
    internal bool TryTake(out int page)
    {
        if (FreeCount == 0)
        {
            page = -1;
            return false;
        }
        page = _free[--FreeCount];
        _references[page] = 1;
        return true;
    }

    /// <summary>Takes a free page, with one reference. For callers that have made sure that there is one.</summary>
    /// <exception cref="InvalidOperationException">No page is free.</exception>
    internal int Take() => TryTake(out int page) ? page : throw new InvalidOperationException("No page is free.");

    /// <summary>Adds a holder to a page that has one already.</summary>
    internal void AddReference(int page)
    {
        RequireTaken(page);
        _references[page]++;
    }

    /// <summary>Gives one reference back; the last one frees the page.</summary>
    internal void Return(int page)
    {
        RequireTaken(page);
        if (--_references[page] == 0) _free[FreeCount++] = page;
    }

    /// <summary>Proves that the free list and the reference counts say the same.</summary>
    /// <param name="expectedReferences">[PageCount] how many holders each page really has.</param>
    /// <exception cref="InvalidOperationException">The books are wrong.</exception>
    internal void CheckIntegrity(ReadOnlySpan<int> expectedReferences)
    {
        int unreferenced = 0;
        for (int page = 0; page < PageCount; page++)
        {
            int counted = _references[page], expected = expectedReferences[page];
            if (counted != expected) throw new InvalidOperationException($"Page {page} counts {counted} references and has {expected} holders.");
            if (_references[page] == 0) unreferenced++;
        }
        if (unreferenced != FreeCount)
            throw new InvalidOperationException($"{unreferenced} pages are unreferenced, {FreeCount} are in the free list.");
        // The free list marks its pages in place, so that a page listed twice meets its own mark and the check needs no memory.
        bool listedTwice = false;
        for (int i = 0; i < FreeCount; i++)
        {
            listedTwice |= _references[_free[i]] != 0;
            _references[_free[i]] = -1;
        }
        for (int i = 0; i < FreeCount; i++) _references[_free[i]] = 0;
        if (listedTwice) throw new InvalidOperationException("A page is in the free list twice, or in use.");
    }

    [Conditional("DEBUG")]
    private void RequireTaken(int page)
    {
        if (_references[page] <= 0)
            throw new InvalidOperationException($"Page {page} is free: it was returned twice, or used after its return.");
    }
}
