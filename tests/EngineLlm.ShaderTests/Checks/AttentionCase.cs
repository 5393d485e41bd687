namespace EngineLlm.ShaderTests.Checks;

/// <summary>One dispatch of paged attention, with the merge of its splits.</summary>
internal sealed record AttentionCase
{
    internal int HeadSize { get; init; } = 64;

    internal int KvHeads { get; init; } = 2;

    /// <summary>Query heads to a kv head.</summary>
    internal int Group { get; init; } = 3;

    /// <summary>Query heads that a workgroup takes.</summary>
    internal int Heads { get; init; } = 3;

    internal int PageSize { get; init; } = 32;

    internal int SplitTokens { get; init; } = 256;

    internal bool IsF32 { get; init; }

    internal int LocalSize { get; init; } = 128;

    /// <summary>Tokens of each sequence's context, its query tokens included.</summary>
    internal int[] Contexts { get; init; } = [1, 33, 97, 300];

    /// <summary>The newest tokens of each sequence that ask: 1 as in decode, more as in a prefill chunk.</summary>
    internal int Queries { get; init; } = 1;

    /// <summary>True for the kernel shaped for devices of type CPU.</summary>
    internal bool IsForLanes { get; init; }

    /// <summary>Tokens that a token sees, itself included; 0 for all before it.</summary>
    internal int Window { get; init; }

    /// <summary>Soft cap of the scores; 0 for none.</summary>
    internal float SoftCap { get; init; }

    internal int Seed { get; init; } = 1;

    public override string ToString() =>
        $"{(IsForLanes ? "paged_attention_lanes" : "paged_attention")} head size {HeadSize}, {KvHeads} kv heads of {Group} by {Heads}, "
        + $"pages of {PageSize}, splits of {SplitTokens}, {(IsF32 ? "f32" : "f16")}, {LocalSize} invocations, "
        + $"contexts {string.Join(" ", Contexts)}, {Queries} queries, "
        + $"window {Window}, soft cap {SoftCap}, seed {Seed}";
}
