using System;
using EngineLlm.Models;
using EngineLlm.Models.Gguf;
using EngineLlm.Models.Weights;
using EngineLlm.Tests.Models.Gguf;

namespace EngineLlm.Tests.Models;

/// <summary>A small GGUF of random weights, of any architecture: 256 wide, 4 heads of 64 (2 key-value heads), 512 inside.</summary>
internal sealed class RandomModel
{
    private const int Width = 256;
    private const int HeadSize = 64;
    private const int KeyValueSize = 2 * HeadSize;
    private const int FeedForward = 512;
    private readonly Architecture _architecture;
    private readonly Random _random;
    private readonly GgufBuilder _builder = new();

    internal RandomModel(string architecture, int seed)
    {
        _architecture = Architecture.Find(architecture)!;
        _random = new Random(seed);
    }

    internal TensorType Query { get; init; } = TensorType.F16;

    internal TensorType Key { get; init; } = TensorType.F16;

    internal TensorType Value { get; init; } = TensorType.F16;

    internal TensorType Gate { get; init; } = TensorType.F16;

    internal TensorType Up { get; init; } = TensorType.F16;

    /// <summary>Biases of queries, keys, values and of the product after attention.</summary>
    internal bool HasBiases { get; init; }

    /// <summary>Rotated pairs that have LongRoPE's divisors; 0 for none.</summary>
    internal int LongRopePairs { get; init; }

    /// <summary>Adds metadata.</summary>
    internal Action<GgufBuilder>? Settings { get; init; }

    internal int LayerCount { get; init; } = 3;

    public override string ToString() => $"{_architecture.Name} {Query} {Key} {Value} {Gate} {Up}";

    internal byte[] Build(int vocabularySize)
    {
        string name = _architecture.Name;
        _builder.Add("general.architecture", name)
            .Add($"{name}.block_count", (uint)LayerCount)
            .Add($"{name}.context_length", 256u)
            .Add($"{name}.embedding_length", (uint)Width)
            .Add($"{name}.feed_forward_length", (uint)FeedForward)
            .Add($"{name}.attention.head_count", 4u)
            .Add($"{name}.attention.head_count_kv", 2u)
            .Add($"{name}.attention.layer_norm_rms_epsilon", 1e-5f);
        Settings?.Invoke(_builder);
        Matrix("token_embd.weight", TensorType.Q8_0, Width, vocabularySize);
        Vector("output_norm.weight", Width, 1);
        if (LongRopePairs > 0)
        {
            Vector(TensorNames.ShortRopeFactors, LongRopePairs, 1.5f);
            Vector(TensorNames.LongRopeFactors, LongRopePairs, 6);
        }
        for (int layer = 0; layer < LayerCount; layer++) Layer(layer);
        return _builder.ToArray();
    }

    private void Layer(int layer)
    {
        string Name(string tensor) => TensorNames.Layer(layer, tensor);
        Vector(Name(TensorNames.AttentionNorm), Width, 1);
        if (_architecture.HasFusedGateUp) Matrix(Name(TensorNames.QueryKeyValue), Query, Width, Width + 2 * KeyValueSize);
        else
        {
            Matrix(Name(TensorNames.Query), Query, Width, Width);
            Matrix(Name(TensorNames.Key), Key, Width, KeyValueSize);
            Matrix(Name(TensorNames.Value), Value, Width, KeyValueSize);
        }
        Matrix(Name(TensorNames.AttentionOutput), TensorType.Q8_0, Width, Width);
        if (HasBiases) Biases(layer);
        if (_architecture.HasHeadNorms)
        {
            Vector(Name(TensorNames.QueryNorm), HeadSize, 1);
            Vector(Name(TensorNames.KeyNorm), HeadSize, 1);
        }
        Vector(Name(TensorNames.FeedForwardNorm), Width, 1);
        if (!_architecture.HasFusedGateUp) Matrix(Name(TensorNames.Gate), Gate, Width, FeedForward);
        Matrix(Name(TensorNames.Up), Up, Width, _architecture.HasFusedGateUp ? 2 * FeedForward : FeedForward);
        Matrix(Name(TensorNames.Down), TensorType.Q8_0, FeedForward, Width);
        if (!_architecture.HasPostNorms) return;
        Vector(Name(TensorNames.PostAttentionNorm), Width, 1);
        Vector(Name(TensorNames.PostFeedForwardNorm), Width, 1);
    }

    private void Biases(int layer)
    {
        string Name(string tensor) => TensorNames.Layer(layer, tensor);
        Vector(Name(TensorNames.QueryBias), Width, 0);
        Vector(Name(TensorNames.KeyBias), KeyValueSize, 0);
        Vector(Name(TensorNames.ValueBias), KeyValueSize, 0);
        Vector(Name(TensorNames.AttentionOutputBias), Width, 0);
    }

    /// <summary>Numbers around a middle, within 0.4 of it.</summary>
    private void Vector(string name, int count, float middle)
    {
        var bytes = new byte[count * sizeof(float)];
        for (int i = 0; i < count; i++) BitConverter.TryWriteBytes(bytes.AsSpan(i * sizeof(float)), middle + (float)(_random.NextDouble() - 0.5) * 0.8f);
        _builder.Tensor(name, TensorType.F32, new long[] { count }, bytes);
    }

    private unsafe void Matrix(string name, TensorType type, int columns, int rows)
    {
        long blocks = (long)rows * columns / type.BlockSize();
        var bytes = new byte[blocks * type.BlockBytes()];
        fixed (byte* target = bytes) new RandomWeights((uint)_random.Next()).Fill(target, blocks, type, 1 / Math.Sqrt(columns));
        _builder.Tensor(name, type, new long[] { columns, rows }, bytes);
    }
}
