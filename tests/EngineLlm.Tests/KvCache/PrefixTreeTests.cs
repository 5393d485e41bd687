using System;
using System.Linq;
using EngineLlm.KvCache;
using NUnit.Framework;

namespace EngineLlm.Tests.KvCache;

public sealed class PrefixTreeTests
{
    private const int PageSize = 4;

    private PagePool _pool = null!;
    private PrefixTree _tree = null!;

    [SetUp]
    public void MakeTree()
    {
        _pool = new PagePool(16, PageSize);
        _tree = new PrefixTree(_pool);
    }

    [Test]
    public void APublishedPrefixIsMatched()
    {
        int[] tokens = Count(10);
        PageTable first = Publish(tokens);
        var second = new PageTable();
        Assert.That(_tree.Match(tokens, second), Is.EqualTo(2));
        Assert.That(second.Pages.ToArray(), Is.EqualTo(first.Pages[..2].ToArray()));
        Assert.That(second.TokenCount, Is.EqualTo(8));
        Check(first, second);
    }

    [TestCase(8, 1)]
    [TestCase(9, 2)]
    [TestCase(4, 0)]
    [TestCase(5, 1)]
    [TestCase(1, 0)]
    public void OneTokenIsAlwaysLeftToCompute(int length, int pages)
    {
        Publish(Count(12));
        Assert.That(_tree.CountMatch(Count(12).AsSpan(0, length)), Is.EqualTo(pages));
    }

    [Test]
    public void TheSameChunkBehindAnotherPrefixIsAnotherPage()
    {
        int[] left = [1, 1, 1, 1, 7, 7, 7, 7, 0], right = [2, 2, 2, 2, 7, 7, 7, 7, 0];
        Publish(left);
        Assert.That(_tree.CountMatch(right), Is.Zero);
        PageTable table = Publish(right);
        var match = new PageTable();
        _tree.Match(right, match);
        Assert.That(match.Pages.ToArray(), Is.EqualTo(table.Pages[..2].ToArray()));
    }

    [Test]
    public void EveryPairOfChunksIsToldApart()
    {
        // More edges than hash buckets, so that chains are walked and the tokens have to decide.
        _pool = new PagePool(800, 2);
        _tree = new PrefixTree(_pool);
        var tables = new PageTable[400];
        for (int i = 0; i < 400; i++) tables[i] = Publish([i / 20 * 65537, i % 20 * 16777619, 0]);
        for (int i = 0; i < 400; i++)
        {
            var match = new PageTable();
            Assert.That(_tree.Match([i / 20 * 65537, i % 20 * 16777619, 0], match), Is.EqualTo(1));
            Assert.That(match[0], Is.EqualTo(tables[i][0]));
        }
    }

    [Test]
    public void ASecondComputationOfTheSamePrefixGivesItsPagesBack()
    {
        int[] tokens = Count(9);
        PageTable first = Take(3, 9), second = Take(3, 9);
        _tree.Publish(tokens, first, 0);
        int free = _pool.FreeCount;
        _tree.Publish(tokens, second, 0);
        Assert.That(_pool.FreeCount, Is.EqualTo(free + 2));
        Assert.That(second.Pages[..2].ToArray(), Is.EqualTo(first.Pages[..2].ToArray()));
        Check(first, second);
    }

    [Test]
    public void TheLeastRecentlyUsedLeafIsEvictedFirst()
    {
        int[] old = [1, 1, 1, 1, 2, 2, 2, 2, 0], young = [1, 1, 1, 1, 3, 3, 3, 3, 0];
        Release(Publish(old));
        Release(Publish(young));
        var match = new PageTable();
        _tree.Match(old, match);
        Release(match);
        Assert.That(_tree.TryEvict(), Is.True);
        Assert.That(_tree.CountMatch(young), Is.EqualTo(1));
        Assert.That(_tree.CountMatch(old), Is.EqualTo(2));
        Assert.That(_tree.TryEvict() && _tree.TryEvict(), Is.True);
        Assert.That(_tree.TryEvict(), Is.False);
        Assert.That(_pool.FreeCount, Is.EqualTo(16));
    }

    [Test]
    public void AUsedPageIsNeverEvicted()
    {
        PageTable table = Publish(Count(9));
        Assert.That(_tree.CachedCount, Is.Zero);
        Assert.That(_tree.TryEvict(), Is.False);
        Release(table);
        Assert.That(_tree.CachedCount, Is.EqualTo(2));
        _tree.EvictAll();
        Assert.That(_tree.NodeCount, Is.Zero);
        Check();
    }

    private static int[] Count(int count) => Enumerable.Range(100, count).ToArray();

    private PageTable Take(int pages, int tokens)
    {
        var table = new PageTable();
        for (int i = 0; i < pages; i++) table.Add(_pool.Take());
        table.TokenCount = tokens;
        return table;
    }

    private PageTable Publish(int[] tokens)
    {
        var table = new PageTable();
        int matched = _tree.Match(tokens, table);
        while (table.PageCount < _pool.PagesFor(tokens.Length) && _pool.TryTake(out int page)) table.Add(page);
        table.TokenCount = Math.Min(tokens.Length, table.PageCount * _pool.PageSize);
        _tree.Publish(tokens, table, matched);
        return table;
    }

    private void Release(PageTable table)
    {
        _tree.Touch(table.Pages);
        foreach (int page in table.Pages) _pool.Return(page);
        table.Clear();
    }

    private void Check(params PageTable[] tables)
    {
        var expected = new int[_pool.PageCount];
        foreach (PageTable table in tables)
            foreach (int page in table.Pages) expected[page]++;
        _tree.CheckIntegrity(expected);
        _pool.CheckIntegrity(expected);
    }
}
