namespace EngineLlm.Kernels;

/// <summary>Where a step's counts stand in the buffer that shaders call StepCounts.</summary>
internal enum StepCount
{
    /// <summary>Tokens of the step.</summary>
    Tokens,

    /// <summary>Tokens whose logits are wanted.</summary>
    Logits,

    /// <summary>Pieces of attention: a token and a split of its context each.</summary>
    AttentionItems,

    /// <summary>Tokens whose context has more than one split.</summary>
    MergeItems,
}
