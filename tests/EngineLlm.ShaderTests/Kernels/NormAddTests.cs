using EngineLlm.ShaderTests.Checks;
using NUnit.Framework;

namespace EngineLlm.ShaderTests.Kernels;

internal sealed class NormAddTests
{
    [TestCaseSource(typeof(NormAddCheck), nameof(NormAddCheck.Sizes))]
    public void EveryTokenIsNormalisedAndAdded(KernelCheck check) => TestDevice.Run(check);
}
