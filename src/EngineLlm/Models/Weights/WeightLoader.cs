using System;
using System.Threading;
using System.Threading.Tasks;
using EngineLlm.Vulkan;

namespace EngineLlm.Models.Weights;

/// <summary>
/// Brings weights to the device in the order that its kernels read. Packing runs on all cores; where the device's memory is not mapped, packed
/// pieces go through two upload buffers on the transfer queue, one filled while the other is copied.
/// </summary>
internal sealed unsafe class WeightLoader : WeightStore, IDisposable
{
    private readonly Action<long>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly StagingUploader _staging;

    /// <param name="device">The device.</param>
    /// <param name="memory">Where the weights' memory comes from.</param>
    /// <param name="order">What the device's kernels read.</param>
    /// <param name="progress">Called with the bytes of each finished piece.</param>
    /// <param name="cancellation">Stops between pieces.</param>
    internal WeightLoader(VulkanDevice device, DeviceMemoryPool memory, WeightOrder order, Action<long>? progress, CancellationToken cancellation)
        : base(memory, order, device.Physical.Limits.MaxStorageBufferRange)
    {
        _progress = progress;
        _cancellation = cancellation;
        _staging = new StagingUploader(device);
    }

    public void Dispose() => _staging.Dispose();

    protected override void FillBands(
        MatrixRows rows, int firstBand, int bands, DeviceBuffer quads, long quadBytes, DeviceBuffer words, long wordBytes)
    {
        int bandsPerPiece = (int)Math.Max(1, Math.Min(bands, StagingUploader.PieceBytes / (quadBytes + wordBytes)));
        for (int first = 0; first < bands; first += bandsPerPiece)
        {
            _cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(bandsPerPiece, bands - first);
            long quadOffset = first * quadBytes;
            long wordOffset = first * wordBytes;
            if (None.IsMapped)
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

    protected override void FillVector(DeviceBuffer buffer, int count, VectorFiller fill)
    {
        long bytes = (long)buffer.Bytes;
        if (buffer.IsMapped)
        {
            Write(buffer.Mapped, bytes, count, fill);
            return;
        }
        byte* piece = _staging.Begin(bytes);
        Write(piece, bytes, count, fill);
        _staging.Copy(0, buffer, 0, bytes);
        _staging.End();
    }

    private static void Write(byte* target, long bytes, int count, VectorFiller fill)
    {
        var floats = new Span<float>(target, checked((int)(bytes / sizeof(float))));
        fill(floats.Slice(0, count));
        floats.Slice(count).Clear();
    }

    private void Pack(MatrixRows rows, int firstBand, int count, byte* quads, long quadBytes, byte* words, long wordBytes)
    {
        if (count == 1)
        {
            Order.Pack(rows, firstBand, (uint*)quads, (uint*)words);
            return;
        }
        Parallel.For(0, count, i => Order.Pack(rows, firstBand + i, (uint*)(quads + i * quadBytes), (uint*)(words + i * wordBytes)));
    }
}
