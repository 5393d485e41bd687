using System;
using EngineLlm.Kernels;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;
using EngineLlm.Vulkan;

namespace EngineLlm.Models;

/// <summary>
/// What changes from step to step, as shaders read it. Command buffers are recorded once and see only these buffers, so a step costs the CPU a
/// few writes. The host writes one block; where the device's memory is not mapped the step copies it there first.
/// </summary>
internal sealed unsafe class StepBuffers
{
    private readonly StepLimits _limits;
    private readonly DeviceBuffer _host;
    private readonly DeviceBuffer _device;
    private ulong _size;

    internal StepBuffers(IDeviceMemory memory, StepLimits limits)
    {
        _limits = limits;
        int items = limits.MaxTokens * limits.MaxSplits;
        Section counts = Reserve(16), attention = Reserve(4), merge = Reserve(4);
        Section tokens = Reserve(limits.MaxTokens), positions = Reserve(limits.MaxTokens), rows = Reserve(limits.MaxTokens);
        Section pageOffsets = Reserve(limits.MaxSequences + 1), pages = Reserve(limits.MaxSequences * limits.MaxPagesPerSequence);
        Section workItems = Reserve(2 * items), mergeItems = Reserve(2 * limits.MaxTokens);
        Section logitTokens = Reserve(limits.MaxLogits), samplingRows = Reserve(limits.MaxLogits * Sampler.Row.Words);
        Section recentTokens = Reserve(limits.MaxLogits * SamplingParameters.MaxPenaltyWindow);
        Section windowPages = limits.WindowPageCount == 0 ? pages : Reserve(limits.MaxSequences * limits.MaxPagesPerSequence);
        _device = memory.Create(_size, BufferPlace.Device);
        _host = _device.IsMapped ? _device : memory.Create(_size, BufferPlace.Upload);
        Sampled = memory.Create((ulong)limits.MaxLogits * sizeof(int), BufferPlace.ReadBack);
        Counts = Range(counts);
        AttentionArguments = Range(attention);
        MergeArguments = Range(merge);
        Tokens = Range(tokens);
        Positions = Range(positions);
        Rows = Range(rows);
        PageOffsets = Range(pageOffsets);
        Pages = Range(pages);
        WindowPages = Range(windowPages);
        WorkItems = Range(workItems);
        MergeItems = Range(mergeItems);
        LogitTokens = Range(logitTokens);
        SamplingRows = Range(samplingRows);
        RecentTokens = Range(recentTokens);
    }

    /// <summary>[<see cref="StepCount"/>] counts.</summary>
    internal BufferRange Counts { get; }

    /// <summary>[3] workgroups of the attention kernel.</summary>
    internal BufferRange AttentionArguments { get; }

    /// <summary>[3] workgroups of the merge kernel.</summary>
    internal BufferRange MergeArguments { get; }

    /// <summary>[token] ids.</summary>
    internal BufferRange Tokens { get; }

    /// <summary>[token] positions.</summary>
    internal BufferRange Positions { get; }

    /// <summary>[token] rows.</summary>
    internal BufferRange Rows { get; }

    /// <summary>[row + 1] where each row's pages start.</summary>
    internal BufferRange PageOffsets { get; }

    /// <summary>[page of a row] physical pages.</summary>
    internal BufferRange Pages { get; }

    /// <summary>[page of a row] physical pages of sliding layers.</summary>
    internal BufferRange WindowPages { get; }

    /// <summary>[work item] (token, split).</summary>
    internal BufferRange WorkItems { get; }

    /// <summary>[merge item] (token, its first work item).</summary>
    internal BufferRange MergeItems { get; }

    /// <summary>[logit row] the token whose logits are wanted.</summary>
    internal BufferRange LogitTokens { get; }

    /// <summary>[logit row] how to choose the next token: <see cref="Sampler.Row"/>.</summary>
    internal BufferRange SamplingRows { get; }

