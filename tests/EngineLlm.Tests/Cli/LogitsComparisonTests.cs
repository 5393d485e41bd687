using System;
using System.Collections.Generic;
using EngineLlm.Cli.Verification;
using NUnit.Framework;

namespace EngineLlm.Tests.Cli;

internal sealed class LogitsComparisonTests
{
    [Test]
    public void TheSameDistributionHasNoDivergence()
    {
        float[] logits = [1, 3, -2, 0.5f];
        var comparison = new LogitsComparison();
        comparison.Add(ReferenceOf(logits), logits);
        Assert.That(comparison.MeanKl, Is.EqualTo(0).Within(1e-12));
        Assert.That(comparison.SameTop, Is.EqualTo(1));
    }

    [Test]
    public void AConstantOnAllLogitsChangesNothing()
    {
        float[] logits = [1, 3, -2, 0.5f];
        var comparison = new LogitsComparison();
        comparison.Add(ReferenceOf(logits), Array.ConvertAll(logits, l => l + 64));
        Assert.That(comparison.MeanKl, Is.EqualTo(0).Within(1e-6));
    }

    [Test]
    public void DivergenceIsTheSumWorkedOutByHand()
    {
        // Reference: 3/4 and 1/4. Ours: 1/2 and 1/2. KL = 3/4 ln(3/2) + 1/4 ln(1/2).
        var reference = new TopTokens([1, 0], [Math.Log(0.75), Math.Log(0.25)]);
        var comparison = new LogitsComparison();
        comparison.Add(reference, [0f, 0f]);
        Assert.That(comparison.MeanKl, Is.EqualTo(0.75 * Math.Log(1.5) + 0.25 * Math.Log(0.5)).Within(1e-12));
        Assert.That(comparison.SameTop, Is.Zero, "of equal logits the first counts as the largest");
    }

    [Test]
    public void OursIsNormalisedOverTheWholeVocabularyEvenWhereTheReferenceIsCut()
    {
        // The reference names one token of probability 1/2; ours gives it 1/4.
        var comparison = new LogitsComparison();
        comparison.Add(new TopTokens([2], [Math.Log(0.5)]), [7f, 7f, 7f, 7f]);
        Assert.That(comparison.MeanKl, Is.EqualTo(0.5 * Math.Log(2)).Within(1e-12));
    }

    [Test]
    public void TheMeanIsOverPositions()
    {
        var reference = new TopTokens([0, 1], [Math.Log(0.75), Math.Log(0.25)]);
        var comparison = new LogitsComparison();
        comparison.Add(reference, [(float)Math.Log(3), 0f]);
        comparison.Add(reference, [0f, 1f]);
        double second = 0.75 * (Math.Log(0.75) + Math.Log(1 + Math.E)) + 0.25 * (Math.Log(0.25) - 1 + Math.Log(1 + Math.E));
        Assert.That(comparison.Positions, Is.EqualTo(2));
        Assert.That(comparison.MeanKl, Is.EqualTo(second / 2).Within(1e-7));
        Assert.That(comparison.SameTop, Is.EqualTo(0.5));
    }

    [Test]
    public void LargeLogitsDoNotOverflow()
    {
        var comparison = new LogitsComparison();
        comparison.Add(new TopTokens([0], [0]), [3e38f, -3e38f]);
        Assert.That(comparison.MeanKl, Is.EqualTo(0));
    }

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void ALogitThatIsNoNumberIsOutsideEveryTolerance(float logit)
    {
        var comparison = new LogitsComparison();
        comparison.Add(new TopTokens([0], [0]), [logit, 0f]);
        var report = new VerificationReport { Positions = 1, MeanKl = comparison.MeanKl, SameTop = comparison.SameTop };
        Assert.That(new Tolerance(1e9, 0).Accepts(report), Is.False);
    }

    [Test]
    public void GreedyMatchIsTheMeanLengthOfTheCommonPrefix()
    {
        var greedy = new GreedyComparison();
        greedy.Add([1, 2, 3, 4], [1, 2, 3, 4]);
        greedy.Add([1, 2, 3, 4], [1, 2, 9, 4]);
        greedy.Add([1, 2], [1]);
        greedy.Add([5], []);
        Assert.That(greedy.MeanMatch, Is.EqualTo((4 + 2 + 1 + 0) / 4.0));
        Assert.That(greedy.MeanLength, Is.EqualTo((4 + 4 + 2 + 1) / 4.0));
    }

    [TestCase(0.0005, 0.99, true)]
    [TestCase(0.00051, 0.99, false)]
    [TestCase(0.0005, 0.9899, false)]
    public void TheDefaultToleranceIncludesItsBounds(double meanKl, double sameTop, bool accepted)
    {
        var report = new VerificationReport { Positions = 100, MeanKl = meanKl, SameTop = sameTop };
        Assert.That(Tolerance.Default.Accepts(report), Is.EqualTo(accepted));
    }

    [Test]
    public void OneWrongTokenLineOrTemplateIsOutsideTheTolerance()
    {
        Assert.That(Tolerance.Default.Accepts(new VerificationReport { TokenMismatches = 1 }), Is.False);
        Assert.That(Tolerance.Default.Accepts(new VerificationReport { TemplatesFailed = 1 }), Is.False);
        Assert.That(Tolerance.Default.Accepts(new VerificationReport { TokenMismatches = 0, TemplatesFailed = 0 }), Is.True);
    }

    private static TopTokens ReferenceOf(float[] logits)
    {
        double sum = 0;
        foreach (float logit in logits) sum += Math.Exp(logit);
        var order = new List<int>();
        for (int i = 0; i < logits.Length; i++) order.Add(i);
        order.Sort((a, b) => logits[b].CompareTo(logits[a]));
        return new TopTokens(order.ToArray(), order.ConvertAll(i => logits[i] - Math.Log(sum)).ToArray());
    }
}
