using System;

namespace EngineLlm.ShaderTests.Checks;

/// <summary>Random inputs that are the same on every machine and every run.</summary>
internal static class RandomValues
{
    /// <summary>Roughly normal values with this standard deviation.</summary>
    internal static float[] Normal(this Random random, int count, double deviation = 1)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float)(deviation * random.NextNormal());
        return values;
    }

    internal static double NextNormal(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Values between two bounds.</summary>
    internal static float[] Between(this Random random, int count, double low, double high)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float)(low + ((high - low) * random.NextDouble()));
        return values;
    }

    /// <summary>0 to count - 1 in random order.</summary>
    internal static int[] Permutation(this Random random, int count)
    {
        var values = new int[count];
        for (int i = 0; i < count; i++) values[i] = i;
        random.Shuffle(values);
        return values;
    }
}
