using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;

namespace EngineLlm.ShaderTests.Checks;

/// <summary>The parameters of one row as the shader reads them.</summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct SamplingRow
{
    public float Temperature;
    public uint TopK;
    public float TopP;
    public float MinP;
    public float RepetitionPenalty;
    public float FrequencyPenalty;
    public float PresencePenalty;
    public uint WindowLength;
    public ulong Seed;
    public uint Position;
    public uint Reserved;

    internal static SamplingRow Plain(float temperature) => new() { Temperature = temperature, TopP = 1, RepetitionPenalty = 1 };

    public override readonly string ToString() =>
        FormattableString.Invariant($"temperature {Temperature} top-k {TopK} top-p {TopP} min-p {MinP} ")
        + FormattableString.Invariant($"penalties {RepetitionPenalty} {FrequencyPenalty} {PresencePenalty} window {WindowLength} ")
        + FormattableString.Invariant($"seed {Seed} position {Position}");
}

/// <summary>What sampling is: sorts, sums in double precision, and knows which tokens may be chosen and how each of them scores.</summary>
internal sealed class SamplingReference
{
    /// <summary>How near a token may be to the edge of top-p or min-p before float and double may differ on it.</summary>
    private const double EdgeWidth = 1e-5;

    private readonly SamplingRow _row;
    private readonly double[] _logits;

    internal SamplingReference(ReadOnlySpan<float> logits, SamplingRow row, ReadOnlySpan<uint> recent)
    {
        _row = row;
        _logits = Penalise(logits, row, recent[..(int)Math.Min(row.WindowLength, (uint)recent.Length)]);
        int[] order = [.. Enumerable.Range(0, logits.Length).OrderByDescending(id => _logits[id]).ThenBy(id => id)];
        MostLikely = order[0];
        int count = row.TopK is 0 || row.TopK > logits.Length ? logits.Length : (int)row.TopK;
        double[] weights = [.. order.Take(count).Select(id => Math.Exp((_logits[id] - _logits[MostLikely]) / row.Temperature))];
        double total = weights.Sum(), before = 0;
        for (int i = 0; i < count; i++)
        {
            double share = before / total;
            if (row.TopP < 1 && share >= row.TopP + EdgeWidth) break;
            if (weights[i] < row.MinP - EdgeWidth) break;
            bool isSure = (row.TopP >= 1 || share < row.TopP - EdgeWidth) && weights[i] >= row.MinP + (row.MinP > 0 ? EdgeWidth : 0);
            if (isSure || i == 0) Kept.Add(order[i]);
            else AtTheEdge.Add(order[i]);
            before += weights[i];
        }
        Weights = weights[..Kept.Count];
    }

    internal int MostLikely { get; }

    /// <summary>Tokens that may be chosen, most likely first.</summary>
    internal List<int> Kept { get; } = [];

    /// <summary>The weights of <see cref="Kept"/>.</summary>
    internal double[] Weights { get; }

    /// <summary>Tokens so near to a filter's edge that either answer is right.</summary>
    internal List<int> AtTheEdge { get; } = [];

    /// <summary>What is wrong with a choice; null where it is right.</summary>
    internal string? Judge(int token)
    {
        const double roundOff = 2e-4;
        if (token < 0 || token >= _logits.Length) return $"token {token} does not exist";
        if (_row.Temperature <= 0)
            return token == MostLikely ? null : $"chose {token} ({_logits[token]:R}) instead of {MostLikely} ({_logits[MostLikely]:R})";
        if (!Kept.Contains(token) && !AtTheEdge.Contains(token))
            return $"chose {token}, which the filters throw out; {Kept.Count} tokens are kept";
        int best = Kept.MaxBy(Score);
        return Score(token) >= Score(best) - roundOff
            ? null
            : $"chose {token} with a score of {Score(token):R} instead of {best} with {Score(best):R}";
    }

    private double Score(int token)
    {
        uint bits = Philox(_row.Seed, [(uint)token >> 2, _row.Position, 0, 0])[token & 3];
        double exponential = -Math.Log(1 - ((bits + 0.5) / 4294967296.0));
        return ((_logits[token] - _logits[MostLikely]) / _row.Temperature) - Math.Log(exponential);
    }

    /// <summary>Philox4x32-10 of Salmon, Moraes, Dror and Shaw (2011).</summary>
    internal static uint[] Philox(ulong key, uint[] counter)
    {
        uint key0 = (uint)key, key1 = (uint)(key >> 32);
        (uint a, uint b, uint c, uint d) = (counter[0], counter[1], counter[2], counter[3]);
        for (int i = 0; i < 10; i++)
        {
            ulong first = (ulong)a * 0xD2511F53, second = (ulong)c * 0xCD9E8D57;
            (a, b, c, d) = ((uint)(second >> 32) ^ b ^ key0, (uint)second, (uint)(first >> 32) ^ d ^ key1, (uint)first);
            key0 += 0x9E3779B9;
            key1 += 0xBB67AE85;
        }
        return [a, b, c, d];
    }

    private static double[] Penalise(ReadOnlySpan<float> logits, SamplingRow row, ReadOnlySpan<uint> recent)
    {
        var penalised = new double[logits.Length];
        for (int id = 0; id < logits.Length; id++) penalised[id] = logits[id];
        var counts = new Dictionary<uint, int>();
        foreach (uint id in recent) counts[id] = counts.GetValueOrDefault(id) + 1;
        foreach ((uint id, int count) in counts)
        {
            if (id >= logits.Length) continue;
            ref double logit = ref penalised[id];
            logit = logit > 0 ? logit / row.RepetitionPenalty : logit * row.RepetitionPenalty;
            logit -= (count * row.FrequencyPenalty) + row.PresencePenalty;
        }
        // Float is what the logits are: ties in it are ties.
        for (int id = 0; id < logits.Length; id++)
            penalised[id] = double.IsNaN(penalised[id]) ? float.MinValue : (float)Math.Clamp(penalised[id], float.MinValue, float.MaxValue);
        return penalised;
    }
}
