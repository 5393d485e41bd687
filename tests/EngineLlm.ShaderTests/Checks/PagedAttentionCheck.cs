using System;
using System.Collections.Generic;
using System.Linq;
using EngineLlm.Kernels.Generated;
using EngineLlm.Vulkan;
using Silk.NET.Vulkan;

namespace EngineLlm.ShaderTests.Checks;

/// <summary>Paged attention and the merge of its splits against double precision.</summary>
internal static class PagedAttentionCheck
{
    private const int CountSlot = 1;
    private static readonly Tolerance s_tolerance = new(5e-5, 5e-5);

    /// <summary>Lengths around the sizes of pages and splits.</summary>
    internal static IEnumerable<KernelCheck> Lengths()
    {
        int[] lengths = [1, 31, 32, 33, 54, 97, 255, 256, 257, 700];
        yield return Check(new AttentionCase { Contexts = lengths, Seed = 100 });
        yield return Check(new AttentionCase { Contexts = lengths, SplitTokens = 64, Seed = 101 });
        yield return Check(new AttentionCase { Contexts = lengths, PageSize = 16, SplitTokens = 128, Seed = 102 });
        yield return Check(new AttentionCase { Contexts = lengths, PageSize = 64, Seed = 103 });
    }

    internal static IEnumerable<KernelCheck> HeadSizes()
    {
        foreach (int headSize in (int[])[8, 40, 64, 80, 96, 128, 256])
            yield return Check(new AttentionCase { HeadSize = headSize, Group = 2, Heads = 2, Seed = 110 + headSize });
        yield return Check(new AttentionCase { HeadSize = 96, LocalSize = 64, IsF32 = true, Seed = 111 });
        yield return Check(new AttentionCase { HeadSize = 64, LocalSize = 256, Seed = 112 });
    }

    internal static IEnumerable<KernelCheck> Groups()
    {
        foreach ((int group, int heads) in ((int, int)[])[(1, 1), (2, 2), (3, 3), (3, 2), (4, 4), (8, 8), (12, 4)])
            yield return Check(new AttentionCase { Group = group, Heads = heads, Contexts = [54, 257], Seed = 120 + group + heads });
    }

    internal static IEnumerable<KernelCheck> Chunks()
    {
        yield return Check(new AttentionCase { Contexts = [5, 40, 260], Queries = 5, Seed = 130 });
        yield return Check(new AttentionCase { Contexts = [17, 33], Queries = 17, IsF32 = true, Seed = 131 });
    }

    /// <summary>Windows that begin anywhere in a page and a split. What lies before them is not a number where whole pages do.</summary>
    internal static IEnumerable<KernelCheck> WindowsOf(AttentionCase c)
    {
        int[] lengths = [1, 31, 32, 33, 63, 64, 65, 97, 128, 129, 160, 255, 256, 257, 700];
        foreach (int window in (int[])[1, 33, 64, 100])
            yield return Check(c with { Contexts = lengths, Window = window, SplitTokens = 64, Seed = 400 + window });
        yield return Check(c with { Contexts = [40, 260], Window = 100, Queries = 17, SplitTokens = 64, Seed = 401 });
        yield return Check(c with { Contexts = lengths, Window = 70, HeadSize = 96, IsF32 = true, PageSize = 16, SplitTokens = 64, Seed = 402 });
        yield return Check(c with { Contexts = lengths, Window = 70, PageSize = 64, Seed = 403 });
    }

    internal static IEnumerable<KernelCheck> Windows() => WindowsOf(new AttentionCase());

    internal static IEnumerable<KernelCheck> SoftCapsOf(AttentionCase c)
    {
        foreach (float cap in (float[])[0.5f, 50]) yield return Check(c with { SoftCap = cap, Seed = 420 });
        yield return Check(c with { SoftCap = 2, Window = 40, SplitTokens = 64, HeadSize = 40, IsF32 = true, Seed = 421 });
    }

    internal static IEnumerable<KernelCheck> SoftCaps() => SoftCapsOf(new AttentionCase());

