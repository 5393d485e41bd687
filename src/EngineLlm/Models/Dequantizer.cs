using System;
using System.Buffers.Binary;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Models;

/// <summary>
/// Turns the blocks of the supported tensor types into floats, one scalar expression a weight, in the reference's order of operations. It is the
/// truth that kernels are held against, and what repacking reads. Block formats: ggml-common.h and ggml-quants.c of https://github.com/ggml-org/ggml
/// </summary>
internal static class Dequantizer
{
    /// <summary>Dequantises whole blocks: as many weights as the destination holds.</summary>
    /// <param name="type">A supported type.</param>
    /// <param name="source">At least destination.Length / block size blocks.</param>
    /// <param name="destination">[weights], a multiple of the type's block size.</param>
    /// <exception cref="UnsupportedModelException">The type is not a supported one.</exception>
    internal static void Dequantize(TensorType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        if (!type.IsSupported()) throw new UnsupportedModelException($"the tensor type {type} is not supported; quantise the model to one of {TensorTypes.SupportedNames}.");
        int blockSize = type.BlockSize();
        int blockBytes = type.BlockBytes();
        if (destination.Length % blockSize != 0) throw new ArgumentException($"{destination.Length} weights are no whole blocks of {type}", nameof(destination));
        if (source.Length < (long)(destination.Length / blockSize) * blockBytes) throw new ArgumentException("fewer blocks than weights asked for", nameof(source));
        if (blockSize == 1)
        {
            Plain(type, source, destination);
            return;
        }
        for (int i = 0, at = 0; i < destination.Length; i += blockSize, at += blockBytes)
            Block(type, source.Slice(at, blockBytes), destination.Slice(i, blockSize));
    }

    private static void Plain(TensorType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = type switch
            {
                TensorType.F32 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt32LittleEndian(source.Slice(4 * i))),
                TensorType.F16 => Half(source, 2 * i),
                _ => HalfFloat.FromBrain(BinaryPrimitives.ReadUInt16LittleEndian(source.Slice(2 * i))),
            };
        }
    }

    private static void Block(TensorType type, ReadOnlySpan<byte> block, Span<float> weights)
    {
        switch (type)
        {
            case TensorType.Q8_0: Q8_0(block, weights); break;
            case TensorType.Q4_0: Q4_0(block, weights); break;
            case TensorType.Q4_1: Q4_1(block, weights); break;
            case TensorType.Q5_0: Q5_0(block, weights); break;
            case TensorType.Q5_1: Q5_1(block, weights); break;
            case TensorType.Q4_K: DequantizerK.Q4_K(block, weights); break;
            case TensorType.Q5_K: DequantizerK.Q5_K(block, weights); break;
            default: DequantizerK.Q6_K(block, weights); break;
        }
    }

    /// <summary>The half at a byte offset, as a float.</summary>
    internal static float Half(ReadOnlySpan<byte> bytes, int offset) => HalfFloat.ToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes.Slice(offset)));

    /// <summary>Scale f16; 32 signed bytes.</summary>
    private static void Q8_0(ReadOnlySpan<byte> block, Span<float> weights)
    {
        float scale = Half(block, 0);
        for (int i = 0; i < 32; i++) weights[i] = (sbyte)block[2 + i] * scale;
    }

    /// <summary>Scale f16; 16 bytes of nibbles, the first half of the block in the low ones.</summary>
    private static void Q4_0(ReadOnlySpan<byte> block, Span<float> weights)
    {
        float scale = Half(block, 0);
        ReadOnlySpan<byte> nibbles = block.Slice(2);
        for (int i = 0; i < 16; i++)
        {
            weights[i] = ((nibbles[i] & 15) - 8) * scale;
            weights[i + 16] = ((nibbles[i] >> 4) - 8) * scale;
        }
    }

    /// <summary>Scale and minimum f16; nibbles as in Q4_0.</summary>
    private static void Q4_1(ReadOnlySpan<byte> block, Span<float> weights)
    {
        float scale = Half(block, 0);
        float minimum = Half(block, 2);
        ReadOnlySpan<byte> nibbles = block.Slice(4);
        for (int i = 0; i < 16; i++)
        {
            weights[i] = (nibbles[i] & 15) * scale + minimum;
            weights[i + 16] = (nibbles[i] >> 4) * scale + minimum;
        }
    }

    /// <summary>Scale f16; 32 fifth bits, one a weight; nibbles as in Q4_0.</summary>
    private static void Q5_0(ReadOnlySpan<byte> block, Span<float> weights)
    {
        float scale = Half(block, 0);
        uint high = BinaryPrimitives.ReadUInt32LittleEndian(block.Slice(2));
        ReadOnlySpan<byte> nibbles = block.Slice(6);
        for (int i = 0; i < 16; i++)
        {
            weights[i] = (FiveBits(nibbles[i] & 15, high, i) - 16) * scale;
            weights[i + 16] = (FiveBits(nibbles[i] >> 4, high, i + 16) - 16) * scale;
        }
    }

    /// <summary>Scale and minimum f16; 32 fifth bits; nibbles as in Q4_0.</summary>
    private static void Q5_1(ReadOnlySpan<byte> block, Span<float> weights)
    {
        float scale = Half(block, 0);
        float minimum = Half(block, 2);
        uint high = BinaryPrimitives.ReadUInt32LittleEndian(block.Slice(4));
        ReadOnlySpan<byte> nibbles = block.Slice(8);
        for (int i = 0; i < 16; i++)
        {
            weights[i] = FiveBits(nibbles[i] & 15, high, i) * scale + minimum;
            weights[i + 16] = FiveBits(nibbles[i] >> 4, high, i + 16) * scale + minimum;
        }
    }

    private static int FiveBits(int nibble, uint high, int index) => nibble | (int)(high >> index & 1) << 4;
}
