using EngineLlm.ShaderTests.Checks;
using NUnit.Framework;

namespace EngineLlm.ShaderTests.Kernels;

internal sealed class RopeWritePagesTests
{
    [TestCaseSource(typeof(RopeWritePagesCheck), nameof(RopeWritePagesCheck.Sizes))]
    public void HeadsOfAnySizeAreRotatedAndStored(KernelCheck check) => TestDevice.Run(check);

    [TestCaseSource(typeof(RopeWritePagesCheck), nameof(RopeWritePagesCheck.Norms))]
    public void HeadsAreNormalisedFirst(KernelCheck check) => TestDevice.Run(check);

    [TestCaseSource(typeof(RopeWritePagesCheck), nameof(RopeWritePagesCheck.Pages))]
    public void PagesMayHaveAnyShape(KernelCheck check) => TestDevice.Run(check);
}
