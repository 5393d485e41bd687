using System;
using System.Buffers.Binary;
using System.Text;

namespace EngineLlm.Models.Gguf;

/// <summary>One metadata value. It stays in the file's memory map and is decoded when asked for, so it is valid while the file is open.</summary>
internal readonly struct GgufValue
{
    private readonly GgufFile _file;
    private readonly long _offset;
    private readonly long _length;

    internal GgufValue(GgufFile file, GgufKind kind, long offset, long length, GgufKind elementKind = default, int count = 0)
    {
        _file = file;
        _offset = offset;
        _length = length;
        Kind = kind;
        ElementKind = elementKind;
        Count = count;
    }

    /// <summary>What the value is.</summary>
    internal GgufKind Kind { get; }

    /// <summary>For an array: what its elements are.</summary>
    internal GgufKind ElementKind { get; }

    /// <summary>For an array: how many elements it has. Checked against the file's length.</summary>
    internal int Count { get; }

    /// <summary>Whether the value is an array of strings.</summary>
    internal bool IsStringArray => Kind == GgufKind.Array && ElementKind == GgufKind.String;

    /// <summary>Whether the value is an array of numbers or booleans.</summary>
    internal bool IsNumberArray => Kind == GgufKind.Array && ElementKind.FixedSize() != 0;

    /// <summary>The value as an integer, if it is one that fits.</summary>
    internal bool TryGetInteger(out long value)
    {
        value = 0;
        return Kind.FixedSize() != 0 && TryDecodeInteger(Kind, Bytes(), out value);
    }

    /// <summary>The value as a number, if it is one.</summary>
    internal bool TryGetNumber(out double value)
    {
        value = 0;
        return Kind is not GgufKind.Bool && Kind.FixedSize() != 0 && TryDecodeNumber(Kind, Bytes(), out value);
    }

    /// <summary>The value as a boolean, if it is one.</summary>
    internal bool TryGetBool(out bool value)
    {
        value = Kind == GgufKind.Bool && Bytes()[0] != 0;
        return Kind == GgufKind.Bool;
    }

    /// <summary>The value as text, if it is a string. Bytes that are no UTF-8 become U+FFFD.</summary>
    internal bool TryGetString(out string value)
    {
        value = Kind == GgufKind.String ? Encoding.UTF8.GetString(Bytes()) : "";
        return Kind == GgufKind.String;
    }

    /// <summary>Copies an array of integers, each in the range of int; false where it is no such array.</summary>
    internal bool TryGetInt32Array(out int[] values)
    {
        values = Array.Empty<int>();
        if (!IsNumberArray) return false;
        var result = new int[Count];
        int size = ElementKind.FixedSize();
        ReadOnlySpan<byte> bytes = Bytes();
        for (int i = 0; i < result.Length; i++)
        {
            if (!TryDecodeInteger(ElementKind, bytes.Slice(i * size, size), out long value) || value is < int.MinValue or > int.MaxValue) return false;
            result[i] = (int)value;
        }
        values = result;
        return true;
    }

    /// <summary>Copies an array of numbers; false where it is no such array.</summary>
    internal bool TryGetSingleArray(out float[] values)
    {
        values = Array.Empty<float>();
        if (!IsNumberArray) return false;
        var result = new float[Count];
        int size = ElementKind.FixedSize();
        ReadOnlySpan<byte> bytes = Bytes();
        for (int i = 0; i < result.Length; i++)
        {
            if (!TryDecodeNumber(ElementKind, bytes.Slice(i * size, size), out double value)) return false;
            result[i] = (float)value;
        }
        values = result;
        return true;
    }

    /// <summary>Copies an array of booleans; false where it is no such array.</summary>
    internal bool TryGetFlags(out bool[] values)
    {
        values = Array.Empty<bool>();
        if (Kind != GgufKind.Array || ElementKind != GgufKind.Bool) return false;
        ReadOnlySpan<byte> bytes = Bytes();
        values = new bool[Count];
        for (int i = 0; i < values.Length; i++) values[i] = bytes[i] != 0;
        return true;
    }

    /// <summary>Walks the strings of an array of strings in order, without decoding them.</summary>
    internal StringEnumerator Strings => IsStringArray ? new StringEnumerator(Bytes(), Count) : default;

    /// <summary>Whether the two are the same, byte for byte.</summary>
    internal bool IsSameAs(GgufValue other) =>
        Kind == other.Kind && ElementKind == other.ElementKind && Bytes().SequenceEqual(other.Bytes());

    private ReadOnlySpan<byte> Bytes() => _file.Bytes(_offset, checked((int)_length));

    private static bool TryDecodeInteger(GgufKind kind, ReadOnlySpan<byte> bytes, out long value)
    {
        value = kind switch
        {
            GgufKind.UInt8 => bytes[0],
            GgufKind.Int8 => (sbyte)bytes[0],
            GgufKind.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            GgufKind.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            GgufKind.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            GgufKind.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            GgufKind.UInt64 or GgufKind.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            _ => 0,
        };
        bool isInteger = kind is not (GgufKind.Float32 or GgufKind.Float64 or GgufKind.Bool);
        return isInteger && (kind != GgufKind.UInt64 || value >= 0);
    }

    private static bool TryDecodeNumber(GgufKind kind, ReadOnlySpan<byte> bytes, out double value)
    {
        switch (kind)
        {
            case GgufKind.Float32:
                value = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt32LittleEndian(bytes));
                return true;
            case GgufKind.Float64:
                value = BitConverter.Int64BitsToDouble(BinaryPrimitives.ReadInt64LittleEndian(bytes));
                return true;
            default:
                bool isInteger = TryDecodeInteger(kind, bytes, out long integer);
                value = integer;
                return isInteger;
        }
    }

    /// <summary>Steps through the length-prefixed strings of an array; the file's parser has checked every length.</summary>
    internal ref struct StringEnumerator
    {
        private ReadOnlySpan<byte> _rest;
        private int _left;

        internal StringEnumerator(ReadOnlySpan<byte> bytes, int count)
        {
            _rest = bytes;
            _left = count;
            Current = default;
        }

        /// <summary>The bytes of the string at hand, UTF-8 by convention only.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>For `foreach`.</summary>
        public readonly StringEnumerator GetEnumerator() => this;

        /// <summary>Moves to the next string.</summary>
        public bool MoveNext()
        {
            if (_left == 0) return false;
            _left--;
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(_rest);
            Current = _rest.Slice(8, length);
            _rest = _rest.Slice(8 + length);
            return true;
        }
    }
}
