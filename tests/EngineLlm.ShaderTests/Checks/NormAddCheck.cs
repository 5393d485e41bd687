using System;
using System.Collections.Generic;
using EngineLlm.Kernels.Generated;
using EngineLlm.Vulkan;

namespace EngineLlm.ShaderTests.Checks;

/// <summary>The norm before the residual addition, against double precision.</summary>
internal static class NormAddCheck
{
    private const int CountSlot = 3;
    private const float Epsilon = 1e-6f;

    internal static IEnumerable<KernelCheck> Sizes()
    {
        foreach (int localSize in (int[])[16, 256])
        {
            foreach ((int columns, int tokens) in ((int, int)[])[(1, 1), (31, 3), (64, 1), (172, 7), (2304, 2)])
            {
                yield return new KernelCheck(
                    $"norm_add {columns} columns, {tokens} tokens, {localSize} invocations", session => Run(session, columns, tokens, localSize));
            }
        }
    }

    private static string? Run(KernelSession session, int columns, int tokens, int localSize)
    {
        var random = new Random(500 + columns);
        int stride = (columns + 31) / 32 * 32;
        var inputs = new float[tokens * stride];
        for (int i = 0; i < inputs.Length; i++) inputs[i] = i % stride < columns ? (float)(30 * random.NextNormal()) : 0;
        var gain = new float[stride];
        random.Between(columns, -1.5, 1.5).CopyTo(gain, 0);
        // One token more than there are, as in a bucket that is not full: it must stay as it is.
        float[] stream = random.Normal((tokens + 1) * stride);
        DeviceBuffer output = session.Upload(stream);
        var push = new NormAddShader.PushConstants
        {
            CountSlot = CountSlot,
            QuadStride = (uint)stride / 4,
            ColumnCount = (uint)columns,
            Epsilon = Epsilon,
        };
        session.Dispatch(session.Harness.Pipeline(NormAddShader.Description, (uint)localSize), push, (1, tokens + 1, 1),
            session.Upload(inputs), session.Upload(gain), output, session.Upload(new[] { 0, 0, 0, tokens }));
        session.Finish();

        var expected = new double[stream.Length];
        for (int token = 0; token <= tokens; token++)
        {
            double squares = 0;
            for (int i = 0; i < stride && token < tokens; i++) squares += (double)inputs[(token * stride) + i] * inputs[(token * stride) + i];
            double scale = 1 / Math.Sqrt((squares / columns) + Epsilon);
            for (int i = 0; i < stride; i++)
            {
                int place = (token * stride) + i;
                expected[place] = stream[place] + (token < tokens ? inputs[place] * scale * gain[i] : 0);
            }
        }
        return new Tolerance(2e-6, 2e-6).Compare("stream", expected, KernelSession.Read<float>(output, stream.Length));
    }
}
