using System;
using System.Collections.Generic;
using System.Linq;
using EngineLlm.Kernels.Generated;
using EngineLlm.Vulkan;

namespace EngineLlm.ShaderTests.Checks;

/// <summary>Rotary position embedding with the write to pages, against double precision.</summary>
internal static class RopeWritePagesCheck
{
    private const int CountSlot = 2;
    private const int MaxPosition = 200;
    private const float Epsilon = 1e-5f;

    // Two sequences in one step: a chunk of a prompt that crosses a page, and a token far into its context.
    private static readonly int[] s_positions = [30, 31, 32, 33, 199];
    private static readonly int[] s_rows = [0, 0, 0, 0, 1];

    internal static IEnumerable<KernelCheck> Sizes()
    {
        foreach (bool halves in (bool[])[false, true])
        {
            foreach (int headSize in (int[])[8, 20, 48, 64, 80, 128])
            {
                var c = new RopeCase { HeadSize = headSize, RopeSize = headSize, RotatesHalves = halves, KvHeads = 2, Heads = 5 };
                yield return Check(c with { Seed = 200 + headSize });
            }
            yield return Check(new RopeCase { HeadSize = 80, RopeSize = 32, RotatesHalves = halves, LocalSize = 8, Seed = 201 });
            yield return Check(new RopeCase { RopeSize = 0, RotatesHalves = halves, Seed = 202 });
        }
    }

    internal static IEnumerable<KernelCheck> Pages()
    {
        yield return Check(new RopeCase { IsF32 = true, Heads = 9, KvHeads = 3, Seed = 203 });
        yield return Check(new RopeCase { IsF32 = true, HeadSize = 20, RopeSize = 20, RotatesHalves = true, PageSize = 16, Seed = 204 });
        yield return Check(new RopeCase { PageSize = 64, LocalSize = 8, KvHeads = 3, Seed = 205 });
    }

    /// <summary>Heads that are normalised before they are rotated; local sizes are whole heads.</summary>
    internal static IEnumerable<KernelCheck> Norms()
    {
        foreach (bool halves in (bool[])[false, true])
        {
            foreach ((int headSize, int localSize) in ((int, int)[])[(8, 64), (20, 60), (64, 64), (80, 60), (128, 64), (256, 64)])
            {
                yield return Check(new RopeCase { HeadSize = headSize, RopeSize = headSize, RotatesHalves = halves, KvHeads = 2, Heads = 5,
                    LocalSize = localSize, Norm = true, Seed = 210 + headSize });
            }
            yield return Check(new RopeCase { HeadSize = 80, RopeSize = 32, RotatesHalves = halves, LocalSize = 20, Norm = true, Seed = 211 });
            yield return Check(new RopeCase { RopeSize = 0, RotatesHalves = halves, Norm = true, IsF32 = true, Seed = 212 });
        }
    }

    private static KernelCheck Check(RopeCase c) => new(c.ToString(), session => Run(session, c));

    private static string? Run(KernelSession session, RopeCase c)
    {
        var random = new Random(c.Seed);
        int headCount = c.Heads + (2 * c.KvHeads), stride = ((headCount * c.HeadSize) + 31) / 32 * 32, padded = (c.HeadSize + 7) / 8 * 8;
        float[] heads = random.Normal(s_positions.Length * stride);
        double[] angles = random.Between(Math.Max(1, MaxPosition * c.RopeSize / 2), -3, 3).Select(x => (double)x).ToArray();
        float[] gains = random.Between(2 * c.HeadSize, 0.5, 1.5);
        float[] table = angles.SelectMany(x => new[] { (float)Math.Cos(x), (float)Math.Sin(x) }).ToArray();

        int pagesPerRow = (MaxPosition + c.PageSize - 1) / c.PageSize, pageCount = (2 * pagesPerRow) + 1;
        int[] pages = random.Permutation(pageCount)[..(2 * pagesPerRow)];
        int elementCount = pageCount * c.KvHeads * c.PageSize * padded;
        DeviceBuffer rotated = session.Upload(heads);
        DeviceBuffer keys = session.Poisoned(c.IsF32 ? elementCount : elementCount / 2);
        DeviceBuffer values = session.Poisoned(c.IsF32 ? elementCount : elementCount / 2);
        var push = new RopeWritePagesShader.PushConstants
        {
            CountSlot = CountSlot,
            HeadCount = (uint)c.Heads,
            KvHeadCount = (uint)c.KvHeads,
            Stride = (uint)stride,
            Epsilon = Epsilon,
        };
        uint[] constants =
            [(uint)c.LocalSize, (uint)c.HeadSize, (uint)c.RopeSize, (uint)c.PageSize, c.RotatesHalves ? 1u : 0, c.IsF32 ? 1u : 0,
                c.Norm ? 1u : 0];
        // One token more than there are, as in a bucket that is not full.
        (int, int, int) groups = (((headCount * padded / 4) + c.LocalSize - 1) / c.LocalSize, s_positions.Length + 1, 1);
        session.Dispatch(session.Harness.Pipeline(RopeWritePagesShader.Description, constants), push, groups,
            rotated, session.Upload(table.Length < 4 ? new float[4] : table), session.Upload(pages),
            session.Upload(new[] { 0, pagesPerRow, 2 * pagesPerRow }),
            session.Upload(s_rows), session.Upload(s_positions), session.Upload(new[] { 0, 0, s_positions.Length, 0 }), keys, values, session.Upload(gains));
        session.Finish();

        float[] normalised = c.Norm ? Normalised(c, heads, gains, stride) : heads;
        double[] queryReference = Reference(c, normalised, angles, stride, 0, c.Heads, c.HeadSize);
        double[] keyReference = Reference(c, normalised, angles, stride, c.Heads, c.KvHeads, padded);
        double[] valueReference = Reference(c with { RopeSize = 0 }, heads, angles, stride, c.Heads + c.KvHeads, c.KvHeads, padded);
        var exact = new Tolerance(2e-6, 1e-6);
        Tolerance stored = c.IsF32 ? exact : new Tolerance(1e-6, 5e-4);
        return exact.Compare("queries", queryReference, Queries(c, KernelSession.Read<float>(rotated, heads.Length), stride))
            ?? stored.Compare("keys", keyReference, Slots(c, keys, elementCount, pages, pagesPerRow, padded))
            ?? stored.Compare("values", valueReference, Slots(c, values, elementCount, pages, pagesPerRow, padded))
            ?? Untouched(c, keys, elementCount, s_positions.Length * c.KvHeads * padded)
            ?? Untouched(c, values, elementCount, s_positions.Length * c.KvHeads * padded);
    }

