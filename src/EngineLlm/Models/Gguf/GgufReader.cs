using System;
using System.Buffers.Binary;
using System.Text;

namespace EngineLlm.Models.Gguf;

/// <summary>A cursor over the map in which every step is checked against the end of the file before a byte is touched.</summary>
internal sealed class GgufReader
{
    private const int MaxArrayDepth = 4;
    private readonly GgufFile _file;

    internal GgufReader(GgufFile file) => _file = file;

    /// <summary>Offset of the next byte, from the beginning of the file.</summary>
    internal long Position { get; private set; }

    /// <summary>Bytes from here to the end of the file.</summary>
    internal long Remaining => _file.Length - Position;

    internal ReadOnlySpan<byte> Take(int length, string what)
    {
        if (length > Remaining) throw Truncated(what);
        ReadOnlySpan<byte> bytes = _file.Bytes(Position, length);
        Position += length;
        return bytes;
    }

    internal uint UInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(4, what));

    internal ulong UInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(8, what));

    /// <summary>A name: short, not empty, text.</summary>
    internal string Name(int maxLength, string what)
    {
        ulong length = UInt64(what);
        if (length == 0 || length > (ulong)maxLength)
            throw _file.Damaged($"{what} is {length} bytes long, where 1 to {maxLength} are allowed");
        return Encoding.UTF8.GetString(Take((int)length, what));
    }

    /// <summary>Reads one value of the kind, or rather steps over it and remembers where it is.</summary>
    internal GgufValue Value(uint kindId, string what)
    {
        GgufKind kind = CheckKind(kindId, what);
        if (kind == GgufKind.Array) return ArrayValue(what);
        if (kind == GgufKind.String)
        {
            int length = StringLength(what);
            Position += length;
            return new GgufValue(_file, kind, Position - length, length);
        }
        int size = kind.FixedSize();
        if (Take(size, what)[0] > 1 && kind == GgufKind.Bool) throw _file.Damaged($"{what} is a boolean that is neither 0 nor 1");
        return new GgufValue(_file, kind, Position - size, size);
    }

    private GgufValue ArrayValue(string what)
    {
        long header = Position;
        SkipArray(what, 1);
        long end = Position;
        Position = header;
        GgufKind elementKind = CheckKind(UInt32(what), what);
        int count = (int)UInt64(what);
        long start = Position;
        Position = end;
        if (end - start > int.MaxValue) throw _file.Damaged($"{what} is longer than 2 GiB");
        return new GgufValue(_file, GgufKind.Array, start, end - start, elementKind, count);
    }

    private void SkipArray(string what, int depth)
    {
        if (depth > MaxArrayDepth) throw _file.Damaged($"{what} has arrays nested deeper than {MaxArrayDepth}");
        GgufKind kind = CheckKind(UInt32(what), what);
        ulong count = UInt64(what);
        if (count > (ulong)(Remaining / kind.SmallestSize()) || count > int.MaxValue)
            throw _file.Damaged($"{what} says it has {count} elements, more than the rest of the file holds");
        if (kind == GgufKind.String)
        {
            for (ulong i = 0; i < count; i++) SkipString(what);
        }
        else if (kind == GgufKind.Array)
        {
            for (ulong i = 0; i < count; i++) SkipArray(what, depth + 1);
        }
        else
        {
            Position += (long)count * kind.FixedSize();
        }
    }

    private void SkipString(string what)
    {
        int length = StringLength(what);
        Position += length;
    }

    private int StringLength(string what)
    {
        ulong length = UInt64(what);
        if (length > (ulong)Remaining || length > int.MaxValue) throw Truncated(what);
        return (int)length;
    }

    private GgufKind CheckKind(uint id, string what)
    {
        if (id > (uint)GgufKind.Float64) throw _file.Damaged($"{what} has the unknown value type {id}");
        return (GgufKind)id;
    }

    private ModelFormatException Truncated(string what) => _file.Damaged($"it ends at byte {_file.Length}, in the middle of {what}");
}
