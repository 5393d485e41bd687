using System;
using EngineLlm.Models;
using EngineLlm.Models.Weights;
using EngineLlm.Vulkan;

namespace EngineLlm.Kernels;

/// <summary>
/// Cosines and sines of every position and pair, computed once in double precision: devices differ in the accuracy of theirs, and some are slow.
/// </summary>
internal static class RopeTable
{
    /// <summary>Computes the table and brings it to the device.</summary>
    /// <returns>[position][pair] cosine, sine, both times the magnitude.</returns>
    internal static DeviceBuffer Load(WeightStore store, RotaryEmbedding rope, int contextLength) =>
        store.LoadVector(checked(contextLength * rope.DimensionCount), table => Fill(table, rope, contextLength));

    private static void Fill(Span<float> table, RotaryEmbedding rope, int contextLength)
    {
        float[] frequencies = rope.InverseFrequencies(contextLength);
        for (int position = 0; position < contextLength; position++)
        {
            for (int pair = 0; pair < frequencies.Length; pair++)
            {
                // The angle is rounded to a float first, as the reference implementations of the models do.
                double angle = position * frequencies[pair];
                int place = (position * frequencies.Length + pair) * 2;
                table[place] = (float)(Math.Cos(angle) * rope.Magnitude);
                table[place + 1] = (float)(Math.Sin(angle) * rope.Magnitude);
            }
        }
    }
}