    /// <summary>The heads with queries and keys divided by the root of their mean square, times the gains.</summary>
    private static float[] Normalised(RopeCase c, float[] heads, float[] gains, int stride)
    {
        float[] result = heads.ToArray();
        for (int token = 0; token < s_positions.Length; token++)
        {
            for (int head = 0; head < c.Heads + c.KvHeads; head++)
            {
                Span<float> values = result.AsSpan((token * stride) + (head * c.HeadSize), c.HeadSize);
                double squares = 0;
                foreach (float value in values) squares += (double)value * value;
                double scale = 1 / Math.Sqrt((squares / c.HeadSize) + Epsilon);
                for (int i = 0; i < values.Length; i++) values[i] = (float)(values[i] * scale * gains[(head < c.Heads ? 0 : c.HeadSize) + i]);
            }
        }
        return result;
    }

    /// <summary>[token][head][dimension padded with zeros]: rotated heads.</summary>
    private static double[] Reference(RopeCase c, float[] heads, double[] angles, int stride, int firstHead, int headCount, int padded)
    {
        var result = new double[s_positions.Length * headCount * padded];
        for (int token = 0; token < s_positions.Length; token++)
        {
            for (int head = 0; head < headCount; head++)
            {
                int from = (token * stride) + ((firstHead + head) * c.HeadSize), to = ((token * headCount) + head) * padded;
                for (int i = c.RopeSize; i < c.HeadSize; i++) result[to + i] = heads[from + i];
                for (int pair = 0; pair < c.RopeSize / 2; pair++)
                {
                    int first = c.RotatesHalves ? pair : 2 * pair, second = c.RotatesHalves ? pair + (c.RopeSize / 2) : first + 1;
                    double angle = angles[(s_positions[token] * c.RopeSize / 2) + pair];
                    result[to + first] = (heads[from + first] * Math.Cos(angle)) - (heads[from + second] * Math.Sin(angle));
                    result[to + second] = (heads[from + first] * Math.Sin(angle)) + (heads[from + second] * Math.Cos(angle));
                }
            }
        }
        return result;
    }

    private static float[] Queries(RopeCase c, float[] heads, int stride) =>
        Enumerable.Range(0, s_positions.Length).SelectMany(token => heads.AsSpan(token * stride, c.Heads * c.HeadSize).ToArray()).ToArray();

    /// <summary>[token][kv head][dimension] what the tokens' slots hold.</summary>
    private static float[] Slots(RopeCase c, DeviceBuffer buffer, int elementCount, int[] pages, int pagesPerRow, int padded)
    {
        float[] elements = Elements(c, buffer, elementCount);
        var result = new List<float>();
        for (int token = 0; token < s_positions.Length; token++)
        {
            int page = pages[(s_rows[token] * pagesPerRow) + (s_positions[token] / c.PageSize)];
            for (int head = 0; head < c.KvHeads; head++)
            {
                int slot = (((page * c.KvHeads) + head) * c.PageSize) + (s_positions[token] % c.PageSize);
                result.AddRange(elements.AsSpan(slot * padded, padded));
            }
        }
        return result.ToArray();
    }

    private static float[] Elements(RopeCase c, DeviceBuffer buffer, int count) => c.IsF32
        ? KernelSession.Read<float>(buffer, count)
        : KernelSession.Read<ushort>(buffer, count).Select(x => (float)BitConverter.UInt16BitsToHalf(x)).ToArray();

    // The poison is a NaN of 32 bits, of which one half is a NaN of 16 bits and the other is zero.
    private static string? Untouched(RopeCase c, DeviceBuffer buffer, int elementCount, int writtenCount)
    {
        int poison = Elements(c, buffer, elementCount).Count(float.IsNaN), expected = (elementCount - writtenCount) / (c.IsF32 ? 1 : 2);
        return poison == expected ? null : $"{expected - poison} words written outside the tokens' slots";
    }
}
