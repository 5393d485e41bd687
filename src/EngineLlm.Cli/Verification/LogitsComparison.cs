using System;

namespace EngineLlm.Cli.Verification;

/// <summary>
/// How far a machine's logits are from the reference's, gathered position by position. Mean KL is the mean over positions of the sum over
/// the reference's ids of exp(logprob) * (logprob - ours), where ours is the log-softmax over the whole vocabulary, in double precision.
/// </summary>
internal sealed class LogitsComparison
{
    private double _klSum;
    private int _sameTopCount;

    /// <summary>Positions compared so far.</summary>
    internal int Positions { get; private set; }

    /// <summary>
    /// Kullback-Leibler divergence in nats, as far as the reference's ids cover the distribution. Not a number where a logit was none.
    /// </summary>
    internal double MeanKl => Positions == 0 ? 0 : _klSum / Positions;

    /// <summary>Share of positions whose most likely token is the reference's, 0 to 1.</summary>
    internal double SameTop => Positions == 0 ? 1 : (double)_sameTopCount / Positions;

    /// <summary>Compares one position.</summary>
    /// <param name="reference">The reference's likely tokens, best first.</param>
    /// <param name="logits">[vocabulary size] this machine's logits.</param>
    internal void Add(TopTokens reference, ReadOnlySpan<float> logits)
    {
        Positions++;
        _klSum += Divergence(reference, logits);
        if (IndexOfMax(logits) == reference.Ids![0]) _sameTopCount++;
    }

    private static double Divergence(TopTokens reference, ReadOnlySpan<float> logits)
    {
        double normalizer = LogSumExp(logits);
        double sum = 0;
        for (int i = 0; i < reference.Ids!.Length; i++)
        {
            double logprob = reference.Logprobs![i];
            sum += Math.Exp(logprob) * (logprob - (logits[reference.Ids[i]] - normalizer));
        }
        return sum;
    }

    private static double LogSumExp(ReadOnlySpan<float> logits)
    {
        double max = logits[Math.Max(0, IndexOfMax(logits))];
        double sum = 0;
        foreach (float logit in logits) sum += Math.Exp(logit - max);
        return max + Math.Log(sum);
    }

    /// <summary>The first of the largest; -1 where a logit is not a number, since nothing is the largest then.</summary>
    internal static int IndexOfMax(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            if (float.IsNaN(logits[i])) return -1;
            if (logits[i] > logits[best]) best = i;
        }
        return best;
    }
}
