using System;
using System.Runtime.InteropServices;
using EngineLlm.Kernels.Generated;
using EngineLlm.Models;
using EngineLlm.Models.Weights;
using EngineLlm.Sampling;
using EngineLlm.Scheduling;
using EngineLlm.Vulkan;

namespace EngineLlm.Kernels;

/// <summary>sample.comp: chooses the next token of every row of logits, on the device. Only the ids come back.</summary>
internal sealed class Sampler
{
    private readonly BoundKernel _kernel;
    private readonly SampleShader.PushConstants _push;
    private readonly StepBuffers _step;

    internal Sampler(KernelContext context, ModelDescription model, StepLimits limits, StepBuffers step, DeviceBuffer logits, int logitStride)
    {
        _step = step;
        ComputePipeline pipeline = context.Pipelines.Get(SampleShader.Description, LocalSize(context));
        _kernel = context.Bindings.Bind(pipeline, logits, step.SamplingRows, step.RecentTokens, step.Counts, step.Sampled);
        _push = new SampleShader.PushConstants
        {
            CountSlot = (uint)StepCount.Logits,
            VocabularySize = (uint)model.VocabularySize,
            LogitStride = (uint)logitStride,
        };
    }

    /// <summary>[logit row] the tokens chosen by the step that finished last.</summary>
    internal ReadOnlySpan<int> Tokens => _step.Sampled.Span<int>();

    /// <summary>Writes how each row of logits of a step is to be sampled.</summary>
    internal void Write(StepPlan plan)
    {
        Span<Row> rows = _step.Host<Row>(_step.SamplingRows);
        Span<int> recent = _step.Host<int>(_step.RecentTokens);
        for (int i = 0; i < plan.LogitCount; i++)
        {
            Sequence? sequence = plan.Sequences[plan.LogitRows[i]];
            // Without a sequence the logits alone are wanted.
            rows[i] = sequence is null ? default : Row.Of(sequence);
            if (sequence is { Sampling.HasPenalties: true }) NewestTokens(sequence).CopyTo(recent.Slice(i * SamplingParameters.MaxPenaltyWindow));
        }
    }

    internal void Record(CommandList commands, int rows) => commands.Dispatch(_kernel, _push, rows);

    // A row is one workgroup's work, so it should be a big one where invocations run side by side.
    private static uint LocalSize(KernelContext context) =>
        context.Order == WeightOrder.Lanes || context.Device.Physical.Limits.MaxComputeWorkGroupInvocations < 512 ? 256u : 512u;

    private static ReadOnlySpan<int> NewestTokens(Sequence sequence)
    {
        ReadOnlySpan<int> tokens = sequence.Tokens;
        return tokens.Slice(Math.Max(0, tokens.Length - sequence.Sampling.PenaltyWindow));
    }

    /// <summary>SamplingRow of sample.comp.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Row
    {
        internal const int Words = 12;

        private float _temperature;
        private int _topK;
        private float _topP;
        private float _minP;
        private float _repetitionPenalty;
        private float _frequencyPenalty;
        private float _presencePenalty;
        private int _windowLength;
        private ulong _seed;
        private int _position;
        private int _reserved;

        internal static Row Of(Sequence sequence)
        {
            SamplingParameters sampling = sequence.Sampling;
            return new Row
            {
                _temperature = sampling.Temperature,
                _topK = sampling.TopK,
                _topP = sampling.TopP,
                _minP = sampling.MinP,
                _repetitionPenalty = sampling.RepetitionPenalty,
                _frequencyPenalty = sampling.FrequencyPenalty,
                _presencePenalty = sampling.PresencePenalty,
                _windowLength = sampling.HasPenalties ? NewestTokens(sequence).Length : 0,
                _seed = sampling.Seed,
                _position = sequence.TokenCount,
                _reserved = 0,
            };
        }
    }
}
