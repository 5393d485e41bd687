using EngineLlm.ShaderTests.Checks;
using NUnit.Framework;

namespace EngineLlm.ShaderTests.Kernels;

internal sealed class GatedLinearUnitTests
{
    [TestCaseSource(typeof(GatedLinearUnitCheck), nameof(GatedLinearUnitCheck.Sizes))]
    public void EveryFeatureOfEveryTokenIsGated(KernelCheck check) => TestDevice.Run(check);
}
