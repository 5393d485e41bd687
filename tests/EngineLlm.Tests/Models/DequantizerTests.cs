using System;
using System.IO;
using System.Runtime.InteropServices;
using EngineLlm.Models;
using EngineLlm.Models.Gguf;
using NUnit.Framework;

namespace EngineLlm.Tests.Models;

public sealed class DequantizerTests
{
    [TestCase("F16")]
    [TestCase("BF16")]
    [TestCase("Q8_0")]
    [TestCase("Q4_0")]
    [TestCase("Q4_1")]
    [TestCase("Q5_0")]
    [TestCase("Q5_1")]
    [TestCase("Q2_K")]
    [TestCase("Q3_K")]
    [TestCase("IQ4_NL")]
    [TestCase("IQ4_XS")]
    [TestCase("MXFP4")]
    [TestCase("Q4_K")]
    [TestCase("Q5_K")]
    [TestCase("Q6_K")]
    public void GivesTheReferencesBits(string name)
    {
        var type = Enum.Parse<TensorType>(name);
        byte[] blocks = File.ReadAllBytes(SharedFiles.PathOf("golden", "quants", name + ".blocks"));
        byte[] expected = File.ReadAllBytes(SharedFiles.PathOf("golden", "quants", name + ".f32"));
        var actual = new float[8 * 512];
        Assert.That(blocks, Has.Length.EqualTo(actual.Length / type.BlockSize() * type.BlockBytes()));
        Dequantizer.Dequantize(type, blocks, actual);
        ReadOnlySpan<uint> expectedBits = MemoryMarshal.Cast<byte, uint>(expected);
        ReadOnlySpan<uint> actualBits = MemoryMarshal.Cast<float, uint>(actual);
        for (int i = 0; i < actual.Length; i++)
        {
            if (expectedBits[i] != actualBits[i])
                Assert.Fail($"{name}: weight {i} is {actual[i]:R}, expected {BitConverter.UInt32BitsToSingle(expectedBits[i]):R}");
        }
    }

    [Test]
    public void F32PassesAsItIs()
    {
        float[] values = [1.5f, float.NegativeInfinity, -0f, 1e-42f];
        var actual = new float[4];
        Dequantizer.Dequantize(TensorType.F32, MemoryMarshal.AsBytes(values.AsSpan()), actual);
        Assert.That(actual, Is.EqualTo(values));
    }

    [Test]
    public void WrongSizesAndTypesAreErrors()
    {
        Assert.That(() => Dequantizer.Dequantize(TensorType.Q4_0, new byte[18], new float[33]), Throws.ArgumentException);
        Assert.That(() => Dequantizer.Dequantize(TensorType.Q4_0, new byte[17], new float[32]), Throws.ArgumentException);
        Assert.That(
            () => Dequantizer.Dequantize(TensorType.IQ2_XS, new byte[74], new float[256]), Throws.InstanceOf<UnsupportedModelException>());
    }

    [Test]
    public void EveryHalfConvertsBothWays()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            Half expected = BitConverter.UInt16BitsToHalf((ushort)bits);
            float actual = HalfFloat.ToSingle((ushort)bits);
            if (Half.IsNaN(expected))
            {
                Assert.That(float.IsNaN(actual), Is.True, $"half {bits:X4}");
                continue;
            }
            Assert.That(BitConverter.SingleToUInt32Bits(actual), Is.EqualTo(BitConverter.SingleToUInt32Bits((float)expected)), $"half {bits:X4}");
            Assert.That(HalfFloat.FromSingle(actual), Is.EqualTo((ushort)bits), $"half {bits:X4}");
        }
        Assert.That(Half.IsNaN(BitConverter.UInt16BitsToHalf(HalfFloat.FromSingle(float.NaN))), Is.True);
    }

    [Test]
    public void FloatsRoundToTheNearestHalfTiesToEven()
    {
        const int seed = 5;
        var random = new Random(seed);
        for (int i = 0; i < 1_000_000; i++)
        {
            // Exponents around the range of halves, and mantissas that are often exact ties.
            uint exponent = (uint)random.Next(100, 146);
            uint mantissa = random.Next(2) == 0 ? (uint)random.Next(1 << 23) : (uint)random.Next(1 << 11) << 12;
            float value = BitConverter.UInt32BitsToSingle((uint)random.Next(2) << 31 | exponent << 23 | mantissa);
            ushort expected = BitConverter.HalfToUInt16Bits((Half)value);
            if (HalfFloat.FromSingle(value) != expected) Assert.Fail($"{value:R} gives {HalfFloat.FromSingle(value):X4}, expected {expected:X4} (seed {seed})");
        }
    }
}
