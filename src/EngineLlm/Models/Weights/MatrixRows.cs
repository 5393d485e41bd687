using System;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Models.Weights;

/// <summary>The rows of one product, which may come from several tensors: queries, keys and values one below the other, or gate and up interleaved.</summary>
internal sealed unsafe class MatrixRows
{
    private readonly TensorData[] _tensors;
    private readonly int _interleave;

    private MatrixRows(TensorData[] tensors, int interleave, int count)
    {
        foreach (TensorData tensor in tensors)
        {
            if (tensor.Columns != tensors[0].Columns || tensor.Type != tensors[0].Type) throw new ArgumentException("Rows of one product are alike.", nameof(tensors));
        }
        _tensors = tensors;
        _interleave = interleave;
        Count = count;
    }

    internal TensorType Type => _tensors[0].Type;

    internal int Columns => _tensors[0].Columns;

    /// <summary>Number of rows, those of interleaving's padding included.</summary>
    internal int Count { get; }

    /// <summary>One tensor below the other.</summary>
    internal static MatrixRows Stack(params TensorData[] tensors)
    {
        int count = 0;
        foreach (TensorData tensor in tensors) count += tensor.Rows;
        return new MatrixRows(tensors, 0, count);
    }

    /// <summary>Groups of rows from one tensor and the other in turn; the last group is padded with zeros.</summary>
    internal static MatrixRows Interleave(TensorData first, TensorData second, int groupRows) =>
        new(new[] { first, second }, groupRows, (first.Rows + groupRows - 1) / groupRows * groupRows * 2);

    /// <summary>A row's first byte, or null for a row of padding.</summary>
    internal byte* Row(int row)
    {
        if (_interleave > 0)
        {
            int group = row / _interleave;
            ref TensorData tensor = ref _tensors[group % 2];
            int tensorRow = group / 2 * _interleave + row % _interleave;
            return tensorRow < tensor.Rows ? tensor.Row(tensorRow) : null;
        }
        foreach (ref TensorData tensor in _tensors.AsSpan())
        {
            if (row < tensor.Rows) return tensor.Row(row);
            row -= tensor.Rows;
        }
        return null;
    }
}
