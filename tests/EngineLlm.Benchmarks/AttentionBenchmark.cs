using System;
using System.Collections.Generic;
using EngineLlm.Kernels.Generated;
using EngineLlm.ShaderTests.Checks;
using EngineLlm.Vulkan;

namespace EngineLlm.Benchmarks;

/// <summary>
/// paged_attention.comp and attention_merge.comp in decode: 8 kv heads of 128, 4 query heads to each, f16, pages of 32 in random order.
/// </summary>
internal sealed class AttentionBenchmark(KernelTimer timer) : IBenchmark
{
    private const int KvHeads = 8, Group = 4, HeadSize = 128, PageSize = 32, Width = KvHeads * Group * HeadSize;
    private const uint LocalSize = 128;

    public string Name => "paged_attention";

    public void Run()
    {
        bool isCpu = timer.Device.Physical.IsCpu;
        Console.WriteLine($"\n{Name} with its merge, microseconds (GB/s of keys and values)");
        foreach (int splitTokens in (int[])[64, 128, 256])
        {
            foreach (int sequences in isCpu ? (int[])[1, 4] : [1, 16, 64])
            {
                Console.Write($"{$"{sequences} sequences, splits of {splitTokens}",-32}");
                foreach (int context in isCpu ? (int[])[256, 1024] : [512, 2048, 4096]) Print(sequences, context, splitTokens);
                Console.WriteLine();
            }
        }
    }

    private void Print(int sequences, int context, int splitTokens)
    {
        double microseconds = Time(sequences, context, splitTokens);
        double bytes = 2.0 * sequences * context * KvHeads * HeadSize * sizeof(ushort);
        Console.Write($"{$"{context}: {microseconds:F1} ({bytes / microseconds / 1e3:F0})",24}");
        timer.Clear();
    }

    private double Time(int sequences, int context, int splitTokens)
    {
        int pagesEach = (context + PageSize - 1) / PageSize, pageCount = pagesEach * sequences;
        int splits = (context + splitTokens - 1) / splitTokens;
        ulong bytes = (ulong)pageCount * KvHeads * PageSize * HeadSize * sizeof(ushort);
        var workItems = new List<int>();
        var mergeItems = new List<int>();
        int[] offsets = new int[sequences + 1], rows = new int[sequences], positions = new int[sequences];
        for (int row = 0; row < sequences; row++)
        {
            offsets[row + 1] = offsets[row] + pagesEach;
            rows[row] = row;
            positions[row] = context - 1;
            mergeItems.AddRange([row, workItems.Count / 2]);
            for (int split = 0; split < splits; split++) workItems.AddRange([row, split]);
        }
        int itemCount = workItems.Count / 2, queryStride = Width + (2 * KvHeads * HeadSize);
        DeviceBuffer counts = timer.Upload(new[] { itemCount, sequences, 0, 0 }), positionBuffer = timer.Upload(positions);
        DeviceBuffer output = timer.Filled((ulong)(sequences * Width * sizeof(float)), 0);
        DeviceBuffer partials = timer.Filled((ulong)itemCount * KvHeads * Group * (HeadSize + 2) * sizeof(float), 0);
        BoundKernel attention = timer.Bind(
            timer.Pipeline(PagedAttentionShader.Description, HeadSize, Group, Group, PageSize, (uint)splitTokens, 16, 0, LocalSize),
            timer.Filled((ulong)(sequences * queryStride * sizeof(float)), 0x3d000000),
            timer.Filled(bytes, 0x2c002c00), timer.Filled(bytes, 0x2c002c00),
            timer.Upload(new Random(1).Permutation(pageCount)), timer.Upload(offsets), timer.Upload(rows), positionBuffer,
            timer.Upload(workItems.ToArray()), counts, output, partials);
        var push = new PagedAttentionShader.PushConstants
        {
            KvHeadCount = KvHeads,
            QueryStride = (uint)queryStride,
            OutputStride = Width,
            Scale = 0.1f,
        };
        const int mergeSize = 64;
        BoundKernel merge = timer.Bind(
            timer.Pipeline(AttentionMergeShader.Description, mergeSize, (uint)splitTokens),
            partials, timer.Upload(mergeItems.ToArray()), positionBuffer, counts, output);
        var mergePush = new AttentionMergeShader.PushConstants
        {
            CountSlot = 1,
            HeadCount = KvHeads * Group,
            HeadSize = HeadSize,
            OutputStride = Width,
        };
        return timer.Microseconds((commands, _) =>
        {
            commands.Dispatch(attention, push, itemCount, KvHeads);
            if (splits == 1) return;
            commands.BarrierBetweenShaders();
            commands.Dispatch(merge, mergePush, Width / mergeSize, sequences);
        });
    }
}
