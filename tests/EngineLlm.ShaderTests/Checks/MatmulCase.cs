namespace EngineLlm.ShaderTests.Checks;

/// <summary>One product of a matrix and some tokens, with what is fused into it.</summary>
internal sealed record MatmulCase
{
    internal WeightFormat Format { get; init; } = WeightFormat.F32;

    /// <summary>Rows that are stored; with Gated there are as many gate rows and up rows each.</summary>
    internal int Rows { get; init; }

    internal int Columns { get; init; }

    internal int Tokens { get; init; } = 1;

    /// <summary>Tokens that a workgroup works on.</summary>
    internal int Tile { get; init; } = 1;

    /// <summary>Groups of 8 rows that a workgroup works on.</summary>
    internal int RowGroups { get; init; } = 1;

    internal int LocalSize { get; init; } = 64;

    internal bool Norm { get; init; }

    internal bool Gated { get; init; }

    /// <summary>Whether the gate's activation is GELU rather than silu.</summary>
    internal bool Gelu { get; init; }

    /// <summary>Soft cap of the results; 0 for none.</summary>
    internal float SoftCap { get; init; }

    internal bool Bias { get; init; }

    internal bool Residual { get; init; }

    internal bool Gather { get; init; }

    /// <summary>True for the kernel shaped for devices of type CPU, which has workgroups of 8 and takes row groups by fours.</summary>
    internal bool IsForLanes { get; init; }

    internal int Seed { get; init; } = 1;

    public override string ToString()
    {
        string fused = (Norm ? " norm" : "") + (Gated ? Gelu ? " gated by gelu" : " gated by silu" : "") + (Bias ? " bias" : "") + (Residual ? " residual" : "")
            + (Gather ? " gather" : "")
            + (SoftCap > 0 ? $" capped at {SoftCap}" : "");
        return $"{(IsForLanes ? "matmul_lanes" : "matmul_rows")} {Format} {Rows}x{Columns}, {Tokens} tokens by {Tile}, "
            + $"{RowGroups} row groups, {LocalSize} invocations{fused}, seed {Seed}";
    }
}
