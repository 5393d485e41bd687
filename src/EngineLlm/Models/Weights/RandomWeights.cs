using System;
using EngineLlm.Models.Gguf;

namespace EngineLlm.Models.Weights;

/// <summary>Random weights in GGUF's block formats; the same ones for the same seed.</summary>
internal unsafe struct RandomWeights
{
    private uint _state;

    internal RandomWeights(uint seed) => _state = seed * 0x9e3779b9 | 1;

    /// <summary>Fills blocks of a type with weights of about that standard deviation.</summary>
    internal void Fill(byte* target, long blocks, TensorType type, double deviation)
    {
        int bytes = type.BlockBytes();
        for (long block = 0; block < blocks; block++, target += bytes)
        {
            for (int i = 0; i < bytes; i++) target[i] = (byte)Next();
            switch (type)
            {
                case TensorType.F32: *(float*)target = Uniform(deviation); break;
                case TensorType.F16: *(ushort*)target = HalfFloat.FromSingle(Uniform(deviation)); break;
                case TensorType.BF16: BrainFloat(target, Uniform(deviation)); break;
                case TensorType.Q8_0: Half(target, 0, deviation / 74); break;
                case TensorType.Q4_0: Half(target, 0, deviation / 4.6); break;
                case TensorType.Q5_0: Half(target, 0, deviation / 9.2); break;
                case TensorType.Q4_1: Half(target, 0, deviation / 4.6); Half(target, 2, deviation / -4.6 * 7.5); break;
                case TensorType.Q5_1: Half(target, 0, deviation / 9.2); Half(target, 2, deviation / -9.2 * 15.5); break;
                case TensorType.IQ4_NL: Half(target, 0, deviation / 68); break;
                case TensorType.IQ4_XS: Half(target, 0, deviation / 68 / 18.5); break;
                case TensorType.MXFP4: target[0] = (byte)(128 + (int)Math.Round(Math.Log(deviation / 5.9, 2))); break;
                case TensorType.Q2_K: Half(target, 80, deviation / 14); Half(target, 82, deviation / 14 * 1.5); break;
                case TensorType.Q3_K: Half(target, 108, deviation / 2.3 / 18.5); break;
                case TensorType.Q4_K: Half(target, 0, deviation / 4.6 / 32); Half(target, 2, deviation / 4.6 / 4); break;
                case TensorType.Q5_K: Half(target, 0, deviation / 9.2 / 32); Half(target, 2, deviation / 9.2 / 2); break;
                default: Half(target, 208, deviation / 18 / 74); break;
            }
        }
    }

    private float Uniform(double deviation) => (float)(((Next() & 0xffffff) / (double)0x800000 - 1) * deviation * Math.Sqrt(3));

    private static void Half(byte* block, int offset, double value) => *(ushort*)(block + offset) = HalfFloat.FromSingle((float)value);

    private static void BrainFloat(byte* target, float value) => *(ushort*)target = (ushort)(*(uint*)&value >> 16);

    // xorshift32 (Marsaglia, 2003).
    private uint Next()
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return _state >> 8;
    }
}
