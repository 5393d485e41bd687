using EngineLlm.Cli;
using EngineLlm.Cli.Benching;
using EngineLlm.Cli.Playing;
using NUnit.Framework;

namespace EngineLlm.Tests.Cli;

internal sealed class SpeechTests
{
    [Test]
    public void PiecesBecomeOneLine()
    {
        var speech = new Speech();
        foreach (string piece in new[] { "\n  Good", " ", "\n\nevening", ",\ttraveller.", " \n" }) speech.Append(piece);
        Assert.That(speech.Text, Is.EqualTo("Good evening, traveller."));
    }

    [Test]
    public void EscapesOfTheModelDoNotReachTheTerminal()
    {
        var speech = new Speech();
        speech.Append("a\u001b[2Jb\u0007\u009bc");
        Assert.That(speech.Text, Is.EqualTo("a[2Jbc"));
        Assert.That(VisibleText.Of("a\u001b[2J\nb\u0007\u009bc\t"), Is.EqualTo("a[2J\nbc\t"));
    }

    [TestCase(SpeechEnd.Complete, "Hello", "Hello")]
    [TestCase(SpeechEnd.Complete, "", "(says nothing)")]
    [TestCase(SpeechEnd.Length, "Hello", "Hello …")]
    [TestCase(SpeechEnd.Stopped, "Hello", "Hello …")]
    [TestCase(SpeechEnd.Stopped, "", "…")]
    [TestCase(SpeechEnd.Failed, "Hello", "(cannot answer: the reason)")]
    public void TheEndShowsWhyItEnded(SpeechEnd end, string text, string shown)
    {
        var speech = new Speech();
        speech.Append(text);
        speech.Finish(end, "the reason");
        Assert.That(speech.FinalText, Is.EqualTo(shown));
    }

    [TestCase("It rains.", true)]
    [TestCase("Does it rain?", true)]
    [TestCase("He said: \"It rains!\"", true)]
    [TestCase("Well, well...", false)]
    [TestCase("It rains, and", false)]
    [TestCase("No.", false)]
    [TestCase("\"\"\"\"\"\"\"\"\"", false)]
    public void AnAnswerMayEndWithASentenceOnceItIsLongEnough(string text, bool ends)
    {
        var speech = new Speech();
        speech.Append(text);
        Assert.That(speech.EndsSentenceAfter(8), Is.EqualTo(ends));
    }

    [Test]
    public void OnlyTheFirstEndCounts()
    {
        var speech = new Speech();
        speech.Finish(SpeechEnd.Length);
        speech.Finish(SpeechEnd.Stopped);
        Assert.That(speech.End, Is.EqualTo(SpeechEnd.Length));
    }

    [Test]
    public void TheMeterTellsReadingFromSpeaking()
    {
        long second = System.Diagnostics.Stopwatch.Frequency;
        var meter = new SpeechMeter();
        meter.Sample(false, 100, 0);
        meter.Sample(true, 100, second);
        meter.Sample(true, 100, second * 2);
        Assert.That(meter.SecondsToFirstToken, Is.Null);
        meter.Sample(true, 101, second * 4);
        Assert.That(meter.SecondsToFirstToken, Is.EqualTo(3).Within(1e-9));
        Assert.That(meter.TokensPerSecond, Is.Zero);
        meter.Sample(true, 131, second * 5);
        Assert.That(meter.TokensPerSecond, Is.EqualTo(30).Within(1e-9));
        meter.Sample(false, 161, second * 6);
        meter.Sample(false, 161, second * 90);
        Assert.That(meter.SecondsToFirstToken, Is.EqualTo(3).Within(1e-9));
        Assert.That(meter.TokensPerSecond, Is.EqualTo(30).Within(1e-9), "tokens after the first, and the time after it");
        Assert.That(meter.Tokens, Is.EqualTo(61));
        meter.Sample(true, 161, second * 100);
        Assert.That(meter.SecondsToFirstToken, Is.Null, "another exchange begins");
        meter.Sample(true, 164, second * 101);
        meter.Sample(false, 164, second * 102);
        Assert.That(meter.SecondsToFirstToken, Is.EqualTo(1).Within(1e-9));
        Assert.That(meter.TokensPerSecond, Is.Zero, "what came with the first token was not timed");
    }

    [TestCase(new[] { 3.0 }, 3)]
    [TestCase(new[] { 9.0, 1, 2 }, 2)]
    [TestCase(new[] { 4.0, 1, 2, 100 }, 3)]
    public void TheMedianIsTheMiddle(double[] values, double median) => Assert.That(BenchRun.Median(values), Is.EqualTo(median));

    [Test]
    public void ABenchmarkHasPagesForItsLargestBatchOfItsLongestSequences()
    {
        var plan = new BenchPlan([128, 700], [1, 17], [0, 512], Tokens: 32, Repeats: 3);
        EngineOptions options = plan.OptionsFor(null, 128);
        Assert.That(options.ContextLength, Is.GreaterThanOrEqualTo(701));
        Assert.That(options.PageCount * options.PageSize, Is.GreaterThanOrEqualTo(17 * (512 + 32 * 3 + BenchPlan.WarmUpTokens)));
        Assert.That(options.MaxSequences, Is.EqualTo(17));
        Assert.That(options.LookupTokens, Is.Zero, "what was guessed is not what a step costs");
        Assert.DoesNotThrow(options.Validate);
    }
}
