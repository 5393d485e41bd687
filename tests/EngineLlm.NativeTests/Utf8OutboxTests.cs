using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using EngineLlm.Native;
using NUnit.Framework;

namespace EngineLlm.NativeTests;

/// <summary>Words leave as UTF-8, whole characters at a time, however they came in and however little is taken at once.</summary>
internal sealed class Utf8OutboxTests
{
    private const string Sample = "Grüß Gott, 世界! 🐉 naïve — done";

    [Test]
    public void EveryCharacterComesOutWhole([Values(1, 2, 7, 100)] int charactersIn, [Values(4, 5, 8, 64)] int capacity)
    {
        var outbox = new Utf8Outbox();
        var taken = new StringBuilder();
        var buffer = new byte[capacity];
        for (int i = 0; i < Sample.Length; i += charactersIn)
        {
            outbox.Append(Sample.AsSpan(i, Math.Min(charactersIn, Sample.Length - i)));
            for (int count; (count = outbox.Read(buffer)) > 0;) taken.Append(new UTF8Encoding(false, true).GetString(buffer, 0, count));
        }
        Assert.That(taken.ToString(), Is.EqualTo(Sample));
    }

    [Test]
    public void EverythingIsTakenAtOnceWithAZeroByteBehindIt()
    {
        var outbox = new Utf8Outbox();
        string longText = string.Concat(Enumerable.Repeat(Sample, 50));
        outbox.Append(longText);
        outbox.Read(new byte[6]);
        ReadOnlySpan<byte> rest = outbox.TakeAll();
        outbox.Append("overwrites nothing");
        Assert.That(Encoding.UTF8.GetString(rest), Is.EqualTo(longText["Grüß".Length..]));
        Assert.That(Unsafe.Add(ref MemoryMarshal.GetReference(rest), rest.Length), Is.Zero);
    }

    [Test]
    public void HalfACharacterAtTheEndIsReplacedAndOneThatWasClearedIsForgotten()
    {
        var outbox = new Utf8Outbox();
        outbox.Append("a\uD83D");
        outbox.Finish();
        Assert.That(Encoding.UTF8.GetString(outbox.TakeAll()), Is.EqualTo("a\uFFFD"));
        outbox.Append("\uD83D");
        Assert.That(outbox.HasHadAny, Is.True);
        outbox.Clear();
        Assert.That(outbox.HasHadAny, Is.False);
        outbox.Append("b");
        Assert.That(Encoding.UTF8.GetString(outbox.TakeAll()), Is.EqualTo("b"));
    }

    [Test]
    public void WordsInSteadyStateAllocateNothing()
    {
        var outbox = new Utf8Outbox();
        var buffer = new byte[64];
        Pass();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) Pass();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Pass()
        {
            outbox.Append(Sample);
            while (outbox.Read(buffer) > 0) { }
            outbox.Append(Sample);
            outbox.TakeAll();
        }
    }
}
