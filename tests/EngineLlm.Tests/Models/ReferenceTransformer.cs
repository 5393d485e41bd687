using System;
using System.Collections.Generic;
using System.Linq;
using EngineLlm.Models;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Tests.Models;

/// <summary>
/// The whole model in plain loops on the CPU, one token after another, weights in F32. Slow and obvious: the truth that the description, the
/// dequantiser and the engine are held against.
/// </summary>
internal sealed class ReferenceTransformer
{
    private readonly GgufFile _file;
    private readonly ModelDescription _model;
    private readonly Dictionary<string, float[]> _weights = new();
    private readonly List<float[]>[] _keys;
    private readonly List<float[]>[] _values;

    internal ReferenceTransformer(GgufFile file)
    {
        _file = file;
        _model = ModelDescription.Read(file);
        _keys = Enumerable.Range(0, _model.LayerCount).Select(_ => new List<float[]>()).ToArray();
        _values = Enumerable.Range(0, _model.LayerCount).Select(_ => new List<float[]>()).ToArray();
    }

    /// <summary>Forgets the context.</summary>
    internal void Reset()
    {
        foreach (List<float[]> list in _keys.Concat(_values)) list.Clear();
    }

    /// <summary>[vocabulary] logits after one more token.</summary>
    internal float[] Next(int token)
    {
        float[] x = Weights(TensorNames.TokenEmbedding).AsSpan(token * _model.EmbeddingSize, _model.EmbeddingSize).ToArray();
        for (int layer = 0; layer < _model.LayerCount; layer++)
        {
            AddTo(x, Attention(layer, Norm(x, TensorNames.Layer(layer, TensorNames.AttentionNorm))));
            AddTo(x, FeedForward(layer, Norm(x, TensorNames.Layer(layer, TensorNames.FeedForwardNorm))));
        }
        return Product(_model.TiedEmbeddings ? TensorNames.TokenEmbedding : TensorNames.Output, Norm(x, TensorNames.OutputNorm));
    }

    private float[] Attention(int layer, float[] x)
    {
        float[] queries = Product(TensorNames.Layer(layer, TensorNames.Query), x);
        float[] keys = Product(TensorNames.Layer(layer, TensorNames.Key), x);
        int position = _keys[layer].Count;
        for (int head = 0; head < _model.HeadCount; head++) Rotate(queries.AsSpan(head * _model.HeadSize, _model.HeadSize), position);
        for (int head = 0; head < _model.KeyValueHeadCount; head++) Rotate(keys.AsSpan(head * _model.HeadSize, _model.HeadSize), position);
        _keys[layer].Add(keys);
        _values[layer].Add(Product(TensorNames.Layer(layer, TensorNames.Value), x));
        var result = new float[_model.QuerySize];
        for (int head = 0; head < _model.HeadCount; head++) AttendHead(layer, head, queries, result);
        return Product(TensorNames.Layer(layer, TensorNames.AttentionOutput), result);
    }

    private void AttendHead(int layer, int head, float[] queries, float[] result)
    {
        int size = _model.HeadSize;
        int keyOffset = head / (_model.HeadCount / _model.KeyValueHeadCount) * size;
        ReadOnlySpan<float> query = queries.AsSpan(head * size, size);
        var scores = new double[_keys[layer].Count];
        for (int i = 0; i < scores.Length; i++)
            for (int d = 0; d < size; d++) scores[i] += (double)query[d] * _keys[layer][i][keyOffset + d];
        double max = scores.Max() * _model.AttentionScale;
        double sum = 0;
        for (int i = 0; i < scores.Length; i++) sum += scores[i] = Math.Exp(scores[i] * _model.AttentionScale - max);
        for (int d = 0; d < size; d++)
        {
            double value = 0;
            for (int i = 0; i < scores.Length; i++) value += scores[i] / sum * _values[layer][i][keyOffset + d];
            result[head * size + d] = (float)value;
        }
    }

    private void Rotate(Span<float> head, int position)
    {
        for (int i = 0; i < _model.RopeDimensionCount / 2; i++)
        {
            (int first, int second) = _model.RopeStyle == RopeStyle.AdjacentPairs ? (2 * i, 2 * i + 1) : (i, i + _model.RopeDimensionCount / 2);
            double angle = position * (double)_model.RopeInverseFrequencies[i];
            double cos = Math.Cos(angle) * _model.RopeMagnitude;
            double sin = Math.Sin(angle) * _model.RopeMagnitude;
            (head[first], head[second]) = ((float)(head[first] * cos - head[second] * sin), (float)(head[first] * sin + head[second] * cos));
        }
    }

    private float[] FeedForward(int layer, float[] x)
    {
        float[] gate = Product(TensorNames.Layer(layer, TensorNames.Gate), x);
        float[] up = Product(TensorNames.Layer(layer, TensorNames.Up), x);
        for (int i = 0; i < gate.Length; i++) gate[i] = (float)(gate[i] / (1 + Math.Exp(-gate[i])) * up[i]);
        return Product(TensorNames.Layer(layer, TensorNames.Down), gate);
    }

    private float[] Norm(float[] x, string weights)
    {
        double scale = 1 / Math.Sqrt(x.Sum(v => (double)v * v) / x.Length + _model.NormEpsilon);
        return x.Zip(Weights(weights), (v, w) => (float)(v * scale) * w).ToArray();
    }

    private float[] Product(string name, float[] x)
    {
        float[] weights = Weights(name);
        var y = new float[weights.Length / x.Length];
        for (int row = 0; row < y.Length; row++) y[row] = Dot(weights.AsSpan(row * x.Length, x.Length), x);
        return y;
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += (double)a[i] * b[i];
        return (float)sum;
    }

    private static void AddTo(float[] x, float[] y)
    {
        for (int i = 0; i < x.Length; i++) x[i] += y[i];
    }

    private float[] Weights(string name)
    {
        if (_weights.TryGetValue(name, out float[]? known)) return known;
        _file.TryGetTensor(name, out GgufTensor tensor);
        var weights = new float[tensor.ElementCount];
        Dequantizer.Dequantize(tensor.Type, _file.Data(tensor, 0, (int)tensor.ByteSize), weights);
        return _weights[name] = weights;
    }
}
