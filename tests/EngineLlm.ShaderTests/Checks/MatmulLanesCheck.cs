using System;
using System.Collections.Generic;

namespace EngineLlm.ShaderTests.Checks;

/// <summary>The product kernel shaped for devices of type CPU, against double precision.</summary>
internal static class MatmulLanesCheck
{
    private static readonly MatmulCase s_case = new() { Format = WeightFormat.Q4M, RowGroups = 4, LocalSize = 8, IsForLanes = true };

    /// <summary>Every format, plain, in sizes that are multiples of nothing.</summary>
    internal static IEnumerable<KernelCheck> Formats()
    {
        foreach (WeightFormat format in Enum.GetValues<WeightFormat>())
        {
            MatmulCase c = s_case with { Format = format };
            yield return MatmulRowsCheck.Check(c with { Rows = 172, Columns = 576, RowGroups = 8, Seed = 50 });
            int odd = MatmulRowsCheck.OddColumns(format);
            yield return MatmulRowsCheck.Check(c with { Rows = 9, Columns = odd, Tile = 4, Tokens = 3, Seed = 51 });
            yield return MatmulRowsCheck.Check(c with { Rows = 577, Columns = 64, RowGroups = 8, Seed = 52 });
        }
    }

    /// <summary>Token counts around the sizes of the tiles, workgroups beyond them included.</summary>
    internal static IEnumerable<KernelCheck> Tokens()
    {
        foreach (int tile in (int[])[1, 2, 4, 8])
        {
            foreach (int tokens in (int[])[1, 2, 3, 7, 8, 9, 17])
            {
                MatmulCase c = s_case with { Rows = 40, Columns = 192, Tokens = tokens, Tile = tile, Seed = 60 };
                yield return MatmulRowsCheck.Check(c with { RowGroups = tile < 4 ? 8 : 4 });
            }
        }
    }

    /// <summary>What is fused, alone and together.</summary>
    internal static IEnumerable<KernelCheck> Fused()
    {
        MatmulCase c = s_case with { Rows = 172, Columns = 576, Tokens = 3, Tile = 2, RowGroups = 8, Seed = 70 };
        yield return MatmulRowsCheck.Check(c with { Norm = true });
        yield return MatmulRowsCheck.Check(c with { Norm = true, Columns = 1536, Tile = 1 });
        yield return MatmulRowsCheck.Check(c with { Norm = true, Format = WeightFormat.F32, Columns = 172 });
        yield return MatmulRowsCheck.Check(c with { Residual = true });
        yield return MatmulRowsCheck.Check(c with { Bias = true, Residual = true });
        yield return MatmulRowsCheck.Check(c with { Norm = true, Bias = true });
        yield return MatmulRowsCheck.Check(c with { Gated = true });
        yield return MatmulRowsCheck.Check(c with { Norm = true, Gated = true, Bias = true });
        yield return MatmulRowsCheck.Check(c with { Norm = true, Gated = true, Tile = 8, RowGroups = 4, Tokens = 9 });
        yield return MatmulRowsCheck.Check(c with { Norm = true, Gather = true, Tokens = 7 });
        yield return MatmulRowsCheck.Check(c with { Norm = true, Gated = true, Gelu = true });
        yield return MatmulRowsCheck.Check(c with { Gated = true, Gelu = true, Bias = true, Format = WeightFormat.F32, Columns = 172 });
        yield return MatmulRowsCheck.Check(c with { Norm = true, Gather = true, Tokens = 7, SoftCap = 5 });
        yield return MatmulRowsCheck.Check(c with { SoftCap = 0.01f, Bias = true });
    }

    /// <summary>A token's result has the same bits whatever the tile, the row groups and the tokens beside it.</summary>
    internal static IEnumerable<KernelCheck> Determinism()
    {
        foreach (WeightFormat format in Enum.GetValues<WeightFormat>())
        {
            MatmulCase c = s_case with { Format = format, Rows = 40, Columns = 576, Tokens = 9, Norm = true, RowGroups = 8, Seed = 80 };
            yield return new KernelCheck($"same bits in every tile: {c}", session =>
            {
                float[] Run(int tile, int rowGroups) => MatmulRowsCheck.Compute(session, c with { Tile = tile, RowGroups = rowGroups }, out _);
                float[] expected = MatmulRowsCheck.Compute(session, c, out _);
                return Tolerance.CompareBits("tile 2", expected, Run(2, 8))
                    ?? Tolerance.CompareBits("tile 4", expected, Run(4, 4))
                    ?? Tolerance.CompareBits("tile 8", expected, Run(8, 4));
            });
        }
    }
}
