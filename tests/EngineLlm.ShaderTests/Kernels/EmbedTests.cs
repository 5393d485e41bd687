using EngineLlm.ShaderTests.Checks;
using NUnit.Framework;

namespace EngineLlm.ShaderTests.Kernels;

internal sealed class EmbedTests
{
    [TestCaseSource(typeof(EmbedCheck), nameof(EmbedCheck.Formats))]
    public void RowsOfEveryFormatAreUnpackedExactly(KernelCheck check) => TestDevice.Run(check);
}
