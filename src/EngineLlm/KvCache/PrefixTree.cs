using System;

namespace EngineLlm.KvCache;

/// <summary>
/// Radix tree of full pages that sequences may share. An edge is a page's worth of tokens, a node is the page that holds their keys and
/// values; the path from the root spells the whole prefix, since keys and values depend on everything before them.
/// </summary>
/// <remarks>
/// A page is at most one node, so a node's number is its page's number, every array is [page count], and the tree never allocates. Children
/// are found by a hash of parent and tokens, and the tokens themselves are compared: a collision costs time, never a wrong page. The tree
/// holds one reference to each of its pages. Whoever else refers to a node refers to all its ancestors too (see <see cref="Publish"/>), so
/// every node that only the tree refers to can be evicted once its descendants are. Such a page is called cached.
/// </remarks>
internal sealed class PrefixTree
{
    private const int None = -1;
    private const int NotANode = -2;

    private readonly PagePool _pool;
    private readonly WindowPages? _windows;
    private readonly int[] _parent;      // [page] the parent's page, None below the root, NotANode for a page that is not in the tree
    private readonly int[] _childCount;  // [page]
    private readonly int[] _tokens;      // [page][slot] the tokens of the edge that leads here
    private readonly int[] _buckets;     // [power of two] first node of each hash chain, or None
    private readonly int[] _nextInChain; // [page]
    private readonly UseOrder _order;

    /// <param name="pool">The pages.</param>
    /// <param name="windows">The pages of sliding layers; null where the model has none.</param>
    internal PrefixTree(PagePool pool, WindowPages? windows = null)
    {
        _pool = pool;
        _windows = windows;
        int pageCount = _pool.PageCount;
        _parent = new int[pageCount];
        _childCount = new int[pageCount];
        _tokens = new int[checked(pageCount * _pool.PageSize)];
        _nextInChain = new int[pageCount];
        _order = new UseOrder(pageCount);
        int bucketCount = 16;
        while (bucketCount < pageCount) bucketCount *= 2;
        _buckets = new int[bucketCount];
        Array.Fill(_parent, NotANode);
        Array.Fill(_buckets, None);
    }

    /// <summary>Number of pages in the tree, in use or cached.</summary>
    internal int NodeCount { get; private set; }

    /// <summary>Number of pages that only the tree refers to.</summary>
    internal int CachedCount => CountCached(int.MaxValue);

    /// <summary>True for a page that is in the tree.</summary>
    internal bool Contains(int page) => _parent[page] != NotANode;

    /// <summary>
    /// How many of the first pages of these tokens are in the tree. At least one token always stays uncovered, because its logits are
    /// wanted. Where layers slide, what the next token sees of them has to be there as well.
    /// </summary>
    internal int CountMatch(ReadOnlySpan<int> sequenceTokens)
    {
        int node = None, matched = 0, usable = 0, firstWithWindow = 0, limit = MatchLimit(sequenceTokens.Length);
        while (matched < limit && (node = FindChild(node, Chunk(sequenceTokens, matched))) != None)
        {
            matched++;
            if (_windows is not null && !_windows.Has(node)) firstWithWindow = matched;
            if (_windows is null || firstWithWindow <= _windows.FirstPageSeen(matched * _pool.PageSize)) usable = matched;
        }
        return usable;
    }

    /// <summary>
    /// Appends the pages that <see cref="CountMatch"/> counts to an empty table, with a reference each, as tokens that need not be
    /// computed.
    /// </summary>
    /// <returns>The number of pages.</returns>
    internal int Match(ReadOnlySpan<int> sequenceTokens, PageTable table)
    {
        int node = None, count = CountMatch(sequenceTokens);
        while (table.PageCount < count)
        {
            node = FindChild(node, Chunk(sequenceTokens, table.PageCount));
            _pool.AddReference(node);
            table.Add(node);
        }
        table.TokenCount = table.PageCount * _pool.PageSize;
        Touch(table.Pages);
        return table.PageCount;
    }

    /// <summary>
    /// Enters the full pages [firstPage, TokenCount / page size) of a table. Where the tree has a page of the same prefix already, the
    /// table takes that one and returns its own: the contents are equal, memory is saved, and every node's holders go on holding its
    /// ancestors.
    /// </summary>
    /// <param name="sequenceTokens">The tokens of the sequence, at least the table's token count.</param>
    /// <param name="table">Its pages; those before <paramref name="firstPage"/> are in the tree.</param>
    /// <param name="firstPage">The first page that is not yet in the tree.</param>
    /// <returns>The number of pages of the table that are now in the tree.</returns>
    internal int Publish(ReadOnlySpan<int> sequenceTokens, PageTable table, int firstPage)
    {
        int fullPages = table.TokenCount / _pool.PageSize;
        for (int i = firstPage; i < fullPages; i++)
        {
            int above = i == 0 ? None : table[i - 1];
            ReadOnlySpan<int> chunk = Chunk(sequenceTokens, i);
            int present = FindChild(above, chunk);
            if (present == None) Insert(table[i], above, chunk);
            else if (present != table[i])
            {
                _windows?.Move(table[i], present, isHeldByOthers: _pool.ReferenceCount(table[i]) > 1);
                _pool.AddReference(present);
                _pool.Return(table[i]);
                table[i] = present;
            }
        }
        return Math.Max(firstPage, fullPages);
    }

