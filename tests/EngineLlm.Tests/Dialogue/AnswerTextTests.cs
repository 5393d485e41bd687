using System;
using System.Linq;
using EngineLlm.Dialogue;
using NUnit.Framework;

namespace EngineLlm.Tests.Dialogue;

public sealed class AnswerTextTests
{
    private static readonly string[] s_stops = ["\nPlayer:", "STOP"];

    [TestCase("Good day.", "Good day.")]
    [TestCase("  \n Good day. \n", "Good day.")]
    [TestCase("Good day.\nPlayer: And you?", "Good day.")]
    [TestCase("Good day. \n\nPlayer: And you?", "Good day.")]
    [TestCase("Player: I come in peace.", "")]
    [TestCase("\n\nPlayer: I come in peace.", "")]
    [TestCase("Players are few.", "Players are few.")]
    [TestCase("One\nPlayer two STOP three", "One\nPlayer two")]
    [TestCase("Ends like one\nPlay", "Ends like one\nPlay")]
    [TestCase("STO STSTOP", "STO ST")]
    [TestCase("", "")]
    public void AStopTextEndsTheAnswerHoweverItIsCutUp(string spoken, string expected)
    {
        for (int piece = 1; piece <= Math.Max(1, spoken.Length); piece++)
        {
            var text = new AnswerText(s_stops, trims: true, capacity: 1);
            string shown = "";
            foreach (char[] part in spoken.Chunk(piece))
            {
                text.Append(part);
                Assert.That(text.Released.ToString(), Does.StartWith(shown), "what was shown changes no more");
                shown = text.Released.ToString();
                Assert.That(expected, Does.StartWith(shown), $"shown too early, in pieces of {piece}");
            }
            if (!text.IsStopped) text.Finish();
            Assert.That(text.Released.ToString(), Is.EqualTo(expected), $"in pieces of {piece}");
        }
    }

    [Test]
    public void PlainTextIsShownAtOnce()
    {
        var text = new AnswerText(s_stops, trims: true, capacity: 16);
        text.Append("Hello, trave");
        Assert.That(text.Released.ToString(), Is.EqualTo("Hello, trave"));
        text.Append("ller. ");
        Assert.That(text.Released.ToString(), Is.EqualTo("Hello, traveller."));
    }

    [Test]
    public void WithoutTrimmingEveryCharacterStays()
    {
        var text = new AnswerText([], trims: false, capacity: 1);
        text.Append("\n a ");
        Assert.That(text.Released.ToString(), Is.EqualTo("\n a "));
    }

    [Test]
    public void AnEmptyStopTextIsRefused() => Assert.That(() => new AnswerText([""], true, 1), Throws.ArgumentException);
}
