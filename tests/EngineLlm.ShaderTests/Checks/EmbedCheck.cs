using System;
using System.Collections.Generic;
using System.Linq;
using EngineLlm.Kernels;
using EngineLlm.Kernels.Generated;
using EngineLlm.Vulkan;
using Silk.NET.Vulkan;

namespace EngineLlm.ShaderTests.Checks;

/// <summary>The embedding out of a packed table, in both weight orders, against the values packed.</summary>
internal static class EmbedCheck
{
    private const int CountSlot = 1;
    private const int RowCount = 577;
    private const float Factor = 2.5f;
    private static readonly int[] s_tokens = [0, 576, 31, 32, 9, 9, 318];

    internal static IEnumerable<KernelCheck> Formats()
    {
        foreach (WeightFormat format in Enum.GetValues<WeightFormat>())
        {
            foreach (bool isForLanes in (bool[])[true, false])
            {
                foreach (int columns in (int[])[576, MatmulRowsCheck.OddColumns(format)])
                    yield return Check(format, columns, isForLanes, 300 + (int)format);
            }
        }
    }

    private static KernelCheck Check(WeightFormat format, int columns, bool isForLanes, int seed) => new(
        $"embed_{(isForLanes ? "lanes" : "rows")} {format} {RowCount}x{columns}, {s_tokens.Length} tokens, seed {seed}",
        session => Run(session, format, columns, isForLanes, seed));

    private static string? Run(KernelSession session, WeightFormat format, int columns, bool isForLanes, int seed)
    {
        const int localSize = 8;
        // Wider than the columns: what lies between must stay as it is.
        int stride = columns + 20;
        var matrix = new PackedMatrix(format, RowCount, columns, new Random(seed), isForLanes);
        DeviceBuffer output = session.Poisoned(s_tokens.Length * stride);
        var push = new EmbedLanesShader.PushConstants
        {
            CountSlot = CountSlot,
            RowCount = RowCount,
            BlockCount = (uint)matrix.BlockCount,
            ColumnCount = (uint)columns,
            OutputStride = (uint)stride,
            Factor = Factor,
        };
        ShaderDescription shader = isForLanes ? EmbedLanesShader.Description : EmbedRowsShader.Description;
        session.Dispatch(session.Harness.Pipeline(shader, (uint)format, localSize), push,
            ((matrix.BlockCount + localSize - 1) / localSize, s_tokens.Length + 1, 1),
            new(session.Upload(matrix.Quads), Format.R32G32B32A32Uint), new(session.Upload(matrix.Words), Format.R32G32B32A32Uint),
            session.Upload(s_tokens), session.Upload(new[] { 0, s_tokens.Length, 0, 0 }), output);
        session.Finish();

        float[] actual = KernelSession.Read<float>(output, s_tokens.Length * stride);
        int beyond = actual.Where((value, i) => i % stride >= columns && !float.IsNaN(value)).Count();
        if (beyond > 0) return $"{beyond} values written beyond the columns";
        double[] reference = s_tokens.SelectMany(token =>
            Enumerable.Range(0, columns).Select(i => Factor * matrix.Values[token, i])).ToArray();
        float[] rows = actual.Where((_, i) => i % stride < columns).ToArray();
        return new Tolerance(1e-6, 1e-6).Compare("embeddings", reference, rows);
    }
}
