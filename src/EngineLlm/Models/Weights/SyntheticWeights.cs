using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Models.Weights;

/// <summary>
/// Random weights of a known model's shape, made on the spot: for benchmarks on machines that have no model files. Host memory holds a few MiB of
/// random rows, which every matrix repeats; on the device each matrix is whole and apart, so it is read like a real one.
/// </summary>
internal sealed unsafe class SyntheticWeights : IWeightSource, IDisposable
{
    private const int PoolBytes = 4 << 20;
    private static readonly Dictionary<string, ModelDescription> s_shapes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["tiny"] = Shape("tiny", 96, 3, 6, 2, 16, 160, 1000),
        ["135m"] = Shape("135m", 576, 30, 9, 3, 64, 1536, 49152),
        ["0.5b"] = Shape("0.5b", 896, 24, 14, 2, 64, 4864, 151936),
        ["1b"] = Shape("1b", 2048, 16, 32, 8, 64, 8192, 128256),
        ["3b"] = Shape("3b", 3072, 28, 24, 8, 128, 8192, 128256),
        ["8b"] = Shape("8b", 4096, 32, 32, 8, 128, 14336, 128256),
    };

    private readonly TensorType _type;
    private readonly Dictionary<string, (int Rows, int Columns)> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<(TensorType Type, int Columns), (IntPtr First, int Rows)> _pools = new();
    private uint _seed = 1;

    private SyntheticWeights(ModelDescription description, TensorType type)
    {
        Description = description;
        _type = type;
        ListTensors();
    }

    /// <summary>Names of the shapes, for help texts and errors.</summary>
    internal static IEnumerable<string> ShapeNames => s_shapes.Keys;

    public ModelDescription Description { get; }

    public long WeightBytes
    {
        get
        {
            long bytes = 0;
            foreach ((int rows, int columns) in _tensors.Values) bytes += rows * (columns / (long)_type.BlockSize()) * _type.BlockBytes();
            return bytes;
        }
    }

    /// <summary>Makes a model.</summary>
    /// <param name="shape">One of <see cref="ShapeNames"/>.</param>
    /// <param name="type">GGUF type of its matrices, such as q4_0; rows that its blocks do not divide become Q8_0.</param>
    /// <exception cref="UnsupportedModelException">The shape or the type is not known.</exception>
    internal static SyntheticWeights Create(string shape, string type)
    {
        if (!s_shapes.TryGetValue(shape, out ModelDescription? description))
        {
            throw new UnsupportedModelException($"There is no shape '{shape}'. Shapes: {string.Join(", ", ShapeNames)}.");
        }
        if (!Enum.TryParse(type, ignoreCase: true, out TensorType parsed) || int.TryParse(type, out _) || !parsed.IsSupported())
        {
            throw new UnsupportedModelException($"There is no weight type '{type}' here. Types: {TensorTypes.SupportedNames}.");
        }
        return new SyntheticWeights(description, parsed);
    }

    public bool TryGet(string name, out TensorData tensor)
    {
        tensor = default;
        if (!_tensors.TryGetValue(name, out (int Rows, int Columns) size)) return false;
        bool isNorm = size.Rows == 1;
        TensorType type = isNorm ? TensorType.F32 : size.Columns % _type.BlockSize() == 0 ? _type : TensorType.Q8_0;
        (IntPtr first, int rows) = Pool(type, size.Columns, isNorm);
        tensor = new TensorData(name, type, size.Rows, size.Columns, first, Math.Min(rows, size.Rows));
        return true;
    }

    public void Dispose()
    {
        foreach ((IntPtr first, _) in _pools.Values) Marshal.FreeHGlobal(first);
        _pools.Clear();
    }

    private static ModelDescription Shape(string name, int embedding, int layers, int heads, int kvHeads, int headSize, int feedForward, int vocabulary) => new()
    {
        Name = $"synthetic {name}",
        LayerCount = layers,
        EmbeddingSize = embedding,
        FeedForwardSize = feedForward,
        HeadCount = heads,
        KeyValueHeadCount = kvHeads,
        HeadSize = headSize,
        VocabularySize = vocabulary,
        ContextLength = 131072,
        RopeFrequencyBase = 500000,
    };

    private void ListTensors()
    {
        ModelDescription model = Description;
        _tensors[TensorNames.TokenEmbedding] = (model.VocabularySize, model.EmbeddingSize);
        _tensors[TensorNames.Output] = (model.VocabularySize, model.EmbeddingSize);
        _tensors[TensorNames.OutputNorm] = (1, model.EmbeddingSize);
        for (int layer = 0; layer < model.LayerCount; layer++)
        {
            void Add(string name, int rows, int columns) => _tensors[TensorNames.Layer(layer, name)] = (rows, columns);
            Add(TensorNames.AttentionNorm, 1, model.EmbeddingSize);
            Add(TensorNames.Query, model.QuerySize, model.EmbeddingSize);
            Add(TensorNames.Key, model.KeyValueSize, model.EmbeddingSize);
            Add(TensorNames.Value, model.KeyValueSize, model.EmbeddingSize);
            Add(TensorNames.AttentionOutput, model.EmbeddingSize, model.QuerySize);
            Add(TensorNames.FeedForwardNorm, 1, model.EmbeddingSize);
            Add(TensorNames.Gate, model.FeedForwardSize, model.EmbeddingSize);
            Add(TensorNames.Up, model.FeedForwardSize, model.EmbeddingSize);
            Add(TensorNames.Down, model.EmbeddingSize, model.FeedForwardSize);
        }
    }

    private (IntPtr First, int Rows) Pool(TensorType type, int columns, bool isNorm)
    {
        // Norms are ones, and have a pool of their own: no matrix has as many columns and a negative sign.
        (TensorType, int) key = (type, isNorm ? -columns : columns);
        if (_pools.TryGetValue(key, out (IntPtr, int) known)) return known;
        int rowBytes = columns / type.BlockSize() * type.BlockBytes();
        int rows = isNorm ? 1 : Math.Max(1, PoolBytes / rowBytes);
        IntPtr first = Marshal.AllocHGlobal((IntPtr)((long)rows * rowBytes));
        if (isNorm) new Span<float>((void*)first, columns).Fill(1);
        else new RandomWeights(_seed++).Fill((byte*)first, (long)rows * (columns / type.BlockSize()), type, 1 / Math.Sqrt(columns));
        return _pools[key] = (first, rows);
    }
}
