using EngineLlm.ShaderTests.Checks;
using NUnit.Framework;

namespace EngineLlm.ShaderTests.Kernels;

internal sealed class PagedAttentionLanesTests
{
    [TestCaseSource(typeof(PagedAttentionLanesCheck), nameof(PagedAttentionLanesCheck.Lengths))]
    public void ContextsMayEndAnywhereInAPageAndASplit(KernelCheck check) => TestDevice.RunOnLanes(check);

    [TestCaseSource(typeof(PagedAttentionLanesCheck), nameof(PagedAttentionLanesCheck.HeadSizes))]
    public void HeadsMayHaveAnySize(KernelCheck check) => TestDevice.RunOnLanes(check);

    [TestCaseSource(typeof(PagedAttentionLanesCheck), nameof(PagedAttentionLanesCheck.Groups))]
    public void QueryHeadsShareTheirKvHead(KernelCheck check) => TestDevice.RunOnLanes(check);

    [TestCaseSource(typeof(PagedAttentionLanesCheck), nameof(PagedAttentionLanesCheck.Chunks))]
    public void TokensOfAChunkSeeOnlyWhatIsBeforeThem(KernelCheck check) => TestDevice.RunOnLanes(check);

    [TestCaseSource(typeof(PagedAttentionLanesCheck), nameof(PagedAttentionLanesCheck.Windows))]
    public void TokensSeeTheirWindowOnly(KernelCheck check) => TestDevice.RunOnLanes(check);

    [TestCaseSource(typeof(PagedAttentionLanesCheck), nameof(PagedAttentionLanesCheck.SoftCaps))]
    public void ScoresAreCapped(KernelCheck check) => TestDevice.RunOnLanes(check);

    [TestCaseSource(typeof(PagedAttentionLanesCheck), nameof(PagedAttentionLanesCheck.Determinism))]
    public void ATokensResultDoesNotDependOnItsCompany(KernelCheck check) => TestDevice.RunOnLanes(check);
}
