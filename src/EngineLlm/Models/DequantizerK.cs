using System;

namespace EngineLlm.Models;

/// <summary>The K-quants: super-blocks of 256 weights whose sub-blocks have quantised scales of their own.</summary>
internal static class DequantizerK
{
    /// <summary>Scale and minimum f16; 8 pairs of 6-bit scale and minimum in 12 bytes; 128 bytes of nibbles, 64 weights in each 32 bytes.</summary>
    internal static void Q4_K(ReadOnlySpan<byte> block, Span<float> weights)
    {
        for (int sub = 0; sub < 8; sub++)
        {
            SubScale(block, sub, out float scale, out float minimum);
            ReadOnlySpan<byte> nibbles = block.Slice(16 + sub / 2 * 32, 32);
            int shift = sub % 2 * 4;
            Span<float> part = weights.Slice(sub * 32, 32);
            for (int i = 0; i < 32; i++) part[i] = scale * (nibbles[i] >> shift & 15) - minimum;
        }
    }

    /// <summary>As Q4_K, with 32 bytes of fifth bits before the nibbles: bit s of byte i belongs to weight i of sub-block s.</summary>
    internal static void Q5_K(ReadOnlySpan<byte> block, Span<float> weights)
    {
        ReadOnlySpan<byte> high = block.Slice(16, 32);
        for (int sub = 0; sub < 8; sub++)
        {
            SubScale(block, sub, out float scale, out float minimum);
            ReadOnlySpan<byte> nibbles = block.Slice(48 + sub / 2 * 32, 32);
            int shift = sub % 2 * 4;
            Span<float> part = weights.Slice(sub * 32, 32);
            for (int i = 0; i < 32; i++) part[i] = scale * ((nibbles[i] >> shift & 15) + (high[i] >> sub & 1) * 16) - minimum;
        }
    }

    /// <summary>128 bytes of low nibbles, 64 bytes of high bit pairs, 16 signed scales, one f16 scale; 128 weights in each half.</summary>
    internal static void Q6_K(ReadOnlySpan<byte> block, Span<float> weights)
    {
        float scale = Dequantizer.Half(block, 208);
        for (int quarter = 0; quarter < 8; quarter++)
        {
            int half = quarter / 4;
            int within = quarter % 4;
            ReadOnlySpan<byte> low = block.Slice(half * 64 + within % 2 * 32, 32);
            ReadOnlySpan<byte> high = block.Slice(128 + half * 32, 32);
            int lowShift = within / 2 * 4;
            int highShift = within * 2;
            for (int i = 0; i < 32; i++)
            {
                int value = (low[i] >> lowShift & 15 | (high[i] >> highShift & 3) << 4) - 32;
                weights[quarter * 32 + i] = scale * (sbyte)block[192 + quarter * 2 + i / 16] * value;
            }
        }
    }

    /// <summary>Scale and minimum of one of the 8 sub-blocks of Q4_K and Q5_K, in full precision.</summary>
    internal static void SubScale(ReadOnlySpan<byte> block, int sub, out float scale, out float minimum)
    {
        ReadOnlySpan<byte> packed = block.Slice(4, 12);
        int scaleBits = sub < 4 ? packed[sub] & 63 : packed[sub + 4] & 15 | packed[sub - 4] >> 6 << 4;
        int minimumBits = sub < 4 ? packed[sub + 4] & 63 : packed[sub + 4] >> 4 | packed[sub] >> 6 << 4;
        scale = Dequantizer.Half(block, 0) * scaleBits;
        minimum = Dequantizer.Half(block, 2) * minimumBits;
    }
}
