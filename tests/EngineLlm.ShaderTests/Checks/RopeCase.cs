namespace EngineLlm.ShaderTests.Checks;

/// <summary>One rotation of queries and keys, with the write of keys and values to pages.</summary>
internal sealed record RopeCase
{
    internal int HeadSize { get; init; } = 64;

    /// <summary>Dimensions of a head that are rotated, the first ones.</summary>
    internal int RopeSize { get; init; } = 64;

    internal bool RotatesHalves { get; init; }

    internal int Heads { get; init; } = 3;

    internal int KvHeads { get; init; } = 1;

    internal int PageSize { get; init; } = 32;

    internal bool IsF32 { get; init; }

    internal int LocalSize { get; init; } = 64;

    /// <summary>Query and key heads are normalised first.</summary>
    internal bool Norm { get; init; }

    internal int Seed { get; init; } = 1;

    public override string ToString() =>
        $"rope_write_pages {Heads} + 2 * {KvHeads} heads of {HeadSize}, "
        + $"{RopeSize} rotated {(RotatesHalves ? "in halves" : "in neighbours")}, "
        + $"pages of {PageSize}, {(IsF32 ? "f32" : "f16")}, {LocalSize} invocations{(Norm ? ", normalised" : "")}, seed {Seed}";
}
