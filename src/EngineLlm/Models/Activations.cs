using EngineLlm.Kernels;
using EngineLlm.Models.Weights;
using EngineLlm.Vulkan;

namespace EngineLlm.Models;

/// <summary>The buffers between the kernels: floats, [token][stride], rows padded with zeros to whole blocks of 32 features.</summary>
internal sealed class Activations
{
    internal Activations(IDeviceMemory memory, ModelDescription model, StepLimits limits)
    {
        ResidualStride = Pad(model.EmbeddingSize);
        QueryKeyValueStride = Pad(model.QuerySize + 2 * model.KeyValueSize);
        AttentionStride = Pad(model.QuerySize);
        FeedForwardStride = Pad(model.FeedForwardSize);
        VocabularySize = model.VocabularySize;
        LogitStride = Pad(model.VocabularySize);
        Residual = Create(memory, limits.MaxTokens, ResidualStride);
        QueryKeyValue = Create(memory, limits.MaxTokens, QueryKeyValueStride);
        Attention = Create(memory, limits.MaxTokens, AttentionStride);
        Gate = Create(memory, limits.MaxTokens, FeedForwardStride);
        Up = Create(memory, limits.MaxTokens, FeedForwardStride);
        Projected = model.PostNorms ? Create(memory, limits.MaxTokens, ResidualStride) : null;
        Logits = Create(memory, limits.MaxLogits, LogitStride);
        LogitsOnHost = memory.Create(Logits.Bytes, BufferPlace.ReadBack);
        Partials = memory.Create(PagedAttention.PartialBytes(model, limits.MaxTokens * limits.MaxSplits), BufferPlace.Device);
    }

    /// <summary>The residual stream, [token][ResidualStride].</summary>
    internal DeviceBuffer Residual { get; }

    internal int ResidualStride { get; }

    /// <summary>Queries, keys and values, [token][QueryKeyValueStride].</summary>
    internal DeviceBuffer QueryKeyValue { get; }

    internal int QueryKeyValueStride { get; }

    /// <summary>What attention gives, [token][AttentionStride].</summary>
    internal DeviceBuffer Attention { get; }

    internal int AttentionStride { get; }

    /// <summary>activation(gate) * up, [token][FeedForwardStride].</summary>
    internal DeviceBuffer Gate { get; }

    /// <summary>Up alone, for models whose gate and up are of different types.</summary>
    internal DeviceBuffer Up { get; }

    internal int FeedForwardStride { get; }

    /// <summary>What is normalised before it joins the residual stream, [token][ResidualStride]; null where nothing is.</summary>
    internal DeviceBuffer? Projected { get; }

    /// <summary>[logit row][LogitStride].</summary>
    internal DeviceBuffer Logits { get; }

    /// <summary>[logit row][LogitStride], where the host reads them.</summary>
    internal DeviceBuffer LogitsOnHost { get; }

    internal int LogitStride { get; }

    internal int VocabularySize { get; }

    /// <summary>Results of single splits of attention.</summary>
    internal DeviceBuffer Partials { get; }

    /// <summary>Records zeros for all of them.</summary>
    internal void RecordClear(CommandList commands)
    {
        foreach (DeviceBuffer buffer in new[] { Residual, QueryKeyValue, Attention, Gate, Up, Logits, Partials }) commands.Fill(buffer, 0);
        if (Projected is not null) commands.Fill(Projected, 0);
        commands.BarrierBetweenShadersAndCopies();
    }

    private static int Pad(int features) => WeightOrders.BlockCount(features) * DeviceFormats.BlockColumns;

    private static DeviceBuffer Create(IDeviceMemory memory, int rows, int stride) =>
        memory.Create((ulong)rows * (ulong)stride * sizeof(float), BufferPlace.Device);
}
