using System.Linq;
using EngineLlm.Models;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;
using NUnit.Framework;

namespace EngineLlm.Tests.EndToEnd;

/// <summary>What a game can see of the pages, and how it says how many there are.</summary>
internal sealed class PageMapTests
{
    [Test]
    public void TheMapShowsPagesThatAreHeldSharedAndKept()
    {
        using LlmEngine engine = TestEngine.OfRandomWeights();
        int[] prompt = TestEngine.RandomTokens(1, 97, engine.Model.VocabularySize);
        Assert.That(Map(engine), Has.Length.EqualTo(128).And.All.EqualTo(PageState.Free));

        TestEngine.Continue(engine, prompt, SamplingParameters.Greedy, 2);
        Assert.That(Map(engine).Count(state => state == PageState.Cached), Is.EqualTo(3), "three full pages of 32 tokens are kept");

        engine.Add(new Sequence(prompt, SamplingParameters.Greedy, 400));
        engine.Add(new Sequence(prompt, SamplingParameters.Greedy, 400));
        while (engine.Statistics.SequencesRunning < 2 || engine.Statistics.TokensGenerated < 8)
        {
            engine.Update(int.MaxValue);
            engine.WaitForProgress(System.TimeSpan.FromSeconds(1));
        }
        PageState[] map = Map(engine);
        Assert.That(map.Count(state => state == PageState.Shared), Is.EqualTo(3), "both hold the prompt");
        Assert.That(map.Count(state => state == PageState.Used), Is.EqualTo(2), "each writes into a page of its own");
        Assert.That(map.Count(state => state is PageState.Used or PageState.Shared), Is.EqualTo(engine.Statistics.PagesUsed));
    }

    [Test]
    public void AShorterSpanTakesTheFirstPages()
    {
        using LlmEngine engine = TestEngine.OfRandomWeights();
        var few = new PageState[3];
        Assert.That(engine.ReadPageMap(few), Is.EqualTo(128));
        Assert.That(engine.ReadPageMap([]), Is.EqualTo(128));
    }

    [TestCase(1L << 20)]
    [TestCase(1L)]
    public void ThePoolHasTheMemoryThatItWasGiven(long bytes)
    {
        EngineOptions options = TestEngine.Options with { PageCount = null, PageMemoryBytes = (ulong)bytes };
        using LlmEngine engine = TestEngine.OfRandomWeights(options: options);
        long pageBytes = 2 * engine.Model.LayerCount * (long)PageMemory.PageBytesOf(engine.Model, 32, floatPages: false);
        Assert.That(engine.Statistics.PageCount, Is.EqualTo(System.Math.Max(1, bytes / pageBytes)));
    }

    private static PageState[] Map(LlmEngine engine)
    {
        var map = new PageState[engine.ReadPageMap([])];
        engine.ReadPageMap(map);
        return map;
    }
}
