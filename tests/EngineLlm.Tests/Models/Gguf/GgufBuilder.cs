using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Tests.Models.Gguf;

/// <summary>Writes small GGUF files for tests, honest ones and, through its public fields, lying ones.</summary>
internal sealed class GgufBuilder
{
    private readonly List<(string Key, uint Kind, Action<BinaryWriter> Write)> _pairs = new();
    private readonly List<(string Name, long[] Dimensions, TensorType Type, byte[] Data)> _tensors = new();

    internal uint Version { get; set; } = 3;

    internal int Alignment { get; set; } = 32;

    internal ulong? LyingTensorCount { get; set; }

    internal ulong? LyingPairCount { get; set; }

    internal Func<string, ulong, ulong>? LyingOffset { get; set; }

    internal GgufBuilder Add(string key, uint value) => Raw(key, GgufKind.UInt32, w => w.Write(value));

    internal GgufBuilder Add(string key, float value) => Raw(key, GgufKind.Float32, w => w.Write(value));

    internal GgufBuilder Add(string key, bool value) => Raw(key, GgufKind.Bool, w => w.Write(value));

    internal GgufBuilder Add(string key, string value) => Raw(key, GgufKind.String, w => WriteString(w, value));

    internal GgufBuilder Add(string key, params string[] values) => Raw(key, GgufKind.Array, w =>
    {
        WriteArrayHeader(w, GgufKind.String, values.Length);
        foreach (string value in values) WriteString(w, value);
    });

    internal GgufBuilder Add(string key, params byte[][] values) => Raw(key, GgufKind.Array, w =>
    {
        WriteArrayHeader(w, GgufKind.String, values.Length);
        foreach (byte[] value in values)
        {
            w.Write((ulong)value.Length);
            w.Write(value);
        }
    });

    internal GgufBuilder Add(string key, params int[] values) => Raw(key, GgufKind.Array, w =>
    {
        WriteArrayHeader(w, GgufKind.Int32, values.Length);
        foreach (int value in values) w.Write(value);
    });

    internal GgufBuilder Add(string key, params float[] values) => Raw(key, GgufKind.Array, w =>
    {
        WriteArrayHeader(w, GgufKind.Float32, values.Length);
        foreach (float value in values) w.Write(value);
    });

    internal GgufBuilder Raw(string key, GgufKind kind, Action<BinaryWriter> write)
    {
        _pairs.Add((key, (uint)kind, write));
        return this;
    }

    internal GgufBuilder AddPairs(GgufBuilder other)
    {
        _pairs.AddRange(other._pairs);
        return this;
    }

    internal GgufBuilder Remove(string key)
    {
        _pairs.RemoveAll(pair => pair.Key == key);
        return this;
    }

    internal GgufBuilder Tensor(string name, TensorType type, params long[] dimensions)
    {
        long elements = 1;
        foreach (long size in dimensions) elements *= size;
        return Tensor(name, type, dimensions, new byte[elements / type.BlockSize() * type.BlockBytes()]);
    }

    internal GgufBuilder Tensor(string name, TensorType type, long[] dimensions, byte[] data)
    {
        _tensors.Add((name, dimensions, type, data));
        return this;
    }

    internal GgufBuilder RemoveTensor(string name)
    {
        _tensors.RemoveAll(tensor => tensor.Name == name);
        return this;
    }

    /// <summary>The model split over several files: all metadata in the first, and the tensors dealt out in turn.</summary>
    internal GgufBuilder[] Split(int count)
    {
        var parts = new GgufBuilder[count];
        for (int i = 0; i < count; i++)
        {
            parts[i] = new GgufBuilder { Version = Version, Alignment = Alignment }.AddSplit(i, count, _tensors.Count);
            if (i == 0) parts[i]._pairs.AddRange(_pairs);
            for (int k = i; k < _tensors.Count; k += count) parts[i]._tensors.Add(_tensors[k]);
        }
        return parts;
    }

    internal GgufBuilder AddSplit(int number, int count, int tensors) =>
        Raw("split.no", GgufKind.UInt16, w => w.Write((ushort)number))
            .Raw("split.count", GgufKind.UInt16, w => w.Write((ushort)count))
            .Raw("split.tensors.count", GgufKind.Int32, w => w.Write(tensors));

    internal byte[] ToArray()
    {
        var stream = new MemoryStream();
        var writer = new BinaryWriter(stream);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write(LyingTensorCount ?? (ulong)_tensors.Count);
        writer.Write(LyingPairCount ?? (ulong)_pairs.Count);
        foreach (var (key, kind, write) in _pairs)
        {
            WriteString(writer, key);
            writer.Write(kind);
            write(writer);
        }
        WriteDirectory(writer);
        foreach (var tensor in _tensors)
        {
            Pad(writer);
            writer.Write(tensor.Data);
        }
        return stream.ToArray();
    }

    internal static void WriteString(BinaryWriter writer, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    internal static void WriteArrayHeader(BinaryWriter writer, GgufKind kind, int count)
    {
        writer.Write((uint)kind);
        writer.Write((ulong)count);
    }

    private void WriteDirectory(BinaryWriter writer)
    {
        ulong offset = 0;
        foreach (var (name, dimensions, type, data) in _tensors)
        {
            WriteString(writer, name);
            writer.Write((uint)dimensions.Length);
            foreach (long size in dimensions) writer.Write(size);
            writer.Write((uint)type);
            writer.Write(LyingOffset?.Invoke(name, offset) ?? offset);
            offset += (ulong)((data.Length + Alignment - 1) / Alignment * Alignment);
        }
    }

    private void Pad(BinaryWriter writer)
    {
        while (writer.BaseStream.Length % Alignment != 0) writer.Write((byte)0);
    }
}
