using System;
using EngineLlm.Models;
using EngineLlm.Scheduling;
using EngineLlm.Vulkan;

namespace EngineLlm;

/// <summary>
/// Takes steps from the scheduler to the device and back, a segment at a time: what of a step fits into a frame's budget goes to the device in one
/// submit, and the next update looks whether it has finished. Never waits. Not thread-safe: its owner has the lock.
/// </summary>
internal sealed class StepDriver
{
    private readonly DeviceQueue _queue;
    private readonly Transformer _transformer;
    private readonly Scheduler _scheduler;
    private readonly FrameBudget _budget;
    private readonly StepPlan _plan;
    private readonly int _maxTokens;
    private bool _hasStep;
    private int _nextUnit;
    private int _segmentUnits;

    internal StepDriver(DeviceQueue queue, Transformer transformer, Scheduler scheduler, StepLimits limits)
    {
        _queue = queue;
        _transformer = transformer;
        _scheduler = scheduler;
        _budget = new FrameBudget(transformer.Model.LayerCount);
        _plan = new StepPlan(limits.MaxTokens, limits.MaxSequences, limits.MaxSequences * limits.MaxPagesPerSequence, limits.MaxLogits);
        _maxTokens = limits.MaxTokens;
    }

    /// <summary>The submit on the device, or 0.</summary>
    internal ulong Submit { get; private set; }

    /// <summary>True while a step is under way, on the device or between two segments.</summary>
    internal bool HasStep => _hasStep;

    internal long Steps { get; private set; }

    internal long Segments { get; private set; }

    internal long TokensPrefilled { get; private set; }

    internal double SegmentMicroseconds { get; private set; }

    /// <summary>Books what the device has finished, and hands it as much as the budget allows.</summary>
    /// <param name="budgetMicroseconds">Device time that this frame can spare.</param>
    internal void Update(int budgetMicroseconds)
    {
        if (Submit != 0)
        {
            if (!_queue.IsCompleted(Submit)) return;
            FinishSegment();
        }
        if (!_hasStep && !TryBeginStep(budgetMicroseconds)) return;
        _segmentUnits = _budget.UnitsThatFit(_nextUnit, _plan.TokenCount, budgetMicroseconds);
        Submit = _transformer.Submit(_nextUnit, _segmentUnits);
        Segments++;
    }

    /// <summary>Gives the step under way back to the scheduler, for a device that was lost.</summary>
    internal void Abandon()
    {
        if (_hasStep) _scheduler.Abandon(_plan);
        _hasStep = false;
        Submit = 0;
    }

    private bool TryBeginStep(int budgetMicroseconds)
    {
        int decoding = Math.Min(_scheduler.RunningCount, _maxTokens);
        int prefill = _budget.PrefillTokensThatFit(decoding, _maxTokens, budgetMicroseconds);
        int tokens = Math.Min(_maxTokens, decoding + prefill);
        // Prompts always get on; guesses only where it is known that a layer of so many tokens fits.
        bool mayDraft = _budget.Estimate(StepUnit.Layer, tokens) <= budgetMicroseconds;
        if (!_scheduler.TryPlan(_plan, tokens, mayDraft)) return false;
        // In place before the device is touched, so that a failure in between still gives the step back.
        _hasStep = true;
        _nextUnit = 0;
        _transformer.Prepare(_plan);
        return true;
    }

    private void FinishSegment()
    {
        Submit = 0;
        if (_transformer.SegmentMicroseconds() is { } microseconds)
        {
            SegmentMicroseconds = microseconds;
            // The head does not run where nobody wants logits, and has cost nothing then.
            bool skippedHead = _plan.LogitCount == 0 && _nextUnit + _segmentUnits == _transformer.UnitCount;
            _budget.Record(_nextUnit, skippedHead ? _segmentUnits - 1 : _segmentUnits, _plan.TokenCount, microseconds);
        }
        _nextUnit += _segmentUnits;
        if (_nextUnit < _transformer.UnitCount) return;
        _hasStep = false;
        Steps++;
        TokensPrefilled += _plan.TokenCount - _plan.LogitCount;
        _scheduler.Complete(_plan, _transformer.SampledTokens(_plan.LogitCount));
    }
}
