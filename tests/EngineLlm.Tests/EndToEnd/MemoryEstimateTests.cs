using System.Collections.Generic;
using EngineLlm.Models;
using EngineLlm.Models.Gguf;
using EngineLlm.Models.Weights;
using EngineLlm.Tests.Models;
using EngineLlm.Tests.Models.Gguf;
using NUnit.Framework;

namespace EngineLlm.Tests.EndToEnd;

/// <summary>What is counted is what a loaded engine has taken, byte for byte.</summary>
internal sealed class MemoryEstimateTests
{
    private static IEnumerable<TestCaseData> Cases()
    {
        EngineOptions options = TestEngine.Options;
        yield return new TestCaseData("q4_0", options);
        yield return new TestCaseData("f16", options with { ContextLength = 777, PageSize = 16, PageCount = 200, MaxSequences = 3 });
        // More than one block.
        EngineOptions large = options with { ContextLength = 4096, PageCount = 8000, MaxTokensPerStep = 64, FloatPages = true };
        yield return new TestCaseData("q8_0", large);
    }

    [TestCaseSource(nameof(Cases))]
    public void TheEngineTakesWhatWasCounted(string type, EngineOptions options)
    {
        using SyntheticWeights weights = SyntheticWeights.Create("tiny", type);
        using LoadedModel loaded = LoadedModel.Load(weights, null, options, null, default);

        MemoryEstimate estimate = Counted(weights, loaded);
        ulong pageBytes = PageMemory.PageBytesOf(weights.Description, loaded.Limits.PageSize, loaded.Limits.FloatPages);
        Assert.That(estimate.PageBytes, Is.EqualTo(pageBytes * (ulong)loaded.Limits.PageCount * 2 * (ulong)weights.Description.LayerCount));
    }

    [TestCase("gemma3")]
    [TestCase("qwen2")]
    public void SoItDoesForOtherArchitectures(string architecture)
    {
        var model = new RandomModel(architecture, seed: 9)
        {
            Query = TensorType.Q4_0, HasBiases = architecture == "qwen2",
            Settings = b => b.Add("gemma3.attention.sliding_window", 40u),
        };
        using var path = new TemporaryFile(model.Build(300));
        using GgufFile file = GgufFile.Open(path.Path);
        var weights = new GgufWeights(file);
        using LoadedModel loaded = LoadedModel.Load(weights, null, TestEngine.Options with { ContextLength = 256 }, null, default);
        Counted(weights, loaded);
    }

    private static MemoryEstimate Counted(IWeightSource weights, LoadedModel loaded)
    {
        MemoryEstimate estimate = MemoryEstimate.Of(weights, loaded.Limits, DeviceCapacity.Of(loaded.Device.Physical));
        ulong counted = estimate.WeightBytes + estimate.PageBytes + estimate.WorkBytes + estimate.HostBytes;
        Assert.That((counted, estimate.AllocatedBytes), Is.EqualTo((loaded.BufferBytes, loaded.DeviceBytes)));
        return estimate;
    }
}
