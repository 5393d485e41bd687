using System.Collections.Generic;

namespace EngineLlm.Models.Gguf;

/// <summary>One tensor of a GGUF: where its bytes are and how to read them. Checked against the file when it was opened.</summary>
internal sealed class GgufTensor
{
    internal GgufTensor(GgufFile part, string name, TensorType type, long[] dimensions, long elementCount, long byteSize, ulong dataOffset)
    {
        Part = part;
        Name = name;
        Type = type;
        Dimensions = dimensions;
        ElementCount = elementCount;
        ByteSize = byteSize;
        DataOffset = dataOffset;
    }

    /// <summary>The file that holds its data: one of several where a model is split.</summary>
    internal GgufFile Part { get; }

    /// <summary>The tensor's name, unique in its model.</summary>
    internal string Name { get; }

    /// <summary>How the numbers are stored.</summary>
    internal TensorType Type { get; }

    /// <summary>[1 to 4] dimensions, innermost (columns) first, each at least 1.</summary>
    internal IReadOnlyList<long> Dimensions { get; }

    /// <summary>Product of the dimensions.</summary>
    internal long ElementCount { get; }

    /// <summary>Bytes of data.</summary>
    internal long ByteSize { get; }

    /// <summary>Weights a row: the innermost dimension.</summary>
    internal long Columns => Dimensions[0];

    /// <summary>Rows: product of all dimensions but the innermost.</summary>
    internal long Rows => ElementCount / Columns;

    /// <summary>Bytes a row; rows follow each other without a gap.</summary>
    internal long RowBytes => Columns / Type.BlockSize() * Type.BlockBytes();

    /// <summary>Where the data starts, relative to the data section, as the file says it.</summary>
    internal ulong DataOffset { get; }

    /// <summary>Where the data starts, from the beginning of the file; set once the start of the data section is known.</summary>
    internal long FileOffset { get; set; }

    /// <summary>The dimensions for a message, for example "576 x 1536".</summary>
    internal string Shape => string.Join(" x ", Dimensions);
}
