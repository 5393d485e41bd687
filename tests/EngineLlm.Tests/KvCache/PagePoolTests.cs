using System;
using EngineLlm.KvCache;
using NUnit.Framework;

namespace EngineLlm.Tests.KvCache;

public sealed class PagePoolTests
{
    [Test]
    public void EveryPageIsTakenOnceAndThenNone()
    {
        var pool = new PagePool(7, 16);
        var taken = new bool[7];
        for (int i = 0; i < 7; i++)
        {
            int page = pool.Take();
            Assert.That(taken[page], Is.False);
            taken[page] = true;
        }
        Assert.That(pool.TryTake(out _), Is.False);
        Assert.That(pool.Take, Throws.InvalidOperationException);
    }

    [Test]
    public void ASharedPageIsFreeAfterItsLastReturn()
    {
        var pool = new PagePool(1, 16);
        int page = pool.Take();
        pool.AddReference(page);
        pool.Return(page);
        Assert.That(pool.FreeCount, Is.Zero);
        pool.Return(page);
        Assert.That(pool.FreeCount, Is.EqualTo(1));
        Assert.That(pool.ReferenceCount(page), Is.Zero);
    }

    [TestCase(0, 0)]
    [TestCase(1, 1)]
    [TestCase(32, 1)]
    [TestCase(33, 2)]
    public void PagesForRoundsUp(int tokens, int pages) => Assert.That(new PagePool(1, 32).PagesFor(tokens), Is.EqualTo(pages));

#if DEBUG
    [Test]
    public void ADoubleReturnIsCaughtInDebug()
    {
        var pool = new PagePool(2, 16);
        int page = pool.Take();
        pool.Return(page);
        Assert.That(() => pool.Return(page), Throws.InvalidOperationException);
        Assert.That(() => pool.AddReference(page), Throws.InvalidOperationException);
    }
#endif

    [Test]
    public void IntegrityFindsAHolderThatIsNotCounted()
    {
        var pool = new PagePool(3, 16);
        int page = pool.Take();
        var expected = new int[3];
        Assert.That(() => pool.CheckIntegrity(expected), Throws.InvalidOperationException);
        expected[page] = 1;
        Assert.That(() => pool.CheckIntegrity(expected), Throws.Nothing);
        Assert.That(pool.FreeCount, Is.EqualTo(2));
        Assert.That(pool.Take(), Is.Not.EqualTo(page));
    }

    [TestCase(0, 16)]
    [TestCase(1, 0)]
    public void APoolOfNothingIsRefused(int pages, int size) =>
        Assert.That(() => new PagePool(pages, size), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
