using System;
using System.Buffers.Binary;
using EngineLlm.Models.Gguf;
using EngineLlm.Models.Weights;

namespace EngineLlm.Models;

/// <summary>Turns weights of the supported tensor types into floats, bit for bit as the reference does.</summary>
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
        if (destination.Length % blockSize != 0) throw new ArgumentException($"{destination.Length} weights are no whole blocks of {type}", nameof(destination));
        if (source.Length < (long)(destination.Length / blockSize) * type.BlockBytes()) throw new ArgumentException("fewer blocks than weights asked for", nameof(source));
        if (blockSize == 1) Plain(type, source, destination);
        else Quantised(type, source, destination);
    }

    private static void Plain(TensorType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = type switch
            {
                TensorType.F32 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt32LittleEndian(source.Slice(4 * i))),
                TensorType.F16 => HalfFloat.ToSingle(BinaryPrimitives.ReadUInt16LittleEndian(source.Slice(2 * i))),
                _ => HalfFloat.FromBrain(BinaryPrimitives.ReadUInt16LittleEndian(source.Slice(2 * i))),
            };
        }
    }

    private static unsafe void Quantised(TensorType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        WeightBlock block = default;
        fixed (byte* row = source)
        {
            for (int i = 0; i < destination.Length; i++)
            {
                if (i % DeviceFormats.BlockColumns == 0) block.Read(type, row, i / DeviceFormats.BlockColumns);
                destination[i] = block.Value(type, i % DeviceFormats.BlockColumns);
            }
        }
    }
}
