using System;
using System.Text;

namespace EngineLlm.Native;

/// <summary>Words on their way out: characters go in, UTF-8 comes out; allocates nothing once its two buffers are large enough.</summary>
/// <remarks>[_start, _end) of <c>_bytes</c> has not been taken yet, and there is always room for a zero byte behind it.</remarks>
internal sealed class Utf8Outbox
{
    private readonly Encoder _encoder = Encoding.UTF8.GetEncoder();
    private byte[] _bytes = new byte[256];
    private byte[] _taken = new byte[256];
    private int _start;
    private int _end;

    /// <summary>Bytes that have not been taken yet.</summary>
    internal int Count => _end - _start;

    /// <summary>True once anything was added since the last <see cref="Clear"/>.</summary>
    internal bool HasHadAny { get; private set; }

    /// <summary>Adds characters. Half a surrogate pair waits for its other half.</summary>
    internal void Append(ReadOnlySpan<char> text) => Encode(text, isLast: false);

    /// <summary>Adds what was held back, as a replacement character.</summary>
    internal void Finish() => Encode([], isLast: true);

    /// <summary>Forgets everything.</summary>
    internal void Clear()
    {
        _encoder.Reset();
        _start = _end = 0;
        HasHadAny = false;
    }

    /// <summary>Takes as many whole characters as fit.</summary>
    /// <returns>The number of bytes.</returns>
    internal int Read(Span<byte> destination)
    {
        int count = Math.Min(Count, destination.Length);
        while (count < Count && count > 0 && IsContinuation(_bytes[_start + count])) count--;
        _bytes.AsSpan(_start, count).CopyTo(destination);
        _start += count;
        if (_start == _end) _start = _end = 0;
        return count;
    }

    /// <summary>Takes everything. A zero byte stands behind the span, which is valid until the next call but one of this method.</summary>
    internal ReadOnlySpan<byte> TakeAll()
    {
        int start = _start, count = Count;
        (_bytes, _taken) = (_taken, _bytes);
        _start = _end = 0;
        _taken[start + count] = 0;
        return _taken.AsSpan(start, count);
    }

    private static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;

    private void Encode(ReadOnlySpan<char> text, bool isLast)
    {
        int room = _end + Encoding.UTF8.GetMaxByteCount(text.Length) + 1;
        if (room > _bytes.Length) Array.Resize(ref _bytes, Math.Max(room, _bytes.Length * 2));
        int added = _encoder.GetBytes(text, _bytes.AsSpan(_end), isLast);
        _end += added;
        HasHadAny |= added > 0;
    }
}
