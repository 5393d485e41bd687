namespace EngineLlm.KvCache;

/// <summary>
/// Pages in the order of their last use: a doubly linked list within two arrays, so that moving a page costs a few writes and no memory.
/// </summary>
internal sealed class UseOrder
{
    /// <summary>What follows the newest page.</summary>
    internal const int End = -1;

    private readonly int[] _older; // [page]
    private readonly int[] _newer; // [page]
    private int _newest = End;

    internal UseOrder(int pageCount)
    {
        _older = new int[pageCount];
        _newer = new int[pageCount];
    }

    /// <summary>The page used longest ago, or <see cref="End"/>.</summary>
    internal int Oldest { get; private set; } = End;

    /// <summary>The page used next after this one, or <see cref="End"/>.</summary>
    internal int Newer(int page) => _newer[page];

    /// <summary>Adds a page that is not in the list.</summary>
    internal void AddNewest(int page)
    {
        _older[page] = _newest;
        _newer[page] = End;
        if (_newest == End) Oldest = page;
        else _newer[_newest] = page;
        _newest = page;
    }

    /// <summary>Takes a page out of the list.</summary>
    internal void Remove(int page)
    {
        if (_older[page] == End) Oldest = _newer[page];
        else _newer[_older[page]] = _newer[page];
        if (_newer[page] == End) _newest = _older[page];
        else _older[_newer[page]] = _older[page];
    }

    /// <summary>Moves a page of the list to its newest end.</summary>
    internal void MakeNewest(int page)
    {
        if (page == _newest) return;
        Remove(page);
        AddNewest(page);
    }
}
