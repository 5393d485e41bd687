using EngineLlm.ShaderTests.Checks;
using NUnit.Framework;

namespace EngineLlm.ShaderTests.Kernels;

internal sealed class SwigluTests
{
    [TestCaseSource(typeof(SwigluCheck), nameof(SwigluCheck.Sizes))]
    public void EveryFeatureOfEveryTokenIsGated(KernelCheck check) => TestDevice.Run(check);
}
