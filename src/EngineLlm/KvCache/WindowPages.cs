using System;

namespace EngineLlm.KvCache;

/// <summary>
/// The pages of sliding layers: a smaller pool beside the main one. A page of the main pool has a window page attached while its tokens may still be
/// in some token's window; whoever shares the page shares both. Once it has left every window of the running sequences it is only kept until another
/// one needs it, so that a new sequence may start from it.
/// </summary>
/// <remarks>
/// A window page belongs to one page. Pages that nobody refers to may still have one; it is taken away when the page gets a new owner.
/// </remarks>
internal sealed class WindowPages
{
    private const int None = -1;
    private readonly PagePool _pool;
    private readonly int[] _attached;   // [page] its window page, or None
    private readonly long[] _markedAt;  // [page] the last marking in which it was in a window, or was attached
    private readonly int[] _references; // [window page] for integrity checks
    private readonly int _pageSize;
    private long _marking;

    /// <param name="pageCount">Pages of the main pool.</param>
    /// <param name="windowPageCount">Window pages; see <see cref="CountFor"/>.</param>
    /// <param name="pageSize">Slots in a page of either kind.</param>
    /// <param name="windowTokens">Tokens that a token sees, itself included.</param>
    internal WindowPages(int pageCount, int windowPageCount, int pageSize, int windowTokens)
    {
        _pool = new PagePool(windowPageCount, pageSize);
        _attached = new int[pageCount];
        _markedAt = new long[pageCount];
        _references = new int[windowPageCount];
        _pageSize = pageSize;
        WindowTokens = windowTokens;
        Array.Fill(_attached, None);
    }

    /// <summary>Tokens that a token sees, itself included.</summary>
    internal int WindowTokens { get; }

    /// <summary>Number of window pages.</summary>
    internal int Count => _pool.PageCount;

    /// <summary>As many window pages as so many sequences can need at once, whatever they do.</summary>
    internal static int CountFor(int pageCount, int pageSize, int windowTokens, int maxSequences, int maxTokensPerStep)
    {
        // A window begins and ends within a page, and so does what a step adds to it.
        long each = (windowTokens - 1L + pageSize - 1) / pageSize + 2;
        return (int)Math.Min(pageCount, each * maxSequences + (maxTokensPerStep + pageSize - 1) / pageSize);
    }

    /// <summary>The first page of a sequence that the token at this position, or any later one, sees.</summary>
    internal int FirstPageSeen(int position) => Math.Max(0, position - WindowTokens + 1) / _pageSize;

    /// <summary>The window page of a page, or -1.</summary>
    internal int Of(int page) => _attached[page];

    /// <summary>True where a page has a window page.</summary>
    internal bool Has(int page) => _attached[page] != None;

    /// <summary>True once a page lost its window page to an equal one while somebody else held it, until <see cref="MendLosses"/>.</summary>
    internal bool HasLosses { get; private set; }

    /// <summary>Attaches a window page; nothing where there is one. False where no window page is free.</summary>
    internal bool TryAttach(int page)
    {
        if (Has(page)) return true;
        if (!_pool.TryTake(out int windowPage)) return false;
        _attached[page] = windowPage;
        _markedAt[page] = _marking;
        return true;
    }

    /// <summary>Takes the window page of a page away, if it has one.</summary>
    internal void Detach(int page)
    {
        if (!Has(page)) return;
        _pool.Return(_attached[page]);
        _attached[page] = None;
    }

    /// <summary>Gives a page without a window page the one of another page that holds the same tokens.</summary>
    /// <param name="from">The page that its holder exchanges for the other.</param>
    /// <param name="to">The page that it takes.</param>
    /// <param name="isHeldByOthers">Whether somebody else holds the first one too, who is left without.</param>
    internal void Move(int from, int to, bool isHeldByOthers)
    {
        if (Has(to) || !Has(from)) return;
        _attached[to] = _attached[from];
        _attached[from] = None;
        _markedAt[to] = _marking;
        HasLosses |= isHeldByOthers;
    }

    /// <summary>Says that nobody is left who lacks a window page.</summary>
    internal void MendLosses() => HasLosses = false;

    /// <summary>Begins to mark pages that are in some window; those that are not can be reclaimed then.</summary>
    internal void BeginMarking() => _marking++;

    /// <summary>Marks a page.</summary>
    internal void Mark(int page) => _markedAt[page] = _marking;

    /// <summary>Frees the window page that left the windows first.</summary>
    /// <returns>False where every window page is in a window.</returns>
    internal bool TryReclaim()
    {
        int page = OldestUnmarked();
        if (page == None) return false;
        Detach(page);
        return true;
    }

    /// <summary>Proves that references and attachments say the same.</summary>
    /// <exception cref="InvalidOperationException">The books are wrong.</exception>
    internal void CheckIntegrity()
    {
        Array.Clear(_references, 0, _references.Length);
        foreach (int windowPage in _attached)
        {
            if (windowPage != None) _references[windowPage]++;
        }
        _pool.CheckIntegrity(_references);
    }

    private int OldestUnmarked()
    {
        int oldest = None;
        for (int page = 0; page < _attached.Length; page++)
        {
            if (Has(page) && _markedAt[page] < _marking && (oldest == None || _markedAt[page] < _markedAt[oldest])) oldest = page;
        }
        return oldest;
    }
}
