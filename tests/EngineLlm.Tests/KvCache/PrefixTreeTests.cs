using System;
using System.Linq;
using EngineLlm.KvCache;
using NUnit.Framework;

namespace EngineLlm.Tests.KvCache;

public sealed class PrefixTreeTests
{
    private const int PageSize = 4;

    private PagePool pool = null!;
    private PrefixTree tree = null!;

    [SetUp]
    public void MakeTree()
    {
        pool = new PagePool(16, PageSize);
        tree = new PrefixTree(pool);
    }

    [Test]
    public void APublishedPrefixIsMatched()
    {
        int[] tokens = Count(10);
        PageTable first = Publish(tokens);
        var second = new PageTable();
        Assert.That(tree.Match(tokens, second), Is.EqualTo(2));
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
        Assert.That(tree.CountMatch(Count(12).AsSpan(0, length)), Is.EqualTo(pages));
    }

    [Test]
    public void TheSameChunkBehindAnotherPrefixIsAnotherPage()
    {
        int[] left = [1, 1, 1, 1, 7, 7, 7, 7, 0], right = [2, 2, 2, 2, 7, 7, 7, 7, 0];
        Publish(left);
        Assert.That(tree.CountMatch(right), Is.Zero);
        PageTable table = Publish(right);
        var match = new PageTable();
        tree.Match(right, match);
        Assert.That(match.Pages.ToArray(), Is.EqualTo(table.Pages[..2].ToArray()));
    }

    [Test]
    public void EveryPairOfChunksIsToldApart()
    {
        // More edges than hash buckets, so that chains are walked and the tokens have to decide.
        pool = new PagePool(800, 2);
        tree = new PrefixTree(pool);
        var tables = new PageTable[400];
        for (int i = 0; i < 400; i++) tables[i] = Publish([i / 20 * 65537, i % 20 * 16777619, 0]);
        for (int i = 0; i < 400; i++)
        {
            var match = new PageTable();
            Assert.That(tree.Match([i / 20 * 65537, i % 20 * 16777619, 0], match), Is.EqualTo(1));
            Assert.That(match[0], Is.EqualTo(tables[i][0]));
        }
    }

    [Test]
    public void ASecondComputationOfTheSamePrefixGivesItsPagesBack()
    {
        int[] tokens = Count(9);
        PageTable first = Take(3, 9), second = Take(3, 9);
        tree.Publish(tokens, first, 0);
        int free = pool.FreeCount;
        tree.Publish(tokens, second, 0);
        Assert.That(pool.FreeCount, Is.EqualTo(free + 2));
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
        tree.Match(old, match);
        Release(match);
        Assert.That(tree.TryEvict(), Is.True);
        Assert.That(tree.CountMatch(young), Is.EqualTo(1));
        Assert.That(tree.CountMatch(old), Is.EqualTo(2));
        Assert.That(tree.TryEvict() && tree.TryEvict(), Is.True);
        Assert.That(tree.TryEvict(), Is.False);
        Assert.That(pool.FreeCount, Is.EqualTo(16));
    }

    [Test]
    public void AUsedPageIsNeverEvicted()
    {
        PageTable table = Publish(Count(9));
        Assert.That(tree.CachedCount, Is.Zero);
        Assert.That(tree.TryEvict(), Is.False);
        Release(table);
        Assert.That(tree.CachedCount, Is.EqualTo(2));
        tree.EvictAll();
        Assert.That(tree.NodeCount, Is.Zero);
        Check();
    }

    private static int[] Count(int count) => Enumerable.Range(100, count).ToArray();

    private PageTable Take(int pages, int tokens)
    {
        var table = new PageTable();
        for (int i = 0; i < pages; i++) table.Add(pool.Take());
        table.TokenCount = tokens;
        return table;
    }

    private PageTable Publish(int[] tokens)
    {
        var table = new PageTable();
        int matched = tree.Match(tokens, table);
        while (table.PageCount < pool.PagesFor(tokens.Length) && pool.TryTake(out int page)) table.Add(page);
        table.TokenCount = Math.Min(tokens.Length, table.PageCount * pool.PageSize);
        tree.Publish(tokens, table, matched);
        return table;
    }

    private void Release(PageTable table)
    {
        tree.Touch(table.Pages);
        foreach (int page in table.Pages) pool.Return(page);
        table.Clear();
    }

    private void Check(params PageTable[] tables)
    {
        var expected = new int[pool.PageCount];
        foreach (PageTable table in tables)
            foreach (int page in table.Pages) expected[page]++;
        tree.CheckIntegrity(expected);
        pool.CheckIntegrity(expected);
    }
}
