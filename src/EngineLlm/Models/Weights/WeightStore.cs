using System;
using System.Collections.Generic;
using EngineLlm.Vulkan;

namespace EngineLlm.Models.Weights;

/// <summary>Writes a vector's values.</summary>
internal delegate void VectorFiller(Span<float> values);

/// <summary>Makes the buffers that a model's weights lie in. What fills them, if anything does, is up to who derives from it.</summary>
internal abstract class WeightStore
{
    private const int PartAlignmentRows = 128;
    private readonly IDeviceMemory _memory;
    private readonly ulong _maxBindingBytes;

    /// <param name="memory">Where the weights' memory comes from.</param>
    /// <param name="order">What the device's kernels read.</param>
    /// <param name="maxBindingBytes">The most that a kernel can bind at once: larger matrices are cut by rows.</param>
    protected WeightStore(IDeviceMemory memory, WeightOrder order, ulong maxBindingBytes)
    {
        _memory = memory;
        _maxBindingBytes = maxBindingBytes;
        Order = order;
        None = memory.Create(16, BufferPlace.Device);
    }

    protected WeightOrder Order { get; }

    /// <summary>Bound where a format has no quads or no words.</summary>
    protected DeviceBuffer None { get; }

    /// <summary>Loads the rows of one product.</summary>
    internal WeightMatrix LoadMatrix(MatrixRows rows)
    {
        DeviceFormat format = rows.Type.ToDeviceFormat();
        int bandRows = Order.BandRows();
        long quadBytes = Order.BandQuadBytes(format, rows.Columns);
        long wordBytes = Order.BandWordBytes(format, rows.Columns);
        long bindableBands = (long)_maxBindingBytes / Math.Max(quadBytes, wordBytes);
        int partRows = (int)Math.Min(rows.Count, bindableBands * bandRows);
        if (partRows < rows.Count) partRows = Math.Max(PartAlignmentRows, partRows / PartAlignmentRows * PartAlignmentRows);
        var parts = new List<WeightPart>();
        for (int first = 0; first < rows.Count; first += partRows)
        {
            int count = Math.Min(partRows, rows.Count - first);
            int bands = (count + bandRows - 1) / bandRows;
            DeviceBuffer quads = quadBytes == 0 ? None : _memory.Create((ulong)(bands * quadBytes), BufferPlace.Device);
            DeviceBuffer words = wordBytes == 0 ? None : _memory.Create((ulong)(bands * wordBytes), BufferPlace.Device);
            FillBands(rows, first / bandRows, bands, quads, quadBytes, words, wordBytes);
            parts.Add(new WeightPart(first, count, quads, words));
        }
        return new WeightMatrix(format, rows.Count, rows.Columns, parts);
    }

    /// <summary>Loads a vector as floats, padded with zeros to whole blocks.</summary>
    /// <param name="count">How many floats.</param>
    /// <param name="fill">Called with room for them, where they are wanted at all.</param>
    internal DeviceBuffer LoadVector(int count, VectorFiller fill)
    {
        int padded = WeightOrders.BlockCount(count) * DeviceFormats.BlockColumns;
        DeviceBuffer buffer = _memory.Create((ulong)padded * sizeof(float), BufferPlace.Device);
        FillVector(buffer, count, fill);
        return buffer;
    }

    /// <summary>Brings bands of rows to a matrix's buffers.</summary>
    protected abstract void FillBands(
        MatrixRows rows, int firstBand, int bands, DeviceBuffer quads, long quadBytes, DeviceBuffer words, long wordBytes);

    /// <summary>Brings floats to a buffer, and zeros after them.</summary>
    protected abstract void FillVector(DeviceBuffer buffer, int count, VectorFiller fill);
}

/// <summary>Counts what weights would take, without reading one of them.</summary>
internal sealed class CountedWeights : WeightStore
{
    /// <inheritdoc cref="WeightStore(IDeviceMemory, WeightOrder, ulong)"/>
    internal CountedWeights(IDeviceMemory memory, WeightOrder order, ulong maxBindingBytes)
        : base(memory, order, maxBindingBytes)
    {
    }

    protected override void FillBands(
        MatrixRows rows, int firstBand, int bands, DeviceBuffer quads, long quadBytes, DeviceBuffer words, long wordBytes)
    {
    }

    protected override void FillVector(DeviceBuffer buffer, int count, VectorFiller fill)
    {
    }
}
