using System;
using EngineLlm.Scheduling;
using EngineLlm.Vulkan;

namespace EngineLlm.Models;

/// <summary>Receives the logits that follow one token of a text.</summary>
/// <param name="position">Position of the token.</param>
/// <param name="logits">[vocabulary] logits; valid during the call.</param>
internal delegate void LogitsReceiver(int position, ReadOnlySpan<float> logits);

/// <summary>Runs one text through the model and hands back the logits of every position. Waits for the device; for comparisons and tests.</summary>
internal sealed class LogitsReader
{
    private readonly VulkanDevice _device;
    private readonly Transformer _transformer;
    private readonly StepLimits _limits;
    private readonly StepPlan _plan;
    private readonly float[] _logits;

    internal LogitsReader(VulkanDevice device, Transformer transformer, StepLimits limits)
    {
        _device = device;
        _transformer = transformer;
        _limits = limits;
        _plan = new StepPlan(limits.MaxTokens, limits.MaxSequences, limits.MaxPagesPerSequence);
        _logits = new float[limits.MaxSequences * transformer.Model.VocabularySize];
    }

    /// <summary>Reads the logits of a text.</summary>
    /// <param name="tokens">The text.</param>
    /// <param name="pages">Physical pages that hold it, which nobody else uses.</param>
    /// <param name="receive">Called for every position in order.</param>
    /// <param name="chunkTokens">Tokens a step, at most the rows of logits; 0 for as many as there are.</param>
    internal void Read(ReadOnlySpan<int> tokens, ReadOnlySpan<int> pages, LogitsReceiver receive, int chunkTokens = 0)
    {
        int vocabulary = _transformer.Model.VocabularySize;
        int chunk = chunkTokens == 0 ? Math.Min(_limits.MaxSequences, _limits.MaxTokens) : Math.Min(chunkTokens, _limits.MaxSequences);
        for (int first = 0; first < tokens.Length; first += chunk)
        {
            int count = Math.Min(chunk, tokens.Length - first);
            FillPlan(tokens.Slice(first, count), first, pages);
            _transformer.Prepare(_plan);
            _device.Compute.Wait(_transformer.Submit(0, _transformer.UnitCount));
            _transformer.ReadLogits(count, _logits);
            for (int i = 0; i < count; i++) receive(first + i, _logits.AsSpan(i * vocabulary, vocabulary));
        }
    }

    private void FillPlan(ReadOnlySpan<int> tokens, int firstPosition, ReadOnlySpan<int> pages)
    {
        _plan.Clear();
        _plan.TokenCount = _plan.LogitCount = tokens.Length;
        _plan.RowCount = 1;
        tokens.CopyTo(_plan.Tokens);
        for (int i = 0; i < tokens.Length; i++)
        {
            _plan.Positions[i] = firstPosition + i;
            _plan.Rows[i] = 0;
            _plan.LogitTokens[i] = i;
            _plan.LogitRows[i] = 0;
        }
        pages.CopyTo(_plan.Pages);
        // In turn: when one is written again, what it held has left the window.
        for (int i = 0; i < pages.Length && _limits.WindowPageCount > 0; i++) _plan.WindowPages[i] = i % _limits.WindowPageCount;
        _plan.PageOffsets[0] = 0;
        _plan.PageOffsets[1] = pages.Length;
    }
}
