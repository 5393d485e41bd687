using System;
using System.Collections.Generic;
using EngineLlm.Kernels.Generated;
using EngineLlm.Vulkan;

namespace EngineLlm.ShaderTests.Checks;

/// <summary>activation(gate) * up by itself, against double precision.</summary>
internal static class GatedLinearUnitCheck
{
    private const int CountSlot = 1;

    internal static IEnumerable<KernelCheck> Sizes()
    {
        foreach ((int features, int tokens) in ((int, int)[])[(1, 1), (63, 3), (64, 1), (172, 7), (1536, 2)])
        {
            foreach (bool gelu in (bool[])[false, true])
            {
                yield return new KernelCheck(
                    $"gated_linear_unit {features} features, {tokens} tokens, {(gelu ? "gelu" : "silu")}", session => Run(session, features, tokens, gelu));
            }
        }
    }

    private static string? Run(KernelSession session, int features, int tokens, bool gelu)
    {
        var random = new Random(300 + features);
        int stride = (features + 31) / 32 * 32;
        // One token more than there are, as in a bucket that is not full: it must stay as it is.
        float[] gate = random.Between((tokens + 1) * stride, -20, 20);
        float[] up = random.Normal((tokens + 1) * stride);
        DeviceBuffer output = session.Upload(gate);
        var push = new GatedLinearUnitShader.PushConstants { CountSlot = CountSlot, FeatureCount = (uint)features, Stride = (uint)stride };
        int groups = (features + GatedLinearUnitShader.LocalSize.X - 1) / GatedLinearUnitShader.LocalSize.X;
        session.Dispatch(session.Harness.Pipeline(GatedLinearUnitShader.Description, gelu ? 1u : 0), push, (groups, tokens + 1, 1),
            output, session.Upload(up), session.Upload(new[] { 0, tokens, 0, 0 }));
        session.Finish();

        var expected = new double[gate.Length];
        for (int i = 0; i < gate.Length; i++)
        {
            bool isFeature = i / stride < tokens && i % stride < features;
            expected[i] = isFeature ? (gelu ? MatmulRowsCheck.Gelu(gate[i]) : gate[i] / (1 + Math.Exp(-(double)gate[i]))) * up[i] : gate[i];
        }
        return new Tolerance(1e-6, 2e-6).Compare("gate", expected, KernelSession.Read<float>(output, gate.Length));
    }
}
