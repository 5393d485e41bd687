using System;
using System.Collections.Generic;
using System.Threading;
using EngineLlm.Cli.Benching;
using EngineLlm.Scheduling;

namespace EngineLlm.Cli.Verification;

/// <summary>An engine as `verify` sees it.</summary>
internal sealed class EngineReferenceModel : IReferenceModel
{
    private readonly LlmEngine _engine;

    internal EngineReferenceModel(LlmEngine engine) => _engine = engine;

    public int VocabularySize => _engine.Model.VocabularySize;

    public int ContextLength => _engine.ContextLength;

    public void ReadLogits(int[] tokens, LogitsHandler handler, CancellationToken cancellation)
    {
        _engine.ReadLogits(tokens, (position, logits) =>
        {
            cancellation.ThrowIfCancellationRequested();
            handler(position, logits);
        });
    }

    // Without stop tokens, since the reference's continuation has its last token in it; what would follow is never asked for.
    public IReadOnlyList<int[]> ContinueGreedily(IReadOnlyList<(int[] Prompt, int Count)> texts, CancellationToken cancellation)
    {
        var sequences = new Sequence[texts.Count];
        for (int i = 0; i < sequences.Length; i++) sequences[i] = SequenceRunner.NewGreedy(texts[i].Prompt, texts[i].Count);
        var runner = new SequenceRunner(_engine, cancellation);
        runner.Add(sequences);
        runner.RunUntil(() => Array.TrueForAll(sequences, sequence => sequence.State == SequenceState.Finished));
        return Array.ConvertAll(sequences, sequence => sequence.Generated.ToArray());
    }
}
