using EngineLlm.ShaderTests.Checks;
using NUnit.Framework;

namespace EngineLlm.ShaderTests.Kernels;

internal sealed class PagedAttentionTests
{
    [TestCaseSource(typeof(PagedAttentionCheck), nameof(PagedAttentionCheck.Lengths))]
    public void ContextsMayEndAnywhereInAPageAndASplit(KernelCheck check) => TestDevice.Run(check);

    [TestCaseSource(typeof(PagedAttentionCheck), nameof(PagedAttentionCheck.HeadSizes))]
    public void HeadsMayHaveAnySize(KernelCheck check) => TestDevice.Run(check);

    [TestCaseSource(typeof(PagedAttentionCheck), nameof(PagedAttentionCheck.Groups))]
    public void QueryHeadsShareTheirKvHead(KernelCheck check) => TestDevice.Run(check);

    [TestCaseSource(typeof(PagedAttentionCheck), nameof(PagedAttentionCheck.Chunks))]
    public void TokensOfAChunkSeeOnlyWhatIsBeforeThem(KernelCheck check) => TestDevice.Run(check);

    [TestCaseSource(typeof(PagedAttentionCheck), nameof(PagedAttentionCheck.Windows))]
    public void TokensSeeTheirWindowOnly(KernelCheck check) => TestDevice.Run(check);

    [TestCaseSource(typeof(PagedAttentionCheck), nameof(PagedAttentionCheck.SoftCaps))]
    public void ScoresAreCapped(KernelCheck check) => TestDevice.Run(check);

    [TestCaseSource(typeof(PagedAttentionCheck), nameof(PagedAttentionCheck.Determinism))]
    public void ATokensResultDoesNotDependOnItsCompany(KernelCheck check) => TestDevice.Run(check);
}