    /// <summary>
    /// Marks those of the pages that are in the tree as used just now, the first as the newest: what is deep in the tree is evicted first.
    /// </summary>
    internal void Touch(ReadOnlySpan<int> pages)
    {
        for (int i = pages.Length - 1; i >= 0; i--)
        {
            if (Contains(pages[i])) _order.MakeNewest(pages[i]);
        }
    }

    /// <summary>Counts cached pages, but no further than needed.</summary>
    internal int CountCached(int atMost)
    {
        int count = 0;
        for (int page = _order.Oldest; page != UseOrder.End && count < atMost; page = _order.Newer(page))
        {
            if (_pool.ReferenceCount(page) == 1) count++;
        }
        return count;
    }

    /// <summary>Frees the cached leaf that was used longest ago.</summary>
    /// <returns>False where no page is cached.</returns>
    internal bool TryEvict()
    {
        for (int page = _order.Oldest; page != UseOrder.End; page = _order.Newer(page))
        {
            if (_childCount[page] != 0 || _pool.ReferenceCount(page) != 1) continue;
            Remove(page);
            _pool.Return(page);
            return true;
        }
        return false;
    }

    /// <summary>Frees every cached page.</summary>
    internal void EvictAll()
    {
        while (TryEvict()) { }
    }

    /// <summary>Adds the tree's own references to a count, and proves the links between nodes.</summary>
    /// <param name="expectedReferences">[page count] holders of each page; the tree adds one for each node.</param>
    /// <exception cref="InvalidOperationException">The books are wrong.</exception>
    internal void CheckIntegrity(Span<int> expectedReferences)
    {
        int nodes = 0, children = 0, belowRoot = 0, ordered = 0;
        for (int page = 0; page < _parent.Length; page++)
        {
            if (!Contains(page)) continue;
            nodes++;
            expectedReferences[page]++;
            children += _childCount[page];
            int above = _parent[page];
            if (above == None) belowRoot++;
            else if (!Contains(above))
                throw new InvalidOperationException($"Page {page} hangs below page {above}, which is not in the tree.");
            else if (_pool.ReferenceCount(page) > 1 && _pool.ReferenceCount(above) == 1)
                throw new InvalidOperationException($"Page {page} is in use, and page {above} above it is only cached.");
            if (FindChild(above, Edge(page)) != page)
                throw new InvalidOperationException($"Page {page} is in the tree and cannot be found there.");
        }
        for (int page = _order.Oldest; page != UseOrder.End; page = _order.Newer(page))
        {
            if (!Contains(page)) throw new InvalidOperationException($"Page {page} is in the order of use and not in the tree.");
            ordered++;
        }
        if (nodes != NodeCount || ordered != nodes || children + belowRoot != nodes)
            throw new InvalidOperationException(
                $"The tree has {nodes} nodes, counts {NodeCount}, orders {ordered} and links {children + belowRoot}.");
    }

    private int MatchLimit(int tokenCount) => Math.Max(0, tokenCount - 1) / _pool.PageSize;

    private ReadOnlySpan<int> Chunk(ReadOnlySpan<int> sequenceTokens, int index) =>
        sequenceTokens.Slice(index * _pool.PageSize, _pool.PageSize);

    private Span<int> Edge(int page) => _tokens.AsSpan(page * _pool.PageSize, _pool.PageSize);

    private int FindChild(int above, ReadOnlySpan<int> chunk)
    {
        int page = _buckets[BucketOf(above, chunk)];
        while (page != None && !(_parent[page] == above && chunk.SequenceEqual(Edge(page)))) page = _nextInChain[page];
        return page;
    }

    private void Insert(int page, int above, ReadOnlySpan<int> chunk)
    {
        if (Contains(page)) throw new InvalidOperationException($"Page {page} is in the tree with other tokens.");
        if (above != None && !Contains(above))
            throw new InvalidOperationException($"Page {above} has to be in the tree before page {page} below it.");
        _pool.AddReference(page);
        chunk.CopyTo(Edge(page));
        _parent[page] = above;
        _childCount[page] = 0;
        if (above != None) _childCount[above]++;
        int bucket = BucketOf(above, chunk);
        _nextInChain[page] = _buckets[bucket];
        _buckets[bucket] = page;
        _order.AddNewest(page);
        NodeCount++;
    }

    private void Remove(int page)
    {
        int bucket = BucketOf(_parent[page], Edge(page));
        if (_buckets[bucket] == page) _buckets[bucket] = _nextInChain[page];
        else
        {
            int before = _buckets[bucket];
            while (_nextInChain[before] != page) before = _nextInChain[before];
            _nextInChain[before] = _nextInChain[page];
        }
        if (_parent[page] != None) _childCount[_parent[page]]--;
        _parent[page] = NotANode;
        _order.Remove(page);
        NodeCount--;
    }

    // FNV-1a over 32-bit words, with the high bits folded in at the end.
    private int BucketOf(int above, ReadOnlySpan<int> chunk)
    {
        uint hash = 2166136261u ^ (uint)above;
        foreach (int token in chunk) hash = (hash ^ (uint)token) * 16777619u;
        return (int)((hash ^ (hash >> 15)) & (uint)(_buckets.Length - 1));
    }
}
