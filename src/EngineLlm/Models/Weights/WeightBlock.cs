using System;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Models.Weights;

/// <summary>
/// 32 consecutive weights of a row, taken out of GGUF's block formats: unsigned fields and what turns them into values. Block layouts:
/// https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h
/// </summary>
internal unsafe struct WeightBlock
{
    /// <summary>[32] the unsigned fields.</summary>
    internal fixed byte Fields[DeviceFormats.BlockColumns];

    /// <summary>Scale of the block, or of its first 16 fields where the format has two.</summary>
    internal float Scale;

    /// <summary>Scale of the last 16 fields, where the format has two.</summary>
    internal float SecondScale;

    /// <summary>Minimum, where the format has one; of the first 16 fields where it has two.</summary>
    internal float Minimum;

    /// <summary>Minimum of the last 16 fields of <see cref="DeviceFormat.Q2"/>.</summary>
    internal float SecondMinimum;

    /// <summary>What the scales and minima of <see cref="DeviceFormat.Q2"/> and <see cref="DeviceFormat.Q3"/> are made of.</summary>
    internal uint Codes;

    // What IQ4_NL and IQ4_XS quantise to.
    private static readonly sbyte[] s_nonLinear = { -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113 };

    // Twice the values of e2m1, as MXFP4's scales expect.
    private static readonly sbyte[] s_floats = { 0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12 };

    /// <summary>Reads the block at a column of a row.</summary>
    /// <param name="type">A quantised type.</param>
    /// <param name="row">The row's first byte.</param>
    /// <param name="block">Which 32 columns.</param>
    internal void Read(TensorType type, byte* row, int block)
    {
        switch (type)
        {
            case TensorType.Q4_0: ReadQ4_0(row + 18 * block); break;
            case TensorType.Q4_1: ReadQ4_1(row + 20 * block); break;
            case TensorType.Q5_0: ReadQ5_0(row + 22 * block); break;
            case TensorType.Q5_1: ReadQ5_1(row + 24 * block); break;
            case TensorType.Q8_0: ReadQ8_0(row + 34 * block); break;
            case TensorType.IQ4_NL: ReadQ4_0(row + 18 * block); break;
            case TensorType.IQ4_XS: ReadIQ4_XS(row + 136 * (block / 8), block % 8); break;
            case TensorType.MXFP4: ReadMXFP4(row + 17 * block); break;
            case TensorType.Q2_K: ReadQ2_K(row + 84 * (block / 8), block % 8); break;
            case TensorType.Q3_K: ReadQ3_K(row + 110 * (block / 8), block % 8); break;
            case TensorType.Q4_K: ReadQ4_K(row + 144 * (block / 8), block % 8); break;
            case TensorType.Q5_K: ReadQ5_K(row + 176 * (block / 8), block % 8); break;
            case TensorType.Q6_K: ReadQ6_K(row + 210 * (block / 8), block % 8); break;
            default: throw new ArgumentOutOfRangeException(nameof(type), $"{type} has no quantised blocks.");
        }
    }

    /// <summary>The weight at a column of a block of that type, in the reference's order of operations.</summary>
    internal readonly float Value(TensorType type, int column) => type switch
    {
        TensorType.Q4_0 => Scale * (Fields[column] - 8),
        TensorType.Q5_0 => Scale * (Fields[column] - 16),
        TensorType.Q6_K => (column < 16 ? Scale : SecondScale) * (Fields[column] - 32),
        TensorType.Q8_0 => Scale * (Fields[column] - 128),
        TensorType.Q3_K => (column < 16 ? Scale : SecondScale) * (Fields[column] - 4),
        TensorType.Q2_K => column < 16 ? Scale * Fields[column] + Minimum : SecondScale * Fields[column] + SecondMinimum,
        TensorType.IQ4_NL or TensorType.IQ4_XS => Scale * s_nonLinear[Fields[column]],
        TensorType.MXFP4 => Scale * s_floats[Fields[column]],
        _ => Scale * Fields[column] + Minimum,
    };

    private void ReadQ4_0(byte* block)
    {
        Scale = Half(block);
        ReadNibbles(block + 2);
    }

    private void ReadQ4_1(byte* block)
    {
        Scale = Half(block);
        Minimum = Half(block + 2);
        ReadNibbles(block + 4);
    }

    private void ReadQ5_0(byte* block)
    {
        Scale = Half(block);
        Minimum = -16 * Scale;
        ReadNibbles(block + 6);
        AddFifthBits(block + 2);
    }

    private void ReadQ5_1(byte* block)
    {
        Scale = Half(block);
        Minimum = Half(block + 2);
        ReadNibbles(block + 8);
        AddFifthBits(block + 4);
    }

    private void ReadQ8_0(byte* block)
    {
        Scale = Half(block);
        for (int i = 0; i < 32; i++) Fields[i] = (byte)((sbyte)block[2 + i] + 128);
    }

