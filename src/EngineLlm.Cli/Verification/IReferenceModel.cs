using System;
using System.Collections.Generic;
using System.Threading;

namespace EngineLlm.Cli.Verification;

/// <summary>Receives the logits after one token.</summary>
/// <param name="position">The token's position in its text, from 0.</param>
/// <param name="logits">[vocabulary size] valid during the call.</param>
internal delegate void LogitsHandler(int position, ReadOnlySpan<float> logits);

/// <summary>What is verified: something that gives logits and greedy continuations.</summary>
internal interface IReferenceModel
{
    /// <summary>Tokens in the vocabulary.</summary>
    int VocabularySize { get; }

    /// <summary>Tokens that a text may have.</summary>
    int ContextLength { get; }

    /// <summary>Runs one text and hands out its logits in order.</summary>
    void ReadLogits(int[] tokens, LogitsHandler handler, CancellationToken cancellation);

    /// <summary>Continues texts by arg max, each until that many tokens or an end-of-generation token, which is included.</summary>
    IReadOnlyList<int[]> ContinueGreedily(IReadOnlyList<(int[] Prompt, int Count)> texts, CancellationToken cancellation);
}
