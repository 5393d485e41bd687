using EngineLlm.Scheduling;
using NUnit.Framework;

namespace EngineLlm.Tests.Scheduling;

public sealed class FrameBudgetTests
{
    private const int Layers = 30;

    // A device whose layers cost a start and something a token.
    private static double LayerCost(int tokens) => 40 + 5 * tokens;

    [Test]
    public void WithNothingKnownUnitsGoOneByOne()
    {
        var budget = new FrameBudget(Layers);
        Assert.That(budget.UnitCount, Is.EqualTo(32));
        Assert.That(budget.UnitsThatFit(0, 1, 1e9), Is.EqualTo(1));
        Assert.That(budget.PrefillTokensThatFit(0, 512, 1e9), Is.EqualTo(FrameBudget.FirstChunk));
        Assert.That(budget.PrefillTokensThatFit(3, 8, 1e9), Is.EqualTo(5));
    }

    [TestCase(1000.0, 22)]
    [TestCase(45.0, 1)]
    [TestCase(1.0, 1)]
    public void AsManyLayersAsFit(double microseconds, int units)
    {
        var budget = new FrameBudget(Layers);
        budget.Record(1, Layers, 1, Layers * LayerCost(1));
        Assert.That(budget.UnitsThatFit(1, 1, microseconds), Is.EqualTo(units));
    }

    [Test]
    public void TheLastUnitsEndTheStep()
    {
        var budget = new FrameBudget(Layers);
        for (int unit = 0; unit < budget.UnitCount; unit++) budget.Record(unit, 1, 1, 10);
        Assert.That(budget.UnitsThatFit(0, 1, 1e6), Is.EqualTo(32));
        Assert.That(budget.UnitsThatFit(30, 1, 1e6), Is.EqualTo(2));
    }

    [Test]
    public void ASegmentsTimeIsSharedOutAmongItsUnits()
    {
        var budget = new FrameBudget(Layers);
        budget.Record(0, 1, 1, 10);
        budget.Record(1, 1, 1, 100);
        budget.Record(31, 1, 1, 200);
        double whole = 10 + 30 * 100 + 200;
        for (int i = 0; i < 100; i++) budget.Record(0, 32, 1, 2 * whole);
        Assert.That(budget.Estimate(StepUnit.Embed, 1), Is.EqualTo(20).Within(0.1));
        Assert.That(budget.Estimate(StepUnit.Layer, 1), Is.EqualTo(200).Within(1));
        Assert.That(budget.Estimate(StepUnit.Head, 1), Is.EqualTo(400).Within(2));
    }

    [Test]
    public void AnUnknownSizeIsGuessedOnTheDearSide()
    {
        var budget = new FrameBudget(Layers);
        budget.Record(1, 1, 16, 100);
        Assert.That(budget.Estimate(StepUnit.Layer, 64), Is.EqualTo(400));
        Assert.That(budget.Estimate(StepUnit.Layer, 4), Is.EqualTo(100));
        Assert.That(budget.Estimate(StepUnit.Head, 4), Is.EqualTo(double.PositiveInfinity));
    }

    [Test]
    public void ARiseIsFollowedFasterThanAFall()
    {
        var rising = new FrameBudget(Layers);
        var falling = new FrameBudget(Layers);
        rising.Record(1, 1, 1, 100);
        falling.Record(1, 1, 1, 200);
        rising.Record(1, 1, 1, 200);
        falling.Record(1, 1, 1, 100);
        Assert.That(200 - rising.Estimate(StepUnit.Layer, 1), Is.LessThan(falling.Estimate(StepUnit.Layer, 1) - 100));
    }

    [TestCase(500.0)]
    [TestCase(2000.0)]
    [TestCase(8000.0)]
    public void ChunksGrowUntilALayerFillsTheBudget(double microseconds)
    {
        var budget = new FrameBudget(Layers);
        int tokens = 0;
        for (int step = 0; step < 20; step++)
        {
            tokens = budget.PrefillTokensThatFit(4, 1024, microseconds) + 4;
            budget.Record(1, Layers, tokens, Layers * LayerCost(tokens));
        }
        Assert.That(LayerCost(tokens), Is.LessThanOrEqualTo(microseconds));
        Assert.That(LayerCost(tokens * 2) > microseconds || tokens == 1024, Is.True, "and no chunk of twice the size would fit");
    }

    [Test]
    public void ASizeThatWasMeasuredTooDearOnceIsTriedAgain()
    {
        var budget = new FrameBudget(Layers);
        budget.Record(1, 1, 64, 100);
        budget.Record(1, 1, 128, 50_000);
        Assert.That(budget.PrefillTokensThatFit(0, 128, 1000), Is.EqualTo(64));
        int frames = 0;
        while (budget.PrefillTokensThatFit(0, 128, 1000) == 64) Assert.That(++frames, Is.LessThan(10_000));
        Assert.That(frames, Is.GreaterThan(1000), "but not soon");
    }

    [Test]
    public void ThereIsAlwaysRoomForOnePromptToken()
    {
        var budget = new FrameBudget(Layers);
        budget.Record(1, 1, 1, 5000);
        Assert.That(budget.PrefillTokensThatFit(3, 64, 10), Is.EqualTo(1));
        Assert.That(budget.PrefillTokensThatFit(64, 64, 10), Is.Zero);
    }

    [Test]
    public void NonsenseIsNotLearned()
    {
        var budget = new FrameBudget(Layers);
        budget.Record(1, 1, 1, double.NaN);
        budget.Record(1, 0, 1, 10);
        budget.Record(1, 1, 1, -5);
        Assert.That(budget.Estimate(StepUnit.Layer, 1), Is.EqualTo(double.PositiveInfinity));
    }
}
