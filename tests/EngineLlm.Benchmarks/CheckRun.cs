using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using EngineLlm.ShaderTests.Checks;

namespace EngineLlm.Benchmarks;

/// <summary>Runs the kernels' checks outside of the test runner.</summary>
internal static class CheckRun
{
    /// <returns>True where all passed.</returns>
    internal static bool Run(KernelHarness harness, string only)
    {
        string validation = harness.IsValidated ? "on" : "off: layers not installed";
        Console.WriteLine($"{harness.Device.Physical.Name}, {harness.Device.Physical.DriverName}, validation {validation}");
        var clock = Stopwatch.StartNew();
        int passed = 0, failed = 0;
        foreach (KernelCheck check in All(harness))
        {
            if (!check.Name.Contains(only, StringComparison.OrdinalIgnoreCase)) continue;
            CheckResult result = check.Run(harness);
            if (result.Passed) passed++;
            else failed++;
            if (!result.Passed) Console.WriteLine(result);
        }
        Console.WriteLine($"{passed} checks passed, {failed} failed, {clock.Elapsed.TotalSeconds:F1} s");
        return failed == 0;
    }

    private static IEnumerable<KernelCheck> All(KernelHarness harness)
    {
        IEnumerable<KernelCheck>[] everywhere =
        [
            MatmulRowsCheck.Formats(), MatmulRowsCheck.Tokens(), MatmulRowsCheck.Fused(), MatmulRowsCheck.Determinism(),
            PagedAttentionCheck.Lengths(), PagedAttentionCheck.HeadSizes(), PagedAttentionCheck.Groups(), PagedAttentionCheck.Chunks(),
            PagedAttentionCheck.Windows(), PagedAttentionCheck.SoftCaps(), PagedAttentionCheck.Determinism(),
            RopeWritePagesCheck.Sizes(), RopeWritePagesCheck.Norms(), RopeWritePagesCheck.Pages(), NormAddCheck.Sizes(), EmbedCheck.Formats(), GatedLinearUnitCheck.Sizes(),
            SampleCheck.Greedy(), SampleCheck.Filters(), SampleCheck.Penalties(), SampleCheck.Distribution(), SampleCheck.Determinism(),
            SampleCheck.Hostile(),
        ];
        IEnumerable<KernelCheck>[] onLanes =
        [
            MatmulLanesCheck.Formats(), MatmulLanesCheck.Tokens(), MatmulLanesCheck.Fused(), MatmulLanesCheck.Determinism(),
            PagedAttentionLanesCheck.Lengths(), PagedAttentionLanesCheck.HeadSizes(), PagedAttentionLanesCheck.Groups(),
            PagedAttentionLanesCheck.Chunks(), PagedAttentionLanesCheck.Windows(), PagedAttentionLanesCheck.SoftCaps(),
            PagedAttentionLanesCheck.Determinism(),
        ];
        return everywhere.Concat(harness.HasLanes ? onLanes : []).SelectMany(checks => checks);
    }
}