    /// <summary>[logit row][<see cref="SamplingParameters.MaxPenaltyWindow"/>] the newest tokens, for penalties.</summary>
    internal BufferRange RecentTokens { get; }

    /// <summary>[logit row] tokens chosen, where the host reads them.</summary>
    internal DeviceBuffer Sampled { get; }

    /// <summary>The host's view of a section.</summary>
    internal Span<T> Host<T>(BufferRange section) where T : unmanaged =>
        new(_host.Mapped + section.Offset, checked((int)(section.Bytes / (ulong)sizeof(T))));

    /// <summary>Writes a plan, and the work lists of attention that follow from it.</summary>
    /// <param name="plan">The step.</param>
    /// <param name="attentionGroups">Workgroups of the attention kernel in y and z.</param>
    /// <param name="mergeGroups">Workgroups of the merge kernel in x.</param>
    internal void Write(StepPlan plan, (int Y, int Z) attentionGroups, int mergeGroups)
    {
        plan.Tokens.AsSpan(0, plan.TokenCount).CopyTo(Host<int>(Tokens));
        plan.Positions.AsSpan(0, plan.TokenCount).CopyTo(Host<int>(Positions));
        plan.Rows.AsSpan(0, plan.TokenCount).CopyTo(Host<int>(Rows));
        plan.PageOffsets.AsSpan(0, plan.RowCount + 1).CopyTo(Host<int>(PageOffsets));
        plan.Pages.AsSpan(0, plan.PageOffsets[plan.RowCount]).CopyTo(Host<int>(Pages));
        if (_limits.WindowPageCount > 0) plan.WindowPages.AsSpan(0, plan.PageOffsets[plan.RowCount]).CopyTo(Host<int>(WindowPages));
        plan.LogitTokens.AsSpan(0, plan.LogitCount).CopyTo(Host<int>(LogitTokens));
        (int items, int merges) = WriteWorkItems(plan);
        Span<int> counts = Host<int>(Counts);
        counts[(int)StepCount.Tokens] = plan.TokenCount;
        counts[(int)StepCount.Logits] = plan.LogitCount;
        counts[(int)StepCount.AttentionItems] = items;
        counts[(int)StepCount.MergeItems] = merges;
        SetArguments(AttentionArguments, items, attentionGroups.Y, attentionGroups.Z);
        SetArguments(MergeArguments, merges == 0 ? 0 : mergeGroups, merges, 1);
    }

    /// <summary>Records the copy to the device, where one is needed.</summary>
    internal void RecordUpload(CommandList commands)
    {
        if (ReferenceEquals(_host, _device)) return;
        commands.Copy(_host, _device);
        commands.BarrierAfterUpload();
    }

    private (int Items, int Merges) WriteWorkItems(StepPlan plan)
    {
        Span<(int Token, int Split)> workItems = Host<(int, int)>(WorkItems);
        Span<(int Token, int FirstItem)> mergeItems = Host<(int, int)>(MergeItems);
        int items = 0, merges = 0;
        for (int token = 0; token < plan.TokenCount; token++)
        {
            int splits = plan.Positions[token] / _limits.SplitTokens + 1;
            if (splits > 1) mergeItems[merges++] = (token, items);
            for (int split = 0; split < splits; split++) workItems[items++] = (token, split);
        }
        return (items, merges);
    }

    private void SetArguments(BufferRange section, int x, int y, int z)
    {
        Span<int> arguments = Host<int>(section);
        arguments[0] = x;
        arguments[1] = y;
        arguments[2] = z;
    }

    private Section Reserve(int words)
    {
        // 256 is the largest alignment that Vulkan lets a device ask for.
        var section = new Section(_size, (ulong)Math.Max(words, 4) * sizeof(uint));
        _size = (_size + section.Bytes + 255) & ~255UL;
        return section;
    }

    private BufferRange Range(Section section) => _device.Range(section.Offset, section.Bytes);

    private readonly record struct Section(ulong Offset, ulong Bytes);
}
