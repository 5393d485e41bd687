namespace EngineLlm.KvCache;

/// <summary>Pages in the order of their last use: a doubly linked list within two arrays, so that moving a page costs a few writes and no memory.</summary>
internal sealed class UseOrder
{
    /// <summary>What follows the newest page.</summary>
    internal const int End = -1;

    private readonly int[] older; // [page]
    private readonly int[] newer; // [page]
    private int newest = End;

    internal UseOrder(int pageCount)
    {
        older = new int[pageCount];
        newer = new int[pageCount];
    }

    /// <summary>The page used longest ago, or <see cref="End"/>.</summary>
    internal int Oldest { get; private set; } = End;

    /// <summary>The page used next after this one, or <see cref="End"/>.</summary>
    internal int Newer(int page) => newer[page];

    /// <summary>Adds a page that is not in the list.</summary>
    internal void AddNewest(int page)
    {
        older[page] = newest;
        newer[page] = End;
        if (newest == End) Oldest = page;
        else newer[newest] = page;
        newest = page;
    }

    /// <summary>Takes a page out of the list.</summary>
    internal void Remove(int page)
    {
        if (older[page] == End) Oldest = newer[page];
        else newer[older[page]] = newer[page];
        if (newer[page] == End) newest = older[page];
        else older[newer[page]] = older[page];
    }

    /// <summary>Moves a page of the list to its newest end.</summary>
    internal void MakeNewest(int page)
    {
        if (page == newest) return;
        Remove(page);
        AddNewest(page);
    }
}
