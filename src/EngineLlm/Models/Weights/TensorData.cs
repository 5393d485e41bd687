using EngineLlm.Models.Gguf;

namespace EngineLlm.Models.Weights;

/// <summary>A matrix of weights in host memory, in GGUF's block format, one row after the other.</summary>
/// <param name="Name">Its name in the GGUF.</param>
/// <param name="Type">How its numbers are stored.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Columns">Number of columns.</param>
/// <param name="First">The first row's first byte.</param>
/// <param name="StoredRows">Rows that lie in memory; row r is stored row r modulo this. Less than <see cref="Rows"/> for random weights only.</param>
internal readonly unsafe record struct TensorData(string Name, TensorType Type, int Rows, int Columns, nint First, int StoredRows)
{
    internal long RowBytes => (long)Columns / Type.BlockSize() * Type.BlockBytes();

    /// <summary>Some of its rows, as a tensor.</summary>
    internal TensorData Slice(int firstRow, int count) => this with { Rows = count, First = (nint)Row(firstRow), StoredRows = count };

    internal byte* Row(int row) => (byte*)First + row % StoredRows * RowBytes;
}

/// <summary>Where a model's tensors come from: a file, or random numbers.</summary>
internal interface IWeightSource
{
    /// <summary>The model that the tensors belong to.</summary>
    ModelDescription Description { get; }

    /// <summary>Bytes of all tensors together, for progress.</summary>
    long WeightBytes { get; }

    /// <summary>The tensor of that name; the description has proven that the ones it needs exist.</summary>
    bool TryGet(string name, out TensorData tensor);
}
