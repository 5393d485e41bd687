using System;
using System.Collections.Generic;
using System.Threading;

namespace EngineLlm.Cli.Verification;

/// <summary>Compares a model's logits and greedy continuations with a logits file.</summary>
internal sealed class LogitsVerification
{
    private readonly IReferenceModel _model;
    private readonly List<LogitsReference> _continued = [];

    internal LogitsVerification(IReferenceModel model) => _model = model;

    internal LogitsComparison Logits { get; } = new();

    internal GreedyComparison Greedy { get; } = new();

    /// <summary>Runs the whole file.</summary>
    /// <param name="path">A file in the format of the project's logits references.</param>
    /// <param name="progress">Told the number of positions done, now and then.</param>
    /// <param name="cancellation">Stops between two positions.</param>
    /// <exception cref="InputException">The file is malformed, or belongs to another model.</exception>
    /// <exception cref="PromptTooLongException">A text is longer than the context.</exception>
    internal void Run(string path, Action<string>? progress, CancellationToken cancellation)
    {
        foreach (LogitsReference reference in LogitsReference.Read(path, _model.VocabularySize))
        {
            cancellation.ThrowIfCancellationRequested();
            CheckLength(path, reference);
            CompareLogits(reference, progress, cancellation);
            if (reference.Greedy.Length > 0) _continued.Add(reference);
        }
        progress?.Invoke($"{Logits.Positions} positions, now {_continued.Count} greedy continuations");
        CompareContinuations(cancellation);
    }

    private void CheckLength(string path, LogitsReference reference)
    {
        int needed = reference.Tokens.Length + Math.Max(0, reference.Greedy.Length - 1);
        if (needed <= _model.ContextLength) return;
        throw new PromptTooLongException(
            $"{path}:{reference.Line}: text and continuation have {needed} tokens, "
            + $"but the context has {_model.ContextLength}; raise --context.");
    }

    private void CompareLogits(LogitsReference reference, Action<string>? progress, CancellationToken cancellation)
    {
        int seen = 0;
        _model.ReadLogits(
            reference.Tokens,
            (position, logits) =>
            {
                Logits.Add(reference.Top[position], logits);
                if (++seen % 16 == 0) progress?.Invoke($"{Logits.Positions} positions");
            },
            cancellation);
        if (seen != reference.Tokens.Length)
            throw new InvalidOperationException($"{seen} rows of logits came for {reference.Tokens.Length} tokens.");
    }

    private void CompareContinuations(CancellationToken cancellation)
    {
        var texts = new List<(int[] Prompt, int Count)>();
        foreach (LogitsReference reference in _continued) texts.Add((reference.Tokens, reference.Greedy.Length));
        IReadOnlyList<int[]> ours = _model.ContinueGreedily(texts, cancellation);
        for (int i = 0; i < ours.Count; i++) Greedy.Add(_continued[i].Greedy, ours[i]);
    }
}
