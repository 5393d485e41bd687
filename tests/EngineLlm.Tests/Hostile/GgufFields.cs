using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Tests.Hostile;

/// <summary>A number in a GGUF's header, metadata or directory: a count, length, type, offset, dimension or value.</summary>
/// <param name="Position">Its first byte.</param>
/// <param name="Size">4 or 8 bytes; 1 or 2 for small values.</param>
/// <param name="IsMeaning">Whether it is a value or a dimension, which only those stumble over who understand the file.</param>
internal readonly record struct NumberField(int Position, int Size, bool IsMeaning);

/// <summary>A string value of the metadata.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Position">The first byte of its length.</param>
/// <param name="Length">Bytes of its text.</param>
internal readonly record struct TextField(string Key, int Position, int Length);

/// <summary>Where the numbers and texts of a GGUF lie. For files that are as they should be: nothing is checked.</summary>
internal sealed class GgufFields
{
    // Of long arrays only the first elements are listed: the others would drown everything else.
    private const int ListedElements = 6;
    private readonly byte[] _bytes;
    private int _position = 8;

    internal GgufFields(byte[] bytes)
    {
        _bytes = bytes;
        int tensors = (int)Number(8), pairs = (int)Number(8);
        for (int i = 0; i < pairs; i++) ReadPair();
        for (int i = 0; i < tensors; i++) ReadTensor();
        DirectoryEnd = _position;
    }

    internal List<NumberField> Numbers { get; } = new();

    internal List<TextField> Texts { get; } = new();

    /// <summary>Where the directory ends and the tensors' bytes begin.</summary>
    internal int DirectoryEnd { get; }

    private ulong Number(int size, bool listed = true, bool isMeaning = false)
    {
        if (listed) Numbers.Add(new NumberField(_position, size, isMeaning));
        ReadOnlySpan<byte> at = _bytes.AsSpan(_position);
        _position += size;
        return size switch
        {
            1 => at[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(at),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(at),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(at),
        };
    }

    private string Name()
    {
        int length = (int)Number(8);
        _position += length;
        return Encoding.UTF8.GetString(_bytes, _position - length, length);
    }

    private void ReadPair()
    {
        string key = Name();
        ReadValue((GgufKind)Number(4), key, listed: true);
    }

    private void ReadValue(GgufKind kind, string key, bool listed)
    {
        switch (kind)
        {
            case GgufKind.String:
                int start = _position;
                int length = (int)Number(8, listed);
                if (listed) Texts.Add(new TextField(key, start, length));
                _position += length;
                break;
            case GgufKind.Array:
                var elements = (GgufKind)Number(4, listed);
                int count = (int)Number(8, listed);
                for (int i = 0; i < count; i++) ReadValue(elements, key, listed && i < ListedElements);
                break;
            default:
                Number(kind.FixedSize(), listed, isMeaning: true);
                break;
        }
    }

    private void ReadTensor()
    {
        Name();
        int dimensions = (int)Number(4);
        for (int d = 0; d < dimensions; d++) Number(8, isMeaning: true);
        Number(4);
        Number(8);
    }
}
