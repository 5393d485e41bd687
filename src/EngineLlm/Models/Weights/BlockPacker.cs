using System;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Models.Weights;

/// <summary>
/// Turns 32 weights of a GGUF row into the quads and words of a device format, as shaders/weight_formats.glsl lays them out. Scales and minima
/// that GGUF keeps as products (Q4_K, Q5_K, Q6_K, IQ4_XS) are rounded to f16: by at most 2^-11 of each, a hundredth of what quantising
/// cost.
/// </summary>
internal static unsafe class BlockPacker
{
    /// <summary>The most quads a block has in any format.</summary>
    internal const int MaxQuads = 8;

    /// <summary>The most words a block has in any format.</summary>
    internal const int MaxWords = 3;

    /// <summary>Packs one block.</summary>
    /// <param name="type">GGUF type of the row.</param>
    /// <param name="row">The row's first byte.</param>
    /// <param name="columns">Columns of the row; what lies past them is zero.</param>
    /// <param name="block">Which 32 columns.</param>
    /// <param name="quads">[4 * quads of the format] receives the quads.</param>
    /// <param name="words">[words of the format] receives the words; the last one holds the scale where there is a word for it.</param>
    internal static void Pack(TensorType type, byte* row, int columns, int block, uint* quads, uint* words)
    {
        DeviceFormat format = type.ToDeviceFormat();
        if (format >= DeviceFormat.F16)
        {
            PackPlain(type, row, columns, block, quads);
            return;
        }
        WeightBlock source = default;
        source.Read(type, row, block);
        switch (format)
        {
            case DeviceFormat.Q2:
                PackFields(&source, 2, words);
                words[2] = source.Codes;
                break;
            case DeviceFormat.Q3:
                PackThrees(&source, quads);
                quads[3] = source.Codes;
                break;
            case DeviceFormat.Q4:
            case DeviceFormat.NL4:
            case DeviceFormat.FP4:
                PackFields(&source, 4, quads);
                words[0] = SingleBits(source.Scale);
                break;
            case DeviceFormat.Q4M:
                PackFields(&source, 4, quads);
                words[0] = Pair(source.Scale, source.Minimum);
                break;
            case DeviceFormat.Q5M:
                words[0] = PackFives(&source, quads);
                words[1] = Pair(source.Scale, source.Minimum);
                break;
            case DeviceFormat.Q6:
                PackSixes(&source, quads, words);
                words[2] = Pair(source.Scale, source.SecondScale);
                break;
            default:
                PackFields(&source, 8, quads);
                words[0] = SingleBits(source.Scale);
                break;
        }
    }

    private static void PackFields(WeightBlock* source, int bits, uint* words)
    {
        int perWord = 32 / bits;
        for (int word = 0; word < bits; word++)
        {
            uint packed = 0;
            for (int i = 0; i < perWord; i++) packed |= (uint)source->Fields[word * perWord + i] << bits * i;
            words[word] = packed;
        }
    }

    // Ten fields a word; the last two fields are spread over the two bits that each word has left.
    private static void PackThrees(WeightBlock* source, uint* quads)
    {
        uint spare = (uint)(source->Fields[30] | source->Fields[31] << 3);
        for (int word = 0; word < 3; word++)
        {
            uint packed = (spare >> 2 * word & 3) << 30;
            for (int i = 0; i < 10; i++) packed |= (uint)source->Fields[10 * word + i] << 3 * i;
            quads[word] = packed;
        }
    }

    // Six fields a word; the last two fields are spread over the two bits that each word has left.
    private static uint PackFives(WeightBlock* source, uint* quads)
    {
        uint spare = (uint)(source->Fields[30] | source->Fields[31] << 5);
        uint fifth = 0;
        for (int word = 0; word < 5; word++)
        {
            uint packed = (spare >> 2 * word & 3) << 30;
            for (int i = 0; i < 6; i++) packed |= (uint)source->Fields[6 * word + i] << 5 * i;
            if (word < 4) quads[word] = packed;
            else fifth = packed;
        }
        return fifth;
    }

    // Each half has fifteen fields in three words, and its sixteenth in the two bits that each word has left.
    private static void PackSixes(WeightBlock* source, uint* quads, uint* words)
    {
        for (int word = 0; word < 6; word++)
        {
            int half = word / 3;
            byte* fields = source->Fields + 16 * half;
            uint packed = (uint)(fields[15] >> 2 * (word % 3) & 3) << 30;
            for (int i = 0; i < 5; i++) packed |= (uint)fields[5 * (word % 3) + i] << 6 * i;
            if (word < 4) quads[word] = packed;
            else words[word - 4] = packed;
        }
    }

    private static void PackPlain(TensorType type, byte* row, int columns, int block, uint* quads)
    {
        int size = type.BlockBytes();
        int first = block * DeviceFormats.BlockColumns;
        int count = Math.Min(DeviceFormats.BlockColumns, columns - first);
        var target = new Span<byte>(quads, DeviceFormats.BlockColumns * size);
        new ReadOnlySpan<byte>(row + (long)first * size, count * size).CopyTo(target);
        target.Slice(count * size).Clear();
    }

    private static uint Pair(float low, float high) => HalfFloat.FromSingle(low) | (uint)HalfFloat.FromSingle(high) << 16;

    private static uint SingleBits(float value) => *(uint*)&value;
}
