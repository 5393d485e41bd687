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
    private readonly Dictionary<RotaryEmbedding, float[]> _frequencies = new();
    private readonly int _contextLength;
    private readonly List<float[]>[] _keys;
    private readonly List<float[]>[] _values;

    /// <param name="file">The model.</param>
    /// <param name="contextLength">The context that rotary scaling is for; null for the model's own.</param>
    internal ReferenceTransformer(GgufFile file, int? contextLength = null)
    {
        _file = file;
        _model = ModelDescription.Read(file);
        _contextLength = contextLength ?? _model.ContextLength;
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
        for (int i = 0; i < x.Length; i++) x[i] *= _model.EmbeddingScale;
        for (int layer = 0; layer < _model.LayerCount; layer++)
        {
            string Name(string tensor) => TensorNames.Layer(layer, tensor);
            float[] attention = Attention(layer, Norm(x, Name(TensorNames.AttentionNorm)));
            AddTo(x, _model.PostNorms ? Norm(attention, Name(TensorNames.PostAttentionNorm)) : attention);
            float[] feedForward = FeedForward(layer, Norm(x, Name(TensorNames.FeedForwardNorm)));
            AddTo(x, _model.PostNorms ? Norm(feedForward, Name(TensorNames.PostFeedForwardNorm)) : feedForward);
        }
        float[] logits = Product(_model.TiedEmbeddings ? TensorNames.TokenEmbedding : TensorNames.Output, Norm(x, TensorNames.OutputNorm));
        for (int i = 0; i < logits.Length; i++) logits[i] = (float)Capped(logits[i], _model.LogitSoftCap);
        return logits;
    }

    private float[] Attention(int layer, float[] x)
    {
        (float[] queries, float[] keys, float[] values) = QueriesKeysValues(layer, x);
        int position = _keys[layer].Count;
        for (int head = 0; head < _model.HeadCount; head++)
            TurnHead(layer, queries.AsSpan(head * _model.HeadSize, _model.HeadSize), TensorNames.QueryNorm, position);
        for (int head = 0; head < _model.KeyValueHeadCount; head++)
            TurnHead(layer, keys.AsSpan(head * _model.HeadSize, _model.HeadSize), TensorNames.KeyNorm, position);
        _keys[layer].Add(keys);
        _values[layer].Add(values);
        var result = new float[_model.QuerySize];
        for (int head = 0; head < _model.HeadCount; head++) AttendHead(layer, head, queries, result);
        float[] output = Product(TensorNames.Layer(layer, TensorNames.AttentionOutput), result);
        if (_model.AttentionOutputBias) AddTo(output, Weights(TensorNames.Layer(layer, TensorNames.AttentionOutputBias)));
        return output;
    }

    private (float[] Queries, float[] Keys, float[] Values) QueriesKeysValues(int layer, float[] x)
    {
        float[] Biased(string weights, string bias)
        {
            float[] y = Product(TensorNames.Layer(layer, weights), x);
            if (_model.QueryKeyValueBiases) AddTo(y, Weights(TensorNames.Layer(layer, bias)));
            return y;
        }

        if (!_model.FusedQueryKeyValue)
        {
            return (Biased(TensorNames.Query, TensorNames.QueryBias), Biased(TensorNames.Key, TensorNames.KeyBias),
                Biased(TensorNames.Value, TensorNames.ValueBias));
        }
        float[] all = Biased(TensorNames.QueryKeyValue, TensorNames.QueryKeyValueBias);
        return (all[.._model.QuerySize], all[_model.QuerySize..(_model.QuerySize + _model.KeyValueSize)], all[(_model.QuerySize + _model.KeyValueSize)..]);
    }

    private void TurnHead(int layer, Span<float> head, string norm, int position)
    {
        if (_model.HeadNorms) Norm(head.ToArray(), TensorNames.Layer(layer, norm)).CopyTo(head);
        if (_model.RopeOf(layer) is { } rope) Rotate(head, position, rope);
    }

    private void AttendHead(int layer, int head, float[] queries, float[] result)
    {
        int size = _model.HeadSize;
        int keyOffset = head / (_model.HeadCount / _model.KeyValueHeadCount) * size;
        ReadOnlySpan<float> query = queries.AsSpan(head * size, size);
        int length = _keys[layer].Count;
        int first = _model.IsSliding(layer) ? Math.Max(0, length - _model.SlidingWindow) : 0;
        var scores = new double[length - first];
        for (int i = 0; i < scores.Length; i++)
        {
            for (int d = 0; d < size; d++) scores[i] += (double)query[d] * _keys[layer][first + i][keyOffset + d];
            scores[i] = Capped(scores[i] * _model.AttentionScale, _model.AttentionSoftCap);
        }
        double max = scores.Max();
        double sum = 0;
        for (int i = 0; i < scores.Length; i++) sum += scores[i] = Math.Exp(scores[i] - max);
        for (int d = 0; d < size; d++)
        {
            double value = 0;
            for (int i = 0; i < scores.Length; i++) value += scores[i] / sum * _values[layer][first + i][keyOffset + d];
            result[head * size + d] = (float)value;
        }
    }

    private void Rotate(Span<float> head, int position, RotaryEmbedding rope)
    {
        float[] frequencies = Frequencies(rope);
        for (int i = 0; i < rope.DimensionCount / 2; i++)
        {
            (int first, int second) = _model.RopeStyle == RopeStyle.AdjacentPairs ? (2 * i, 2 * i + 1) : (i, i + rope.DimensionCount / 2);
            double angle = position * (double)frequencies[i];
            double cos = Math.Cos(angle) * rope.Magnitude;
            double sin = Math.Sin(angle) * rope.Magnitude;
            (head[first], head[second]) = ((float)(head[first] * cos - head[second] * sin), (float)(head[first] * sin + head[second] * cos));
        }
    }

    private float[] Frequencies(RotaryEmbedding rope)
    {
        if (!_frequencies.TryGetValue(rope, out float[]? known)) _frequencies[rope] = known = rope.InverseFrequencies(_contextLength);
        return known;
    }

    private float[] FeedForward(int layer, float[] x)
    {
        float[] up = Product(TensorNames.Layer(layer, TensorNames.Up), x);
        float[] gate = _model.FusedGateUp ? up[.._model.FeedForwardSize] : Product(TensorNames.Layer(layer, TensorNames.Gate), x);
        if (_model.FusedGateUp) up = up[_model.FeedForwardSize..];
        for (int i = 0; i < gate.Length; i++) gate[i] = (float)(Activate(gate[i]) * up[i]);
        return Product(TensorNames.Layer(layer, TensorNames.Down), gate);
    }

    private double Activate(double x) => _model.GateActivation == GateActivation.Gelu
        ? x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))))
        : x / (1 + Math.Exp(-x));

    private static double Capped(double x, double cap) => cap > 0 ? cap * Math.Tanh(x / cap) : x;

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
