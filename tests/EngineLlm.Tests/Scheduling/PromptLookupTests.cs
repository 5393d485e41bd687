using System;
using System.Linq;
using EngineLlm.Scheduling;
using NUnit.Framework;

namespace EngineLlm.Tests.Scheduling;

public sealed class PromptLookupTests
{
    [TestCase("1 2 3 4 5 6 1 2 3", 3, "4 5 6")]
    [TestCase("1 2 3 4 5 6 1 2 3", 1, "4")]
    [TestCase("1 2 3 4 5 6 9 2 3", 2, "4 5", Description = "two tokens are enough")]
    [TestCase("1 2 3 4 5 6 9 9 3", 2, "", Description = "one is not")]
    [TestCase("1 2 3 4 2 3 5 1 2 3", 2, "4 2", Description = "three go before two that came later")]
    [TestCase("1 2 3 4 8 1 2 3 5 9 1 2 3", 2, "5 9", Description = "the latest occurrence counts")]
    [TestCase("1 2 1 2", 5, "1 2 1 2 1", Description = "a text that goes round goes on going round")]
    [TestCase("7 7 7", 4, "7 7 7 7")]
    [TestCase("7 7", 3, "")]
    [TestCase("7", 3, "")]
    [TestCase("", 3, "")]
    [TestCase("1 2 3 1 2 3", 0, "")]
    public void TheTextGoesOnAsItDid(string tokens, int count, string expected)
    {
        var drafts = new int[count];
        int proposed = PromptLookup.Propose(Parse(tokens), drafts);
        Assert.That(drafts[..proposed], Is.EqualTo(Parse(expected)));
    }

    [Test]
    public void ItFindsWhatANaiveSearchFinds([Values(2, 3, 5, 30)] int vocabulary)
    {
        var random = new Random(vocabulary);
        for (int i = 0; i < 5_000; i++)
        {
            int[] tokens = Enumerable.Range(0, random.Next(60)).Select(_ => random.Next(vocabulary)).ToArray();
            var drafts = new int[random.Next(1, 8)];
            int proposed = PromptLookup.Propose(tokens, drafts);
            Assert.That(drafts[..proposed], Is.EqualTo(Naive(tokens, drafts.Length)), string.Join(" ", tokens));
        }
    }

    private static int[] Naive(int[] tokens, int count)
    {
        for (int length = 3; length >= 2; length--)
        {
            for (int end = tokens.Length - 1; end >= length; end--)
            {
                if (!tokens[(end - length)..end].SequenceEqual(tokens[^Math.Min(length, tokens.Length)..])) continue;
                var text = tokens.ToList();
                for (int i = 0; i < count; i++) text.Add(text[end + i]);
                return text.Skip(tokens.Length).ToArray();
            }
        }
        return [];
    }

    private static int[] Parse(string tokens) => tokens.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray();
}
