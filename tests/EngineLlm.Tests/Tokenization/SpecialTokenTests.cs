using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using EngineLlm.Tests.Models.Gguf;
using EngineLlm.Tokenization;
using NUnit.Framework;

namespace EngineLlm.Tests.Tokenization;

public sealed class SpecialTokenTests
{
    [Test]
    public void TheFirstIsFoundAndOfThoseThatBeginThereTheLongest()
    {
        const int seed = 3;
        var random = new Random(seed);
        string[] names = [.. Enumerable.Range(0, 40).Select(_ => RandomText(random, 1, 6)).Distinct()];
        Tokenizer tokenizer = Load(TinyVocabulary.BytePair(names));
        var matches = new List<SpecialTokenFinder.Match>();
        for (int i = 0; i < 2000; i++)
        {
            string text = RandomText(random, 0, 30);
            tokenizer.FindSpecials(text, SpecialTokens.All, matches);
            string actual = string.Join(' ', matches.Select(match => $"{match.Start}:{tokenizer.TokenText(match.Id)}"));
            Assert.That(actual, Is.EqualTo(Reference(text, names)), $"text {i} of seed {seed}: \"{text}\"");
        }
    }

    [Test]
    public void ThousandsOfThemCostATextNoMoreThanAFew()
    {
        // Gemma's vocabulary has more than six thousand; a prompt is encoded on the game's thread.
        string[] names = [.. Enumerable.Range(0, 6000).Select(i => $"<unused{i}>")];
        Tokenizer tokenizer = Load(TinyVocabulary.BytePair(names));
        string text = string.Concat(Enumerable.Repeat("<start_of_turn>user\nthe<unused17> <unused60000>", 2000));
        var matches = new List<SpecialTokenFinder.Match>();
        tokenizer.FindSpecials(text, SpecialTokens.All, matches);
        var clock = Stopwatch.StartNew();
        tokenizer.FindSpecials(text, SpecialTokens.All, matches);
        Assert.That(matches, Has.Count.EqualTo(2000));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromMilliseconds(500)), "about 5 ms where nothing else runs");
    }

    [Test]
    public void HostileNamesAreFoundInBoundedTime()
    {
        string[] names = [.. Enumerable.Range(2, 400).Select(length => new string('<', length))];
        Tokenizer tokenizer = Load(TinyVocabulary.BytePair(names));
        var matches = new List<SpecialTokenFinder.Match>();
        var clock = Stopwatch.StartNew();
        tokenizer.FindSpecials(new string('<', 50_000) + "x", SpecialTokens.All, matches);
        tokenizer.FindSpecials(string.Concat(Enumerable.Repeat(new string('<', 255) + "x", 200)), SpecialTokens.All, matches);
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
        Assert.That(matches, Has.Count.EqualTo(200));
    }

    private static string Reference(string text, string[] names)
    {
        var found = new List<string>();
        for (int at = 0; at < text.Length;)
        {
            string? longest = names.Where(name => string.CompareOrdinal(text, at, name, 0, name.Length) == 0).MaxBy(name => name.Length);
            if (longest is not null) found.Add($"{at}:{longest}");
            at += longest?.Length ?? 1;
        }
        return string.Join(' ', found);
    }

    // No letter of it is a token of the tiny vocabulary by itself, which is bytes.
    private static string RandomText(Random random, int min, int max)
    {
        var text = new StringBuilder();
        for (int length = random.Next(min, max + 1); length > 0; length--) text.Append("<>|\u4F60\uFFFF"[random.Next(5)]);
        return text.Length < 2 && min > 0 ? "<|" + text : text.ToString();
    }

    private static Tokenizer Load(GgufBuilder builder)
    {
        using var temporary = new TemporaryFile(builder.ToArray());
        return TokenizerGoldenTests.LoadPath(temporary.Path);
    }
}
