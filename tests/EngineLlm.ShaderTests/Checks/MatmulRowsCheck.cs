using System;
using System.Collections.Generic;
using EngineLlm.Kernels;
using EngineLlm.Kernels.Generated;
using EngineLlm.Vulkan;
using Silk.NET.Vulkan;

namespace EngineLlm.ShaderTests.Checks;

/// <summary>The product kernels, for GPUs and for devices of type CPU, against double precision.</summary>
internal static class MatmulRowsCheck
{
    private const float Epsilon = 1e-5f;
    private const int CountSlot = 2;

    // Accumulation is in float: what is lost grows with the number of columns, but far slower than they do.
    private static readonly Tolerance s_tolerance = new(2e-4, 2e-5);

    internal static ShaderDescription ShaderOf(WeightFormat format) => format switch
    {
        WeightFormat.Q4 => MatmulRowsQ4Shader.Description,
        WeightFormat.Q4M => MatmulRowsQ4mShader.Description,
        WeightFormat.Q5M => MatmulRowsQ5mShader.Description,
        WeightFormat.Q6 => MatmulRowsQ6Shader.Description,
        WeightFormat.Q8 => MatmulRowsQ8Shader.Description,
        WeightFormat.Q2 => MatmulRowsQ2Shader.Description,
        WeightFormat.Q3 => MatmulRowsQ3Shader.Description,
        WeightFormat.NL4 => MatmulRowsNl4Shader.Description,
        WeightFormat.FP4 => MatmulRowsFp4Shader.Description,
        WeightFormat.F16 => MatmulRowsF16Shader.Description,
        WeightFormat.BF16 => MatmulRowsBf16Shader.Description,
        _ => MatmulRowsF32Shader.Description,
    };

    internal static uint[] Constants(MatmulCase c) =>
    [
        (uint)c.Format, (uint)c.RowGroups, (uint)c.Tile,
        Bit(c.Norm), Bit(c.Gated), Bit(c.Bias), Bit(c.Residual), Bit(c.Gather), (uint)c.LocalSize, Bit(c.Gelu), Bit(c.SoftCap > 0),
    ];

    /// <summary>Every format, plain, in sizes that are multiples of nothing.</summary>
    internal static IEnumerable<KernelCheck> Formats()
    {
        foreach (WeightFormat format in Enum.GetValues<WeightFormat>())
        {
            yield return Check(new MatmulCase { Format = format, Rows = 172, Columns = 576, Seed = 10 });
            yield return Check(new MatmulCase { Format = format, Rows = 9, Columns = OddColumns(format), Seed = 11 });
            yield return Check(new MatmulCase { Format = format, Rows = 577, Columns = 64, Seed = 12 });
        }
    }

    /// <summary>A number of columns that is a multiple of as little as the format allows.</summary>
    internal static int OddColumns(WeightFormat format) => format switch
    {
        >= WeightFormat.F16 => 172,
        WeightFormat.Q2 => 192,
        _ => 160,
    };

    /// <summary>Token counts around the sizes of the tiles, workgroups beyond them included.</summary>
    internal static IEnumerable<KernelCheck> Tokens()
    {
        foreach (int tile in (int[])[1, 2, 4, 8])
        {
            foreach (int tokens in (int[])[1, 2, 3, 7, 8, 9, 17])
            {
                var c = new MatmulCase { Format = WeightFormat.Q4M, Rows = 40, Columns = 192, Tokens = tokens, Tile = tile, Seed = 20 };
                yield return Check(c with { RowGroups = tile < 4 ? 1 : 4 });
            }
        }
    }

    /// <summary>What is fused, alone and together.</summary>
    internal static IEnumerable<KernelCheck> Fused()
    {
        var c = new MatmulCase { Format = WeightFormat.Q4M, Rows = 172, Columns = 576, Tokens = 3, Tile = 2, RowGroups = 2, Seed = 30 };
        yield return Check(c with { Norm = true });
        yield return Check(c with { Norm = true, Columns = 1536, LocalSize = 128 });
        yield return Check(c with { Norm = true, Format = WeightFormat.F32, Columns = 172 });
        yield return Check(c with { Residual = true });
        yield return Check(c with { Bias = true, Residual = true });
        yield return Check(c with { Norm = true, Bias = true });
        yield return Check(c with { Gated = true });
        yield return Check(c with { Norm = true, Gated = true, Bias = true });
        yield return Check(c with { Norm = true, Gated = true, Tile = 8, RowGroups = 4, Tokens = 9 });
        yield return Check(c with { Norm = true, Gather = true, Tokens = 7 });
        yield return Check(c with { Norm = true, Gated = true, Gelu = true });
        yield return Check(c with { Gated = true, Gelu = true, Bias = true, Format = WeightFormat.F32, Columns = 172 });
        yield return Check(c with { Norm = true, Gather = true, Tokens = 7, SoftCap = 5 });
        yield return Check(c with { SoftCap = 0.01f, Bias = true });
    }

    /// <summary>A token's result has the same bits whatever the tile, the row groups and the tokens beside it.</summary>
    internal static IEnumerable<KernelCheck> Determinism()
    {
        WeightFormat[] formats = [WeightFormat.Q4M, WeightFormat.Q6, WeightFormat.Q2, WeightFormat.NL4, WeightFormat.F32];
        foreach (WeightFormat format in formats)
        {
            var c = new MatmulCase { Format = format, Rows = 40, Columns = 576, Tokens = 9, Tile = 1, Norm = true, Seed = 40 };
            yield return new KernelCheck($"matmul_rows same bits in every tile: {c}", session =>
            {
                float[] expected = Compute(session, c, out _);
                return Tolerance.CompareBits("tile 2", expected, Compute(session, c with { Tile = 2, RowGroups = 2 }, out _))
                    ?? Tolerance.CompareBits("tile 4", expected, Compute(session, c with { Tile = 4, RowGroups = 4 }, out _))
                    ?? Tolerance.CompareBits("tile 8", expected, Compute(session, c with { Tile = 8, RowGroups = 4 }, out _));
            });
        }
    }

