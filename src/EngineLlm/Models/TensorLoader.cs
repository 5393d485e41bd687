using System;
using System.Collections.Generic;
using EngineLlm.Models.Weights;
using EngineLlm.Vulkan;

namespace EngineLlm.Models;

/// <summary>Brings tensors by name to the device, as kernels want them.</summary>
internal sealed unsafe class TensorLoader
{
    // What a workgroup of a product may read beyond the last row.
    private const int BiasPadding = 64;
    private readonly IWeightSource _source;
    private readonly WeightStore _store;

    internal TensorLoader(IWeightSource source, WeightStore store)
    {
        _source = source;
        _store = store;
    }

    /// <summary>A tensor where it lies.</summary>
    internal TensorData Get(string name) =>
        _source.TryGet(name, out TensorData tensor) ? tensor : throw new ModelFormatException($"The model has no tensor {name}.");

    /// <summary>A whole tensor as a matrix.</summary>
    internal WeightMatrix Matrix(string name) => Matrix(MatrixRows.Stack(Get(name)));

    internal WeightMatrix Matrix(MatrixRows rows) => _store.LoadMatrix(rows);

    /// <summary>Tensors of a few numbers as floats, one behind the other.</summary>
    internal DeviceBuffer Vector(params string[] names) => Vector(Array.ConvertAll(names, Get), padding: 1);

    /// <summary>Matrices one below the other: neighbours of one type become one matrix, and so one dispatch.</summary>
    /// <param name="weights">The matrices' names.</param>
    /// <param name="biases">What is added to each one's product; null for nothing.</param>
    internal List<BiasedMatrix> Stack(string[] weights, string[]? biases)
    {
        TensorData[] tensors = Array.ConvertAll(weights, Get);
        var matrices = new List<BiasedMatrix>();
        int first = 0;
        for (int i = 1; i <= tensors.Length; i++)
        {
            if (i < tensors.Length && tensors[i].Type == tensors[first].Type) continue;
            WeightMatrix matrix = Matrix(MatrixRows.Stack(tensors.AsSpan(first, i - first).ToArray()));
            matrices.Add(new BiasedMatrix(matrix, biases is null ? null : Bias(biases.AsSpan(first, i - first).ToArray())));
            first = i;
        }
        return matrices;
    }

    private DeviceBuffer Bias(string[] names) => Vector(Array.ConvertAll(names, Get), BiasPadding);

    private DeviceBuffer Vector(TensorData[] tensors, int padding)
    {
        int count = 0;
        foreach (TensorData tensor in tensors) count += tensor.Columns;
        return _store.LoadVector((count + padding - 1) / padding * padding, values => Fill(tensors, values));
    }

    private static void Fill(TensorData[] tensors, Span<float> values)
    {
        values.Clear();
        foreach (TensorData tensor in tensors)
        {
            Dequantizer.Dequantize(
                tensor.Type, new ReadOnlySpan<byte>(tensor.Row(0), checked((int)tensor.RowBytes)), values.Slice(0, tensor.Columns));
            values = values.Slice(tensor.Columns);
        }
    }
}
