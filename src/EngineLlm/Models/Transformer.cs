using System;
using System.Collections.Generic;
using EngineLlm.Kernels;
using EngineLlm.Scheduling;
using EngineLlm.Vulkan;
using Silk.NET.Vulkan;

namespace EngineLlm.Models;

/// <summary>
/// Runs steps on the device. The commands of every unit of a step (embedding, each layer, head with sampling) are recorded once for each
/// size of step and replayed; a step changes buffers only. Units go to the device in segments, so that a game decides how many a frame.
/// One step at a time.
/// </summary>
internal sealed class Transformer : IDisposable
{
    private readonly VulkanDevice _device;
    private readonly StepLimits _limits;
    private readonly TransformerKernels _kernels;
    private readonly CommandListPool _commandPool;
    private readonly TimestampPool? _timestamps;
    private readonly CommandList[,] _bodies; // [token bucket, unit]
    private readonly CommandList[] _heads; // [logit bucket]
    private readonly CommandList _startClock;
    private readonly CommandList _stopClock;
    private readonly CommandList _copies;
    private readonly CommandList _readBack;
    private readonly CommandBuffer[] _segment;
    private int _tokenBucket;
    private int _logitBucket;
    private bool _hasCopies;
    private bool _hasLogits;

    internal Transformer(KernelContext context, ModelDescription model, ModelWeights weights, StepLimits limits)
    {
        _device = context.Device;
        _limits = limits;
        Model = model;
        _kernels = new TransformerKernels(context, model, weights, limits);
        _commandPool = new CommandListPool(_device, _device.Compute);
        _timestamps = _device.Compute.HasTimestamps ? new TimestampPool(_device, 2) : null;
        _startClock = _commandPool.Create();
        _stopClock = _commandPool.Create();
        _bodies = new CommandList[BucketOf(limits.MaxTokens) + 1, UnitCount - 1];
        _heads = new CommandList[BucketOf(limits.MaxLogits) + 1];
        _copies = _commandPool.Create();
        _readBack = _commandPool.Create();
        _segment = new CommandBuffer[UnitCount + 3];
    }

    internal ModelDescription Model { get; }

    internal PageMemory Pages => _kernels.Pages;

    /// <summary>Units of a step: embedding, layers, head with sampling.</summary>
    internal int UnitCount => Model.LayerCount + 2;

    /// <summary>Records every command buffer and runs each kernel once over nothing, so that nothing is compiled during play. Waits; for loading.</summary>
    internal void Record()
    {
        RecordClock();
        for (int bucket = 0; bucket < _bodies.GetLength(0); bucket++)
        {
            for (int unit = 0; unit < UnitCount - 1; unit++) _bodies[bucket, unit] = RecordUnit(unit, TokensOf(bucket, _limits.MaxTokens));
        }
        for (int bucket = 0; bucket < _heads.Length; bucket++) _heads[bucket] = RecordUnit(UnitCount - 1, TokensOf(bucket, _limits.MaxLogits));
        WarmUp();
    }

    /// <summary>Writes a step into the device's buffers. The step before must have finished.</summary>
    internal void Prepare(StepPlan plan)
    {
        _tokenBucket = BucketOf(plan.TokenCount);
        _logitBucket = BucketOf(Math.Max(1, plan.LogitCount));
        _hasLogits = plan.LogitCount > 0;
        _hasCopies = plan.Copies.Count > 0;
        _kernels.WriteStep(plan);
        if (_hasCopies) RecordCopies(plan.Copies);
    }

    /// <summary>Hands consecutive units of the prepared step to the device.</summary>
    /// <returns>The number of the submit on the compute queue.</returns>
    internal ulong Submit(int firstUnit, int unitCount)
    {
        int count = 0;
        if (_timestamps is not null) _segment[count++] = _startClock.Handle;
        if (firstUnit == 0 && _hasCopies) _segment[count++] = _copies.Handle;
        for (int unit = firstUnit; unit < firstUnit + unitCount; unit++)
        {
            if (unit < UnitCount - 1) _segment[count++] = _bodies[_tokenBucket, unit].Handle;
            else if (_hasLogits) _segment[count++] = _heads[_logitBucket].Handle;
        }
        if (_timestamps is not null) _segment[count++] = _stopClock.Handle;
        return _device.Compute.Submit(_segment.AsSpan(0, count));
    }

