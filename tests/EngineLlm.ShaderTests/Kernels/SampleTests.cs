using EngineLlm.ShaderTests.Checks;
using NUnit.Framework;

namespace EngineLlm.ShaderTests.Kernels;

internal sealed class SampleTests
{
    [TestCaseSource(typeof(SampleCheck), nameof(SampleCheck.Greedy))]
    public void GreedyTakesTheLowestIdOfTheHighestLogit(KernelCheck check) => TestDevice.Run(check);

    [TestCaseSource(typeof(SampleCheck), nameof(SampleCheck.Filters))]
    public void FiltersKeepExactlyTheRightTokens(KernelCheck check) => TestDevice.Run(check);

    [TestCaseSource(typeof(SampleCheck), nameof(SampleCheck.Penalties))]
    public void PenaltiesCountTheWindow(KernelCheck check) => TestDevice.Run(check);

    [TestCaseSource(typeof(SampleCheck), nameof(SampleCheck.Distribution))]
    public void TokensComeAsOftenAsTheyShould(KernelCheck check) => TestDevice.Run(check);

    [TestCaseSource(typeof(SampleCheck), nameof(SampleCheck.Determinism))]
    public void ARowDoesNotDependOnItsCompany(KernelCheck check) => TestDevice.Run(check);

    [TestCaseSource(typeof(SampleCheck), nameof(SampleCheck.Hostile))]
    public void BadLogitsAndParametersEndWell(KernelCheck check) => TestDevice.Run(check);

    // Known answers that the authors of the generator publish.
    [TestCase(0ul, new uint[] { 0, 0, 0, 0 }, new uint[] { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 })]
    [TestCase(ulong.MaxValue, new uint[] { ~0u, ~0u, ~0u, ~0u }, new uint[] { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd })]
    [TestCase(
        0x299f31d0a4093822ul,
        new uint[] { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 },
        new uint[] { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 })]
    public void TheReferencesRandomNumbersArePhilox(ulong key, uint[] counter, uint[] expected) =>
        Assert.That(SamplingReference.Philox(key, counter), Is.EqualTo(expected));
}
