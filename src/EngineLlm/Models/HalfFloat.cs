using System;

namespace EngineLlm.Models;

/// <summary>Conversion between float and the bits of IEEE 754 half precision, for targets without System.Half.</summary>
internal static class HalfFloat
{
    private const uint SmallestNormalAsFloat = 113u << 23;
    private const uint HalfExponentShifted = 0x7C00u << 13;
    private const uint RebiasExponent = (127u - 15u) << 23;

    /// <summary>The float of the same value; exact for all halves, subnormal ones included.</summary>
    internal static float ToSingle(ushort bits)
    {
        uint result = (bits & 0x7FFFu) << 13;
        uint exponent = result & HalfExponentShifted;
        result += RebiasExponent;
        if (exponent == HalfExponentShifted)
        {
            result += (128u - 16u) << 23;
        }
        else if (exponent == 0)
        {
            // A subnormal half: build a normal float with the mantissa in place and subtract the leading one again.
            float value = ToFloat(result + (1u << 23)) - ToFloat(SmallestNormalAsFloat);
            result = ToBits(value);
        }
        return ToFloat(result | ((uint)bits & 0x8000u) << 16);
    }

    /// <summary>The nearest half, ties to even; beyond 65,504 infinity, NaN stays NaN.</summary>
    internal static ushort FromSingle(float value)
    {
        uint bits = ToBits(value);
        uint sign = bits >> 16 & 0x8000u;
        bits &= 0x7FFFFFFFu;
        if (bits > 0x7F800000u) return (ushort)(sign | 0x7E00u);
        if (bits >= (127u + 16u) << 23) return (ushort)(sign | 0x7C00u);
        if (bits < SmallestNormalAsFloat) return (ushort)(sign | RoundSubnormal(bits));
        uint odd = bits >> 13 & 1u;
        return (ushort)(sign | (bits - RebiasExponent + 0xFFFu + odd) >> 13);
    }

    /// <summary>The float of the same value as the bits of a bfloat16.</summary>
    internal static float FromBrain(ushort bits) => ToFloat((uint)bits << 16);

    private static uint RoundSubnormal(uint bits)
    {
        // Adding this number lines the mantissa up so that the adder itself rounds to the nearest, ties to even.
        const uint magic = (127u - 15u + (23u - 10u) + 1u) << 23;
        return ToBits(ToFloat(bits) + ToFloat(magic)) - magic;
    }

    private static float ToFloat(uint bits) => BitConverter.Int32BitsToSingle(unchecked((int)bits));

    private static uint ToBits(float value) => unchecked((uint)BitConverter.SingleToInt32Bits(value));
}