    /// <summary>A token's attention has the same bits alone, among others, in a chunk, and wherever its pages lie.</summary>
    internal static IEnumerable<KernelCheck> Determinism()
    {
        foreach (int length in (int[])[97, 300])
        {
            var alone = new AttentionCase { Contexts = [length], Seed = 140 };
            yield return new KernelCheck($"same bits in company: {alone}", session =>
            {
                float[] expected = Compute(session, alone, out _);
                float[] beside = Compute(session, alone with { Contexts = [length, 33, 700] }, out _);
                float[] chunk = Compute(session, alone with { Contexts = [length], Queries = 7 }, out _);
                return Tolerance.CompareBits("beside others", expected, beside.AsSpan(0, expected.Length))
                    ?? Tolerance.CompareBits("last of a chunk", expected, chunk.AsSpan(chunk.Length - expected.Length));
            });
        }
    }

    internal static KernelCheck Check(AttentionCase c) => new(c.ToString(), session =>
    {
        float[] actual = Compute(session, c, out double[] reference);
        return s_tolerance.Compare("outputs", reference, actual);
    });

    /// <summary>Runs the kernel, and the merge where a context has several splits.</summary>
    /// <returns>[token][head][dimension]</returns>
    internal static float[] Compute(KernelSession session, AttentionCase c, out double[] reference)
    {
        // The order of pages differs from call to call of one case on purpose.
        var context = new PagedContext(c.Contexts, c.KvHeads, c.HeadSize, c.PageSize, c.IsF32, c.Seed * 1000,
            new Random(c.Seed + c.Queries + c.Contexts.Length));
        var tokens = new List<(int Row, int Position)>();
        for (int row = 0; row < c.Contexts.Length; row++)
        {
            int first = Math.Max(0, c.Contexts[row] - c.Queries);
            for (int position = first; position < c.Contexts[row]; position++) tokens.Add((row, position));
            if (c.Window > 0) context.Forget(row, Math.Max(0, first + 1 - c.Window) / c.PageSize);
        }
        int headCount = c.KvHeads * c.Group, width = headCount * c.HeadSize;
        int queryStride = (width + (2 * c.KvHeads * c.HeadSize) + 31) / 32 * 32;
        float[] queries = Queries(c, tokens, width, queryStride);

        var workItems = new List<int>();
        var mergeItems = new List<int>();
        for (int token = 0; token < tokens.Count; token++)
        {
            int splits = (tokens[token].Position / c.SplitTokens) + 1;
            if (splits > 1) mergeItems.AddRange([token, workItems.Count / 2]);
            for (int split = 0; split < splits; split++) workItems.AddRange([token, split]);
        }
        int itemCount = workItems.Count / 2, mergeCount = mergeItems.Count / 2;
        DeviceBuffer positions = session.Upload(tokens.Select(t => t.Position).ToArray());
        DeviceBuffer counts = session.Upload(new[] { 0, itemCount, mergeCount, 0 });
        DeviceBuffer output = session.Poisoned(tokens.Count * width);
        DeviceBuffer partials = session.Poisoned(itemCount * headCount * (c.HeadSize + 2));
        Binding[] bindings =
        [
            new(session.Upload(queries), Format.R32Sfloat), new(session.Upload(context.Keys), Format.R32G32B32A32Uint),
            new(session.Upload(context.Values), Format.R32G32B32A32Uint), new(session.Upload(context.Pages), Format.R32Uint),
            session.Upload(context.PageOffsets), session.Upload(tokens.Select(t => t.Row).ToArray()), positions,
            session.Upload(workItems.ToArray()), counts, output, partials,
        ];
        var push = new PagedAttentionShader.PushConstants
        {
            CountSlot = CountSlot,
            KvHeadCount = (uint)c.KvHeads,
            QueryStride = (uint)queryStride,
            OutputStride = (uint)width,
            Scale = (float)(Math.Log2(Math.E) / Math.Sqrt(c.HeadSize)),
            SoftCap = (float)(Math.Log2(Math.E) * c.SoftCap),
        };
        uint[] constants =
        [
            (uint)c.HeadSize, (uint)c.Group, (uint)c.Heads, (uint)c.PageSize, (uint)c.SplitTokens, 16, c.IsF32 ? 1u : 0, (uint)c.LocalSize,
            (uint)c.Window, c.SoftCap > 0 ? 1u : 0,
        ];
        ComputePipeline attention = c.IsForLanes
            ? session.Harness.Pipeline(PagedAttentionLanesShader.Description, constants)
            : session.Harness.Pipeline(PagedAttentionShader.Description, constants);
        // One work item more than there are, as in a bucket that is not full.
        session.Dispatch(attention, push, (itemCount + 1, c.KvHeads, (c.Group + c.Heads - 1) / c.Heads), bindings);
        if (mergeCount > 0) Merge(session, c, [partials, session.Upload(mergeItems.ToArray()), positions, counts, output], mergeCount);
        session.Finish();
        reference = Reference(c, context, tokens, queries, queryStride);
        return KernelSession.Read<float>(output, tokens.Count * width);
    }

