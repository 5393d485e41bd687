using System.Collections.Generic;
using EngineLlm.Models;
using EngineLlm.Models.Weights;
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

        MemoryEstimate estimate = MemoryEstimate.Of(weights, loaded.Limits, DeviceCapacity.Of(loaded.Device.Physical));

        ulong counted = estimate.WeightBytes + estimate.PageBytes + estimate.WorkBytes + estimate.HostBytes;
        Assert.That((counted, estimate.AllocatedBytes), Is.EqualTo((loaded.BufferBytes, loaded.DeviceBytes)));
        ulong pageBytes = PageMemory.PageBytesOf(weights.Description, loaded.Limits.PageSize, loaded.Limits.FloatPages);
        Assert.That(estimate.PageBytes, Is.EqualTo(pageBytes * (ulong)loaded.Limits.PageCount * 2 * (ulong)weights.Description.LayerCount));
    }
}
