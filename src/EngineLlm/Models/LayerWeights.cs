using System;
using System.Collections.Generic;
using EngineLlm.Models.Weights;
using EngineLlm.Vulkan;

namespace EngineLlm.Models;

/// <summary>A matrix, and what is added to its product.</summary>
/// <param name="Weights">The matrix.</param>
/// <param name="Bias">[rows padded to whole workgroups], or null.</param>
internal readonly record struct BiasedMatrix(WeightMatrix Weights, DeviceBuffer? Bias);

/// <summary>One layer's weights on the device.</summary>
internal sealed class LayerWeights
{
    /// <summary>[embedding] of the norm before attention.</summary>
    internal required DeviceBuffer AttentionNorm { get; init; }

    /// <summary>Queries, keys and values one below the other: one matrix where their types are alike, otherwise up to three.</summary>
    internal required IReadOnlyList<BiasedMatrix> QueryKeyValue { get; init; }

    /// <summary>[2][head size] of the norms of query heads and of key heads; null where there are none.</summary>
    internal DeviceBuffer? HeadGains { get; init; }

    internal required BiasedMatrix AttentionOutput { get; init; }

    /// <summary>[embedding] of the norm after attention; null where there is none.</summary>
    internal DeviceBuffer? PostAttentionNorm { get; init; }

    /// <summary>[embedding] of the norm before the feed-forward part.</summary>
    internal required DeviceBuffer FeedForwardNorm { get; init; }

    /// <summary>Gate and up interleaved, as the fused product wants them; or the gate alone where <see cref="Up"/> is of another type.</summary>
    internal required WeightMatrix Gate { get; init; }

    /// <summary>Null where it is interleaved with <see cref="Gate"/>.</summary>
    internal WeightMatrix? Up { get; init; }

    internal required WeightMatrix Down { get; init; }

    /// <summary>[embedding] of the norm after the feed-forward part; null where there is none.</summary>
    internal DeviceBuffer? PostFeedForwardNorm { get; init; }
}