    private static void Merge(KernelSession session, AttentionCase c, Binding[] bindings, int mergeCount)
    {
        const int localSize = 64;
        int headCount = c.KvHeads * c.Group, width = headCount * c.HeadSize;
        var push = new AttentionMergeShader.PushConstants
        {
            CountSlot = CountSlot + 1,
            HeadCount = (uint)headCount,
            HeadSize = (uint)c.HeadSize,
            OutputStride = (uint)width,
        };
        ComputePipeline merge = session.Harness.Pipeline(AttentionMergeShader.Description, localSize, (uint)c.SplitTokens, (uint)c.Window);
        session.Dispatch(merge, push, ((width + localSize - 1) / localSize, mergeCount + 1, 1), bindings);
    }

    /// <summary>
    /// Query heads, with NaN where the keys and values of the token would stand. A token's query depends on its row and position only.
    /// </summary>
    private static float[] Queries(AttentionCase c, List<(int Row, int Position)> tokens, int width, int stride)
    {
        var queries = new float[tokens.Count * stride];
        Array.Fill(queries, float.NaN);
        for (int token = 0; token < tokens.Count; token++)
        {
            var random = new Random((c.Seed * 7919) + (tokens[token].Row * 65537) + tokens[token].Position);
            random.Normal(width).CopyTo(queries, token * stride);
        }
        return queries;
    }

    private static double[] Reference(
        AttentionCase c, PagedContext context, List<(int Row, int Position)> tokens, float[] queries, int stride)
    {
        int headCount = c.KvHeads * c.Group;
        var outputs = new double[tokens.Count * headCount * c.HeadSize];
        for (int token = 0; token < tokens.Count; token++)
        {
            for (int head = 0; head < headCount; head++)
            {
                ReadOnlySpan<float> query = queries.AsSpan((token * stride) + (head * c.HeadSize), c.HeadSize);
                Span<double> output = outputs.AsSpan(((token * headCount) + head) * c.HeadSize, c.HeadSize);
                Attend(c, context, tokens[token].Row, head / c.Group, tokens[token].Position + 1, query, output);
            }
        }
        return outputs;
    }

    private static void Attend(
        AttentionCase c, PagedContext context, int row, int kvHead, int length, ReadOnlySpan<float> query, Span<double> output)
    {
        int firstToken = c.Window > 0 ? Math.Max(0, length - c.Window) : 0;
        var scores = new double[length];
        Array.Fill(scores, double.NegativeInfinity);
        for (int token = firstToken; token < length; token++)
        {
            scores[token] = 0;
            for (int i = 0; i < query.Length; i++) scores[token] += query[i] * context.Key(row, kvHead, token, i);
            scores[token] /= Math.Sqrt(query.Length);
            if (c.SoftCap > 0) scores[token] = c.SoftCap * Math.Tanh(scores[token] / c.SoftCap);
        }
        double maximum = scores.Max(), sum = 0;
        for (int token = firstToken; token < length; token++)
        {
            double weight = Math.Exp(scores[token] - maximum);
            sum += weight;
            for (int i = 0; i < output.Length; i++) output[i] += weight * context.Value(row, kvHead, token, i);
        }
        for (int i = 0; i < output.Length; i++) output[i] /= sum;
    }
}
