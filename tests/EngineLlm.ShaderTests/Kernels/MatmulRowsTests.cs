using System.Collections.Generic;
using EngineLlm.ShaderTests.Checks;
using NUnit.Framework;

namespace EngineLlm.ShaderTests.Kernels;

internal sealed class MatmulRowsTests
{
    [TestCaseSource(typeof(MatmulRowsCheck), nameof(MatmulRowsCheck.Formats))]
    public void EveryFormatIsUnpackedExactly(KernelCheck check) => TestDevice.Run(check);

    [TestCaseSource(typeof(MatmulRowsCheck), nameof(MatmulRowsCheck.Tokens))]
    public void EveryTokenOfEveryTileIsComputed(KernelCheck check) => TestDevice.Run(check);

    [TestCaseSource(typeof(MatmulRowsCheck), nameof(MatmulRowsCheck.Fused))]
    public void WhatIsFusedChangesNothing(KernelCheck check) => TestDevice.Run(check);

    [TestCaseSource(typeof(MatmulRowsCheck), nameof(MatmulRowsCheck.Determinism))]
    public void ATokensResultDoesNotDependOnItsTile(KernelCheck check) => TestDevice.Run(check);
}
