using System;
using System.Collections.Generic;

namespace EngineLlm.Models.Gguf;

/// <summary>Reads header, metadata and tensor directory, and checks each count and offset against the file before it is used.</summary>
internal static class GgufParser
{
    private const int MaxKeyLength = 65535;
    private const int MaxTensorNameLength = 255;
    private const int MaxKeys = 65536;
    private const int MaxTensors = 65536;
    private const int MaxDimensions = 4;
    private const int DefaultAlignment = 32;
    private const int MaxAlignment = 1 << 20;
    private const int SmallestPair = 8 + 1 + 4 + 1;
    private const int SmallestTensor = 8 + 1 + 4 + 8 + 4 + 8;

    /// <summary>Fills metadata and tensors of the file and returns its version.</summary>
    internal static int Parse(GgufFile file, List<GgufTensor> tensors, Dictionary<string, GgufTensor> tensorsByName)
    {
        var reader = new GgufReader(file);
        int version = ReadVersion(file, reader);
        ulong tensorCount = reader.UInt64("the header");
        ulong pairCount = reader.UInt64("the header");
        CheckCount(file, reader, pairCount, MaxKeys, SmallestPair, "metadata entries");
        CheckCount(file, reader, tensorCount, MaxTensors, SmallestTensor, "tensors");
        for (int i = 0; i < (int)pairCount; i++) ReadPair(file, reader, i);
        for (int i = 0; i < (int)tensorCount; i++)
        {
            GgufTensor tensor = ReadTensor(file, reader, i);
            if (!tensorsByName.TryAdd(tensor.Name, tensor)) throw file.Damaged($"the tensor {tensor.Name} is there twice");
            tensors.Add(tensor);
        }
        PlaceTensors(file, reader.Position, Alignment(file), tensors);
        return version;
    }

    private static int ReadVersion(GgufFile file, GgufReader reader)
    {
        if (file.Length < 4 || !file.Bytes(0, 4).SequenceEqual("GGUF"u8))
            throw new ModelFormatException($"{file.FileName}: not a GGUF file; EngineLlm needs a model in GGUF format.");
        reader.Take(4, "the header");
        uint version = reader.UInt32("the header");
        if (version is 2 or 3) return (int)version;
        if (version != 0 && (version & 0xFFFF) == 0)
            throw new ModelFormatException($"{file.FileName}: big-endian GGUF files are not supported; convert the model for little-endian machines.");
        throw new ModelFormatException($"{file.FileName}: GGUF version {version} is not supported, only 2 and 3; convert the model with a current converter.");
    }

    private static void CheckCount(GgufFile file, GgufReader reader, ulong count, int max, int smallest, string what)
    {
        if (count > (ulong)max || count > (ulong)(reader.Remaining / smallest))
            throw file.Damaged($"it says it has {count} {what}, more than a file of {file.Length} bytes can hold or {max} allow");
    }

    private static void ReadPair(GgufFile file, GgufReader reader, int index)
    {
        string key = reader.Name(MaxKeyLength, $"metadata key {index}");
        string shown = Printable(key);
        uint kind = reader.UInt32(shown);
        if (!file.Metadata.TryAdd(key, reader.Value(kind, shown))) throw file.Damaged($"the metadata key {shown} is there twice");
    }

    private static GgufTensor ReadTensor(GgufFile file, GgufReader reader, int index)
    {
        string what = $"the entry of tensor {index}";
        string name = Printable(reader.Name(MaxTensorNameLength, what));
        uint dimensionCount = reader.UInt32(what);
        if (dimensionCount is 0 or > MaxDimensions) throw file.Damaged($"tensor {name} has {dimensionCount} dimensions, where 1 to {MaxDimensions} are allowed");
        var dimensions = new long[dimensionCount];
        long elements = 1;
        for (int d = 0; d < dimensions.Length; d++)
        {
            ulong size = reader.UInt64(what);
            if (size == 0 || size > (ulong)(long.MaxValue / 16 / elements)) throw file.Damaged($"tensor {name} has a dimension of {size}");
            dimensions[d] = (long)size;
            elements *= (long)size;
        }
        TensorType type = ReadType(file, reader, name);
        ulong offset = reader.UInt64(what);
        if (dimensions[0] % type.BlockSize() != 0)
            throw file.Damaged($"tensor {name} has rows of {dimensions[0]} weights, no multiple of {type}'s block of {type.BlockSize()}");
        return new GgufTensor(file, name, type, dimensions, elements, elements / type.BlockSize() * type.BlockBytes(), offset);
    }

    private static TensorType ReadType(GgufFile file, GgufReader reader, string name)
    {
        uint id = reader.UInt32("the type of tensor " + name);
        var type = (TensorType)(int)Math.Min(id, int.MaxValue);
        if (type.IsKnown()) return type;
        throw new UnsupportedModelException(
            $"{file.FileName}: tensor {name} is of the unknown type {id}; quantise the model to one of {TensorTypes.SupportedNames}.");
    }

    private static int Alignment(GgufFile file)
    {
        int alignment = file.Metadata.Integer("general.alignment", 8, MaxAlignment, DefaultAlignment);
        if ((alignment & (alignment - 1)) != 0) throw file.Damaged($"general.alignment is {alignment}, no power of two");
        return alignment;
    }

    private static void PlaceTensors(GgufFile file, long directoryEnd, int alignment, List<GgufTensor> tensors)
    {
        long dataStart = (directoryEnd + alignment - 1) / alignment * alignment;
        foreach (GgufTensor tensor in tensors)
        {
            if (tensor.DataOffset % (ulong)alignment != 0) throw file.Damaged($"tensor {tensor.Name} is not aligned to {alignment} bytes");
            long room = file.Length - dataStart;
            if (tensor.ByteSize > room || tensor.DataOffset > (ulong)(room - tensor.ByteSize))
                throw file.Damaged($"tensor {tensor.Name} needs {tensor.ByteSize} bytes that go past the end of the file at byte {file.Length}");
            tensor.FileOffset = dataStart + (long)tensor.DataOffset;
        }
        CheckOverlap(file, tensors);
    }

    private static void CheckOverlap(GgufFile file, List<GgufTensor> tensors)
    {
        var order = new List<GgufTensor>(tensors);
        order.Sort((a, b) => a.FileOffset.CompareTo(b.FileOffset));
        for (int i = 1; i < order.Count; i++)
        {
            if (order[i - 1].FileOffset + order[i - 1].ByteSize > order[i].FileOffset)
                throw file.Damaged($"the tensors {order[i - 1].Name} and {order[i].Name} overlap");
        }
    }

    /// <summary>A name from the file, fit for a one-line message.</summary>
    internal static string Printable(string name)
    {
        if (name.Length > 100) name = name.Substring(0, 100) + "...";
        foreach (char c in name)
        {
            if (char.IsControl(c)) return string.Join("", Array.ConvertAll(name.ToCharArray(), x => char.IsControl(x) ? "?" : x.ToString()));
        }
        return name;
    }
}