    private void ReadIQ4_XS(byte* block, int part)
    {
        int low = block[4 + part / 2] >> 4 * (part % 2) & 15;
        int high = (block[2] | block[3] << 8) >> 2 * part & 3;
        Scale = Half(block) * ((low | high << 4) - 32);
        ReadNibbles(block + 8 + 16 * part);
    }

    private void ReadMXFP4(byte* block)
    {
        // Half of 2^(e - 127), of which the smallest two are no normal floats.
        uint bits = block[0] < 2 ? 0x00200000u << block[0] : (uint)(block[0] - 1) << 23;
        Scale = *(float*)&bits;
        ReadNibbles(block + 1);
    }

    private void ReadQ2_K(byte* block, int part)
    {
        byte* codes = block + 2 * part;
        byte* quants = block + 16 + 32 * (part / 4);
        byte* halves = block + 80;
        float scale = Half(halves), minimum = Half(halves + 2);
        Scale = scale * (codes[0] & 15);
        Minimum = -minimum * (codes[0] >> 4);
        SecondScale = scale * (codes[1] & 15);
        SecondMinimum = -minimum * (codes[1] >> 4);
        byte* shared = halves + 2 * (part % 2);
        Codes = (uint)(codes[0] | codes[1] << 8 | shared[0] << 16) | (uint)shared[1] << 24;
        for (int i = 0; i < 32; i++) Fields[i] = (byte)(quants[i] >> 2 * (part % 4) & 3);
    }

    private void ReadQ3_K(byte* block, int part)
    {
        byte* high = block;
        byte* quants = block + 32 + 32 * (part / 4);
        byte* half = block + 108;
        int first = ReadThreeScale(block + 96, 2 * part), second = ReadThreeScale(block + 96, 2 * part + 1);
        float scale = Half(half);
        Scale = scale * (first - 32);
        SecondScale = scale * (second - 32);
        Codes = (uint)(half[0] | half[1] << 8 | first << 16 | second << 22);
        for (int i = 0; i < 32; i++) Fields[i] = (byte)(quants[i] >> 2 * (part % 4) & 3 | (high[i] >> part & 1) << 2);
    }

    // Q3_K: sixteen 6-bit scales in 12 bytes, the lower four bits of all first.
    private static int ReadThreeScale(byte* packed, int index) =>
        packed[index % 8] >> 4 * (index / 8) & 15 | (packed[8 + index % 4] >> 2 * (index / 4) & 3) << 4;

    private void ReadQ4_K(byte* block, int part)
    {
        ReadScaleAndMinimum(block, part);
        byte* quants = block + 16 + 32 * (part / 2);
        int shift = 4 * (part % 2);
        for (int i = 0; i < 32; i++) Fields[i] = (byte)(quants[i] >> shift & 15);
    }

    private void ReadQ5_K(byte* block, int part)
    {
        ReadScaleAndMinimum(block, part);
        byte* high = block + 16;
        byte* quants = block + 48 + 32 * (part / 2);
        int shift = 4 * (part % 2);
        for (int i = 0; i < 32; i++) Fields[i] = (byte)(quants[i] >> shift & 15 | (high[i] >> part & 1) << 4);
    }

    private void ReadQ6_K(byte* block, int part)
    {
        int half = part / 4;
        int quarter = part % 4;
        byte* low = block + 64 * half + 32 * (quarter % 2);
        byte* high = block + 128 + 32 * half;
        var scales = (sbyte*)(block + 192 + 8 * half + 2 * quarter);
        float scale = Half(block + 208);
        Scale = scale * scales[0];
        SecondScale = scale * scales[1];
        int shift = 4 * (quarter / 2);
        for (int i = 0; i < 32; i++) Fields[i] = (byte)(low[i] >> shift & 15 | (high[i] >> 2 * quarter & 3) << 4);
    }

    // Q4_K and Q5_K: eight 6-bit scales and minima in 12 bytes.
    private void ReadScaleAndMinimum(byte* block, int part)
    {
        byte* packed = block + 4;
        int scale, minimum;
        if (part < 4)
        {
            scale = packed[part] & 63;
            minimum = packed[part + 4] & 63;
        }
        else
        {
            scale = packed[part + 4] & 15 | packed[part - 4] >> 6 << 4;
            minimum = packed[part + 4] >> 4 | packed[part] >> 6 << 4;
        }
        Scale = Half(block) * scale;
        Minimum = -Half(block + 2) * minimum;
    }

    private void ReadNibbles(byte* quants)
    {
        for (int i = 0; i < 16; i++)
        {
            Fields[i] = (byte)(quants[i] & 15);
            Fields[i + 16] = (byte)(quants[i] >> 4);
        }
    }

    private void AddFifthBits(byte* bits)
    {
        for (int i = 0; i < 32; i++) Fields[i] |= (byte)((bits[i / 8] >> i % 8 & 1) << 4);
    }

    private static float Half(byte* bytes) => HalfFloat.ToSingle((ushort)(bytes[0] | bytes[1] << 8));
}
