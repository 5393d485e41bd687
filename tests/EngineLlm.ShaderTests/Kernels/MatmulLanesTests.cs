using System.Collections.Generic;
using EngineLlm.ShaderTests.Checks;
using NUnit.Framework;

namespace EngineLlm.ShaderTests.Kernels;

internal sealed class MatmulLanesTests
{
    [TestCaseSource(typeof(MatmulLanesCheck), nameof(MatmulLanesCheck.Formats))]
    public void EveryFormatIsUnpackedExactly(KernelCheck check) => TestDevice.RunOnLanes(check);

    [TestCaseSource(typeof(MatmulLanesCheck), nameof(MatmulLanesCheck.Tokens))]
    public void EveryTokenOfEveryTileIsComputed(KernelCheck check) => TestDevice.RunOnLanes(check);

    [TestCaseSource(typeof(MatmulLanesCheck), nameof(MatmulLanesCheck.Fused))]
    public void WhatIsFusedChangesNothing(KernelCheck check) => TestDevice.RunOnLanes(check);

    [TestCaseSource(typeof(MatmulLanesCheck), nameof(MatmulLanesCheck.Determinism))]
    public void ATokensResultDoesNotDependOnItsTile(KernelCheck check) => TestDevice.RunOnLanes(check);
}
