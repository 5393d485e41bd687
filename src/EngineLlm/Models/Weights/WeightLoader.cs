using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using EngineLlm.Vulkan;

namespace EngineLlm.Models.Weights;

/// <summary>
/// Brings weights to the device in the order that its kernels read. Packing runs on all cores; where the device's memory is not mapped, packed
/// pieces go through two upload buffers on the transfer queue, one filled while the other is copied.
/// </summary>
internal sealed unsafe class WeightLoader : IDisposable
{
    private const int PartAlignmentRows = 128;
    private readonly VulkanDevice _device;
    private readonly DeviceMemoryPool _memory;
    private readonly WeightOrder _order;
    private readonly Action<long>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly StagingUploader _staging;
    private readonly DeviceBuffer _none;

    /// <param name="device">The device.</param>
    /// <param name="memory">Where the weights' memory comes from.</param>
    /// <param name="order">What the device's kernels read.</param>
    /// <param name="progress">Called with the bytes of each finished piece.</param>
    /// <param name="cancellation">Stops between pieces.</param>
    internal WeightLoader(VulkanDevice device, DeviceMemoryPool memory, WeightOrder order, Action<long>? progress, CancellationToken cancellation)
    {
        _device = device;
        _memory = memory;
        _order = order;
        _progress = progress;
        _cancellation = cancellation;
        _staging = new StagingUploader(device);
        _none = memory.Create(16, BufferPlace.Device);
    }

    /// <summary>Loads the rows of one product.</summary>
    internal WeightMatrix LoadMatrix(MatrixRows rows)
    {
        DeviceFormat format = rows.Type.ToDeviceFormat();
        int bandRows = _order.BandRows();
        long quadBytes = _order.BandQuadBytes(format, rows.Columns);
        long wordBytes = _order.BandWordBytes(format, rows.Columns);
        long bindableBands = _device.Physical.Limits.MaxStorageBufferRange / Math.Max(quadBytes, wordBytes);
        int partRows = (int)Math.Min(rows.Count, bindableBands * bandRows);
        if (partRows < rows.Count) partRows = Math.Max(PartAlignmentRows, partRows / PartAlignmentRows * PartAlignmentRows);
        var parts = new List<WeightPart>();
        for (int first = 0; first < rows.Count; first += partRows)
        {
            int count = Math.Min(partRows, rows.Count - first);
            int bands = (count + bandRows - 1) / bandRows;
            DeviceBuffer quads = quadBytes == 0 ? _none : _memory.Create((ulong)(bands * quadBytes), BufferPlace.Device);
            DeviceBuffer words = wordBytes == 0 ? _none : _memory.Create((ulong)(bands * wordBytes), BufferPlace.Device);
            LoadBands(rows, first / bandRows, bands, quads, quadBytes, words, wordBytes);
            parts.Add(new WeightPart(first, count, quads, words));
        }
        return new WeightMatrix(format, rows.Count, rows.Columns, parts);
    }

    /// <summary>Loads a vector as floats, padded with zeros to whole blocks.</summary>
    internal DeviceBuffer LoadVector(ReadOnlySpan<float> values)
    {
        int padded = WeightOrders.BlockCount(values.Length) * DeviceFormats.BlockColumns;
        var bytes = new float[padded];
        values.CopyTo(bytes);
        DeviceBuffer buffer = _memory.Create((ulong)padded * sizeof(float), BufferPlace.Device);
        fixed (float* source = bytes) Write(buffer, 0, (byte*)source, padded * sizeof(float));
        return buffer;
    }

    public void Dispose() => _staging.Dispose();

    private void LoadBands(MatrixRows rows, int firstBand, int bands, DeviceBuffer quads, long quadBytes, DeviceBuffer words, long wordBytes)
    {
        int bandsPerPiece = (int)Math.Max(1, Math.Min(bands, StagingUploader.PieceBytes / (quadBytes + wordBytes)));
        for (int first = 0; first < bands; first += bandsPerPiece)
        {
            _cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(bandsPerPiece, bands - first);
            long quadOffset = first * quadBytes;
            long wordOffset = first * wordBytes;
            if (_none.IsMapped)
            {
                Pack(rows, firstBand + first, count, quads.Mapped + quadOffset, quadBytes, words.Mapped + wordOffset, wordBytes);
            }
            else
            {
                byte* piece = _staging.Begin(count * (quadBytes + wordBytes));
                Pack(rows, firstBand + first, count, piece, quadBytes, piece + count * quadBytes, wordBytes);
                if (quadBytes > 0) _staging.Copy(0, quads, quadOffset, count * quadBytes);
                if (wordBytes > 0) _staging.Copy(count * quadBytes, words, wordOffset, count * wordBytes);
                _staging.End();
            }
            _progress?.Invoke(count * (quadBytes + wordBytes));
        }
    }

    private void Pack(MatrixRows rows, int firstBand, int count, byte* quads, long quadBytes, byte* words, long wordBytes)
    {
        if (count == 1)
        {
            _order.Pack(rows, firstBand, (uint*)quads, (uint*)words);
            return;
        }
        Parallel.For(0, count, i => _order.Pack(rows, firstBand + i, (uint*)(quads + i * quadBytes), (uint*)(words + i * wordBytes)));
    }

    private void Write(DeviceBuffer buffer, long offset, byte* source, long bytes)
    {
        if (buffer.IsMapped)
        {
            Buffer.MemoryCopy(source, buffer.Mapped + offset, bytes, bytes);
            return;
        }
        byte* piece = _staging.Begin(bytes);
        Buffer.MemoryCopy(source, piece, bytes, bytes);
        _staging.Copy(0, buffer, offset, bytes);
        _staging.End();
    }
}