    /// <summary>Device time of the segment that finished last, or null where the device keeps no time.</summary>
    internal double? SegmentMicroseconds() => _timestamps?.MicrosecondsBetween(0, 1);

    /// <summary>[logit row] the tokens that the finished step chose.</summary>
    internal ReadOnlySpan<int> SampledTokens(int count) => _kernels.SampledTokens(count);

    /// <summary>Copies the logits of the finished step to the host. Waits; for comparisons and tests.</summary>
    /// <param name="rows">Rows of logits.</param>
    /// <param name="destination">[rows * vocabulary] receives them.</param>
    internal void ReadLogits(int rows, Span<float> destination)
    {
        _readBack.Begin(once: true);
        _kernels.RecordLogitsReadBack(_readBack, rows);
        _readBack.End();
        RunAndWait(_readBack.Handle);
        for (int row = 0; row < rows; row++) _kernels.LogitsOnHost(row).CopyTo(destination.Slice(row * Model.VocabularySize));
    }

    public void Dispose()
    {
        _device.WaitIdle();
        _timestamps?.Dispose();
        _commandPool.Dispose();
    }

    // Two timestamps a segment, not two a unit: some drivers finish everything before they write one.
    private void RecordClock()
    {
        if (_timestamps is null) return;
        _startClock.Begin();
        _startClock.ResetTimestamps(_timestamps, 0, 2);
        _startClock.WriteTimestamp(_timestamps, 0);
        _startClock.End();
        _stopClock.Begin();
        _stopClock.WriteTimestamp(_timestamps, 1);
        _stopClock.End();
    }

    private CommandList RecordUnit(int unit, int tokens)
    {
        CommandList commands = _commandPool.Create();
        commands.Begin();
        if (unit == 0) _kernels.RecordEmbedding(commands, tokens);
        else if (unit < UnitCount - 1) _kernels.RecordLayer(commands, unit - 1, tokens);
        else _kernels.RecordHead(commands, tokens);
        commands.End();
        return commands;
    }

    // Some drivers compile at the first dispatch, not when the pipeline is created.
    private void WarmUp()
    {
        _copies.Begin(once: true);
        _kernels.RecordClear(_copies);
        _copies.End();
        RunAndWait(_copies.Handle);
        var empty = new StepPlan(1, 1, 1);
        _kernels.WriteStep(empty);
        for (int bucket = 0; bucket < _bodies.GetLength(0); bucket++)
        {
            for (int unit = 0; unit < UnitCount - 1; unit++) RunAndWait(_bodies[bucket, unit].Handle);
        }
        foreach (CommandList head in _heads) RunAndWait(head.Handle);
    }

    private void RecordCopies(List<PageCopy> copies)
    {
        ulong bytes = Pages.PageBytes;
        _copies.Begin(once: true);
        _copies.BarrierBetweenShadersAndCopies();
        for (int i = 0; i < copies.Count; i++)
        {
            for (int layer = 0; layer < Model.LayerCount; layer++)
            {
                bool windowed = Pages.Windowed[layer];
                ulong source = (ulong)(windowed ? copies[i].WindowSource : copies[i].Source) * bytes;
                ulong destination = (ulong)(windowed ? copies[i].WindowDestination : copies[i].Destination) * bytes;
                _copies.Copy(Pages.Keys[layer].Range(source, bytes), Pages.Keys[layer].Range(destination, bytes));
                _copies.Copy(Pages.Values[layer].Range(source, bytes), Pages.Values[layer].Range(destination, bytes));
            }
        }
        _copies.BarrierBetweenShadersAndCopies();
        _copies.End();
    }

    private unsafe void RunAndWait(CommandBuffer commands) => _device.Compute.Wait(_device.Compute.Submit(new ReadOnlySpan<CommandBuffer>(&commands, 1)));

    /// <summary>The smallest power of two that holds the count, as an exponent.</summary>
    private static int BucketOf(int count)
    {
        int bucket = 0;
        while (1 << bucket < count) bucket++;
        return bucket;
    }

    private static int TokensOf(int bucket, int limit) => Math.Min(1 << bucket, limit);
}
