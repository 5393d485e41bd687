using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using EngineLlm.Tokenization;
using NUnit.Framework;

namespace EngineLlm.Tests.Tokenization;

public sealed class StreamingDetokenizerTests
{
    [TestCase("smollm2")]
    [TestCase("llama-spm")]
    public void NeverGivesHalfACharacterAndLosesNothing(string name)
    {
        const int seed = 7;
        var random = new Random(seed);
        Tokenizer tokenizer = TokenizerGoldenTests.Load(name);
        for (int i = 0; i < 500; i++)
        {
            string text = i == 0 ? "Grüße 👩‍🚀 from 東京, naïve café — 🏳️‍🌈!" : RoundTripTests.RandomText(random);
            List<int> ids = tokenizer.Encode(text);
            // What the vocabulary cannot say is lost before the detokenizer sees it.
            string expected = tokenizer.Decode([.. ids]);
            var detokenizer = new StreamingDetokenizer(tokenizer);
            var joined = new StringBuilder();
            foreach (int id in ids)
            {
                string part = detokenizer.Append(id);
                Assert.That(part.Length > 0 && char.IsHighSurrogate(part[^1]), Is.False, $"half a pair from text {i} of seed {seed}");
                if (!expected.Contains('\uFFFD')) Assert.That(part, Does.Not.Contain("\uFFFD"), $"text {i} of seed {seed}");
                joined.Append(part);
            }
            joined.Append(detokenizer.Flush());
            string actual = name == "llama-spm" ? joined.ToString()[1..] : joined.ToString();
            Assert.That(actual, Is.EqualTo(expected), $"text {i} of seed {seed}");
        }
    }

    [Test]
    public void AnEmojiSplitOverByteTokensComesOutWhole()
    {
        Tokenizer tokenizer = TokenizerGoldenTests.Load("llama-spm");
        int[] ids = Encoding.UTF8.GetBytes("🦄").Select(value => Byte(tokenizer, value)).ToArray();
        Assert.That(ids, Has.Length.EqualTo(4));
        var detokenizer = new StreamingDetokenizer(tokenizer);
        Assert.That(ids.Select(detokenizer.Append), Is.EqualTo(new[] { "", "", "", "🦄" }));
        Assert.That(detokenizer.Flush(), Is.Empty);
    }

    [Test]
    public void BrokenBytesBecomeReplacementCharacters()
    {
        Tokenizer tokenizer = TokenizerGoldenTests.Load("llama-spm");
        var detokenizer = new StreamingDetokenizer(tokenizer);
        int x = tokenizer.Encode("x")[^1];
        Assert.That(detokenizer.Append(Byte(tokenizer, 0xF0)), Is.Empty);
        Assert.That(detokenizer.Append(x), Does.StartWith("\uFFFD").And.EndsWith("x"));
        Assert.That(detokenizer.Append(Byte(tokenizer, 0x80)), Is.EqualTo("\uFFFD"));
        Assert.That(detokenizer.Append(Byte(tokenizer, 0xE2)), Is.Empty);
        Assert.That(detokenizer.Flush(), Is.EqualTo("\uFFFD"));
        Assert.That(detokenizer.Append(Byte(tokenizer, 0xE2)), Is.Empty);
        detokenizer.Reset();
        Assert.That(detokenizer.Flush(), Is.Empty);
    }

    [Test]
    public void SpecialTokensAreNoText()
    {
        Tokenizer tokenizer = TokenizerGoldenTests.Load("smollm2");
        var detokenizer = new StreamingDetokenizer(tokenizer);
        Assert.That(new[] { 1, 2, 0 }.Select(detokenizer.Append), Is.All.Empty);
        Assert.That(() => detokenizer.Append(49152), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void SteadyStateAllocatesNothing()
    {
        Tokenizer tokenizer = TokenizerGoldenTests.Load("smollm2");
        int[] ids = tokenizer.Encode("The quick brown fox jumps over the lazy dog, and says: \"Good evening!\"\n").ToArray();
        var detokenizer = new StreamingDetokenizer(tokenizer);
        foreach (int id in ids) detokenizer.Append(id);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            foreach (int id in ids) detokenizer.Append(id);
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void IncompleteTailsAreThoseThatCanStillBeCompleted()
    {
        Assert.That(Tail(0x41), Is.Zero);
        Assert.That(Tail(0xC3), Is.EqualTo(1));
        Assert.That(Tail(0xC3, 0xA9), Is.Zero);
        Assert.That(Tail(0xE2, 0x82), Is.EqualTo(2));
        Assert.That(Tail(0xF0, 0x9F, 0xA6), Is.EqualTo(3));
        Assert.That(Tail(0xE0, 0x80), Is.Zero);
        Assert.That(Tail(0xED, 0xA0), Is.Zero);
        Assert.That(Tail(0xF4, 0x90), Is.Zero);
        Assert.That(Tail(0xF5), Is.Zero);
        Assert.That(Tail(0xC1), Is.Zero);
        Assert.That(Tail(0x80, 0x80, 0x80), Is.Zero);
        Assert.That(Tail(), Is.Zero);
    }

    private static int Tail(params byte[] bytes) => Utf8Tail.Length(bytes);

    private static int Byte(Tokenizer tokenizer, byte value)
    {
        Assert.That(tokenizer.TryGetToken($"<0x{value:X2}>", out int id), Is.True);
        return id;
    }
}
