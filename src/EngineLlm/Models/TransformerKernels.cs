using System;
using EngineLlm.Kernels;
using EngineLlm.Models.Weights;
using EngineLlm.Scheduling;
using EngineLlm.Vulkan;

namespace EngineLlm.Models;

/// <summary>
/// The kernels of a model, bound to its weights, its pages and the activations between them, and the order in which they run. What the model's
/// description says is what is recorded.
/// </summary>
internal sealed class TransformerKernels
{
    private readonly StepBuffers _step;
    private readonly Activations _activations;
    private readonly Embedding _embedding;
    private readonly LayerKernels[] _layers;
    private readonly Matmul _head;
    private readonly Sampler _sampler;
    private readonly DeviceBuffer _logits;
    private readonly (int Y, int Z) _attentionGroups;
    private readonly int _mergeGroups;

    internal TransformerKernels(KernelContext context, ModelDescription model, ModelWeights weights, StepLimits limits)
    {
        _step = new StepBuffers(context.Memory, limits);
        Pages = new PageMemory(context.Memory, model, limits);
        var activations = new Activations(context.Memory, model, limits);
        _activations = activations;
        _embedding = new Embedding(context, weights.Embedding, _step, activations, model.EmbeddingScale);
        _layers = new LayerKernels[model.LayerCount];
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            var attention = new PagedAttention.Operands
            {
                Model = model,
                Limits = limits,
                Step = _step,
                Queries = activations.QueryKeyValue,
                QueryStride = activations.QueryKeyValueStride,
                Keys = Pages.Keys[layer],
                Values = Pages.Values[layer],
                RopeTable = model.RopeOf(layer) is null ? null : model.IsSliding(layer) ? weights.SlidingRopeTable : weights.RopeTable,
                HeadGains = weights.Layers[layer].HeadGains,
                Window = Pages.Windowed[layer] ? model.SlidingWindow : 0,
                Output = activations.Attention,
                OutputStride = activations.AttentionStride,
                Partials = activations.Partials,
            };
            _layers[layer] = new LayerKernels(context, model, weights.Layers[layer], attention, activations);
        }
        _attentionGroups = PagedAttention.Groups(context, model);
        _mergeGroups = AttentionMerge.Groups(model);
        _logits = activations.Logits;
        _head = new Matmul(context, weights.Head, new Matmul.Operands
        {
            Input = activations.Residual,
            InputStride = activations.ResidualStride,
            Gain = weights.OutputNorm,
            Epsilon = model.NormEpsilon,
            SoftCap = model.LogitSoftCap,
            Output = _logits,
            OutputStride = activations.LogitStride,
            OutputRows = model.VocabularySize,
            InputRows = _step.LogitTokens,
            Count = StepCount.Logits,
            Counts = _step.Counts,
        });
        _sampler = new Sampler(context, model, limits, _step, _logits, activations.LogitStride);
    }

    internal PageMemory Pages { get; }

    /// <summary>What <see cref="RecordLogitsReadBack"/> brought to the host: one row, [vocabulary].</summary>
    internal Span<float> LogitsOnHost(int row) =>
        _activations.LogitsOnHost.Span<float>().Slice(row * _activations.LogitStride, _activations.VocabularySize);

    internal void WriteStep(StepPlan plan)
    {
        _step.Write(plan, _attentionGroups, _mergeGroups);
        _sampler.Write(plan);
    }

    internal ReadOnlySpan<int> SampledTokens(int count) => _sampler.Tokens.Slice(0, count);

    /// <summary>Clears the activations: their rows are padded with zeros that no kernel writes.</summary>
    internal void RecordClear(CommandList commands) => _activations.RecordClear(commands);

    internal void RecordEmbedding(CommandList commands, int tokens)
    {
        _step.RecordUpload(commands);
        _embedding.Record(commands, tokens);
        commands.BarrierBetweenShaders();
    }

    internal void RecordLayer(CommandList commands, int layer, int tokens) => _layers[layer].Record(commands, tokens);

    internal void RecordHead(CommandList commands, int rows)
    {
        _head.Record(commands, rows);
        commands.BarrierBetweenShaders();
        _sampler.Record(commands, rows);
        commands.BarrierToHost();
    }

    internal void RecordLogitsReadBack(CommandList commands, int rows)
    {
        ulong bytes = (ulong)rows * (ulong)_activations.LogitStride * sizeof(float);
        commands.BarrierBetweenShadersAndCopies();
        commands.Copy(_logits.Range(0, bytes), _activations.LogitsOnHost.Range(0, bytes));
        commands.BarrierToHost();
    }
}
