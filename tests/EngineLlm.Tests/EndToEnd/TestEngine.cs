using System;
using EngineLlm.Models.Weights;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;
using NUnit.Framework;

namespace EngineLlm.Tests.EndToEnd;

/// <summary>
/// Engines on the machine's Vulkan device, with the validation layers on: what they say fails the test. Without the layers the tests run all the
/// same and say so; with CI=true they fail.
/// </summary>
internal static class TestEngine
{
    private static readonly Lazy<bool> s_hasLayers = new(FindLayers);

    internal static EngineOptions Options => new()
    {
        Device = Environment.GetEnvironmentVariable("ENGINELLM_DEVICE"),
        Validation = s_hasLayers.Value,
        ContextLength = 512,
        PageCount = 128,
        SplitTokens = 64,
        CacheFolder = null,
    };

    /// <summary>A model of random weights, small enough that a step takes a millisecond.</summary>
    internal static LlmEngine OfRandomWeights(string type = "q4_0", EngineOptions? options = null)
    {
        using SyntheticWeights weights = SyntheticWeights.Create("tiny", type);
        return LlmEngine.LoadSynthetic(weights, options ?? Options);
    }

    /// <summary>Fails where the validation layers have said anything.</summary>
    internal static void AssertValid(LlmEngine engine) => Assert.That(engine.ValidationMessages, Is.Empty);

    /// <summary>Updates until nothing is left to do.</summary>
    internal static void RunToEnd(LlmEngine engine, int budgetMicroseconds = int.MaxValue)
    {
        engine.Update(budgetMicroseconds);
        // An engine with nothing left to do would be waited for in vain, until somebody gives it work or the second is over.
        while (!engine.IsIdle)
        {
            engine.WaitForProgress(TimeSpan.FromSeconds(1));
            engine.Update(budgetMicroseconds);
        }
    }

    /// <summary>The tokens that a prompt is continued with when nobody else is there.</summary>
    internal static int[] Continue(LlmEngine engine, int[] prompt, SamplingParameters sampling, int count)
    {
        engine.DropCachedPages();
        var sequence = new Sequence(prompt, sampling, count);
        engine.Add(sequence);
        RunToEnd(engine);
        return sequence.Generated.ToArray();
    }

    /// <summary>Random token ids.</summary>
    internal static int[] RandomTokens(int seed, int count, int vocabularySize)
    {
        var random = new Random(seed);
        var tokens = new int[count];
        for (int i = 0; i < count; i++) tokens[i] = random.Next(vocabularySize);
        return tokens;
    }

    private static bool FindLayers()
    {
        try
        {
            using Vulkan.VulkanInstance instance = Vulkan.VulkanInstance.Create(validation: true);
            return true;
        }
        catch (VulkanUnavailableException e) when (e.Message.Contains("validation", StringComparison.Ordinal))
        {
            if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(e.Message);
            TestContext.Progress.WriteLine($"WARNING: these tests run without Vulkan's validation layers. {e.Message}");
            return false;
        }
    }
}