    internal static KernelCheck Check(MatmulCase c) => new(c.ToString(), session =>
    {
        float[] actual = Compute(session, c, out double[] reference);
        return s_tolerance.Compare("outputs", reference, actual);
    });

    /// <summary>Runs the kernel.</summary>
    /// <param name="session">Where.</param>
    /// <param name="c">The case.</param>
    /// <param name="reference">The same in double precision.</param>
    /// <returns>[token][row] outputs; beyond them is checked here to be untouched.</returns>
    internal static float[] Compute(KernelSession session, MatmulCase c, out double[] reference)
    {
        var random = new Random(c.Seed);
        var matrix = new PackedMatrix(c.Format, StackedRows(c), c.Columns, random, c.IsForLanes);
        int inputStride = matrix.BlockCount * 32, inputRowCount = c.Gather ? c.Tokens + 3 : c.Tokens;
        var inputs = new float[inputRowCount * inputStride];
        for (int i = 0; i < inputs.Length; i++) inputs[i] = i % inputStride < c.Columns ? (float)random.NextNormal() : 0;
        var gain = new float[inputStride];
        random.Between(c.Columns, 0.5, 1.5).CopyTo(gain, 0);
        float[] bias = random.Normal(matrix.GroupCount * 8);
        int[] inputRows = random.Permutation(inputRowCount)[..c.Tokens];
        float[] residual = random.Normal(c.Tokens * c.Rows);

        DeviceBuffer output = session.Poisoned(c.Tokens * c.Rows);
        if (c.Residual) residual.CopyTo(output.Span<float>());
        Binding[] bindings =
        [
            new(session.Upload(matrix.Quads), Format.R32G32B32A32Uint), new(session.Upload(matrix.Words), Format.R32G32B32A32Uint),
            new(session.Upload(inputs), Format.R32G32B32A32Sfloat), new(session.Upload(gain), Format.R32G32B32A32Sfloat),
            new(session.Upload(bias), Format.R32Sfloat), session.Upload(new[] { 0, 0, c.Tokens, 0 }), session.Upload(inputRows), output,
        ];
        var push = new MatmulRowsQ4Shader.PushConstants
        {
            CountSlot = CountSlot,
            GroupCount = (uint)matrix.GroupCount,
            BlockCount = (uint)matrix.BlockCount,
            ColumnCount = (uint)c.Columns,
            InputQuadStride = (uint)inputStride / 4,
            OutputStride = (uint)c.Rows,
            OutputRowCount = (uint)c.Rows,
            Epsilon = Epsilon,
            SoftCap = c.SoftCap,
        };
        // One tile more than the tokens need, as in a bucket that is not full.
        (int, int, int) groups = ((matrix.GroupCount + c.RowGroups - 1) / c.RowGroups, ((c.Tokens + c.Tile - 1) / c.Tile) + 1, 1);
        ComputePipeline pipeline = c.IsForLanes
            ? session.Harness.Pipeline(MatmulLanesShader.Description, Constants(c))
            : session.Harness.Pipeline(ShaderOf(c.Format), Constants(c));
        session.Dispatch(pipeline, push, groups, bindings);
        session.Finish();
        reference = Reference(c, matrix, inputs, gain, bias, inputRows, residual);
        return KernelSession.Read<float>(output, c.Tokens * c.Rows);
    }

    /// <summary>Rows of the matrix: with gate and up rows, groups of 8 alternate, each of the two padded to whole groups.</summary>
    private static int StackedRows(MatmulCase c) => c.Gated ? (c.Rows + 7) / 8 * 16 : c.Rows;

    private static double[] Reference(
        MatmulCase c, PackedMatrix matrix, float[] inputs, float[] gain, float[] bias, int[] inputRows, float[] residual)
    {
        int stride = matrix.BlockCount * 32;
        var outputs = new double[c.Tokens * c.Rows];
        for (int token = 0; token < c.Tokens; token++)
        {
            ReadOnlySpan<float> x = inputs.AsSpan((c.Gather ? inputRows[token] : token) * stride, stride);
            for (int row = 0; row < c.Rows; row++)
            {
                int place = (token * c.Rows) + row;
                int gate = (row / 8 * 16) + (row % 8);
                outputs[place] = c.Gated
                    ? Activate(c, Row(c, matrix, x, gain, bias, gate)) * Row(c, matrix, x, gain, bias, gate + 8)
                    : Row(c, matrix, x, gain, bias, row);
                if (c.Residual) outputs[place] += residual[place];
            }
        }
        return outputs;
    }

    private static double Row(MatmulCase c, PackedMatrix matrix, ReadOnlySpan<float> x, float[] gain, float[] bias, int row)
    {
        double total = 0, squares = 0;
        for (int column = 0; column < c.Columns; column++)
        {
            squares += (double)x[column] * x[column];
            total += matrix.Values[row, column] * x[column] * (c.Norm ? gain[column] : 1);
        }
        if (c.Norm) total /= Math.Sqrt((squares / c.Columns) + Epsilon);
        if (c.Bias) total += bias[row];
        return c.SoftCap > 0 ? c.SoftCap * Math.Tanh(total / c.SoftCap) : total;
    }

    private static double Activate(MatmulCase c, double x) => c.Gelu ? Gelu(x) : x / (1 + Math.Exp(-x));

    /// <summary>GELU in its tanh form.</summary>
    internal static double Gelu(double x) => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    private static uint Bit(bool value) => value ? 1u : 0u;
}
