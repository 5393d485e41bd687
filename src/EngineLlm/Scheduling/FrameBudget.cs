using System;

namespace EngineLlm.Scheduling;

/// <summary>What a unit of a step is. A step is one embedding, every layer in order, and the head with sampling.</summary>
internal enum StepUnit
{
    /// <summary>Token ids to activations.</summary>
    Embed,

    /// <summary>One layer.</summary>
    Layer,

    /// <summary>Norm, head product and sampling.</summary>
    Head,
}

/// <summary>
/// Remembers what units of a step cost on this device, and says how much of a step fits into a frame. Pure arithmetic: others measure.
/// </summary>
/// <remarks>
/// A cost is kept for each kind of unit and each bucket of token counts (1, 2, 4, 8, ...), as an exponential moving average that follows a
/// rise faster than a fall. Where a bucket was never measured its neighbours are asked, so that the answer errs on the dear side: the next
/// larger known bucket costs at least as much, and a smaller one at most in proportion to its tokens.
/// </remarks>
internal sealed class FrameBudget
{
    /// <summary>Prompt tokens of a step about whose cost nothing is known.</summary>
    internal const int FirstChunk = 16;

    private const int BucketCount = 17;
    private const double Unknown = double.PositiveInfinity;
    private const double RiseShare = 0.5, FallShare = 0.125;
    // A size that is never run is never measured again; one that was measured dearer than a smaller size suggests is slowly doubted.
    private const double Doubt = 1 - 1.0 / 512;

    private readonly int _layerCount;
    private readonly double[,] _costs = new double[3, BucketCount]; // [unit kind, bucket] microseconds, Unknown where never measured

    /// <summary>Starts with nothing known.</summary>
    /// <param name="layerCount">Layers of the model.</param>
    internal FrameBudget(int layerCount)
    {
        _layerCount = layerCount;
        for (int kind = 0; kind < 3; kind++)
            for (int bucket = 0; bucket < BucketCount; bucket++) _costs[kind, bucket] = Unknown;
    }

    /// <summary>Units of one step: embedding, layers, head.</summary>
    internal int UnitCount => _layerCount + 2;

    /// <summary>What the unit at an index of the step is.</summary>
    internal StepUnit KindOf(int unit) => unit == 0 ? StepUnit.Embed : unit <= _layerCount ? StepUnit.Layer : StepUnit.Head;

    /// <summary>
    /// Learns from a measured segment. Its time is shared out among its units in proportion to what they were thought to cost.
    /// </summary>
    /// <param name="firstUnit">Index of the segment's first unit.</param>
    /// <param name="unitCount">Number of units, at least 1.</param>
    /// <param name="tokenCount">Tokens of the step; for the head too, where it stands for the rows that come with so many tokens.</param>
    /// <param name="microseconds">Measured time of the whole segment.</param>
    internal void Record(int firstUnit, int unitCount, int tokenCount, double microseconds)
    {
        if (unitCount < 1 || double.IsNaN(microseconds) || microseconds < 0) return;
        Span<int> count = stackalloc int[3];
        count.Clear();
        for (int unit = firstUnit; unit < firstUnit + unitCount; unit++) count[(int)KindOf(unit)]++;
        double expected = 0;
        for (int kind = 0; kind < 3; kind++) expected += count[kind] == 0 ? 0 : count[kind] * Estimate((StepUnit)kind, tokenCount);
        for (int kind = 0; kind < 3; kind++)
        {
            if (count[kind] == 0) continue;
            bool proportionate = expected > 0 && !double.IsInfinity(expected);
            double share = proportionate ? Estimate((StepUnit)kind, tokenCount) / expected : 1.0 / unitCount;
            Learn((StepUnit)kind, tokenCount, microseconds * share);
        }
    }

    /// <summary>Expected microseconds of one unit; infinite where nothing of its kind was ever measured.</summary>
    internal double Estimate(StepUnit kind, int tokenCount)
    {
        int bucket = BucketOf(tokenCount);
        if (_costs[(int)kind, bucket] != Unknown) return _costs[(int)kind, bucket];
        double fromSmaller = FromSmaller(kind, bucket);
        for (int larger = bucket + 1; larger < BucketCount; larger++)
        {
            if (_costs[(int)kind, larger] != Unknown) return Math.Min(_costs[(int)kind, larger], fromSmaller);
        }
        return fromSmaller;
    }

    /// <summary>How many consecutive units, from this one on, fit into the budget. At least 1, so that every frame gets on.</summary>
    /// <param name="firstUnit">Index of the next unit.</param>
    /// <param name="tokenCount">Tokens of the step.</param>
    /// <param name="budgetMicroseconds">What the frame can spare.</param>
    internal int UnitsThatFit(int firstUnit, int tokenCount, double budgetMicroseconds)
    {
        int units = 0;
        double spent = 0;
        for (int unit = firstUnit; unit < UnitCount; unit++)
        {
            spent += Estimate(KindOf(unit), tokenCount);
            if (spent > budgetMicroseconds) break;
            units++;
        }
        return Math.Max(units, 1);
    }

    /// <summary>
    /// How many prompt tokens a step may carry beside its decode tokens, so that one layer, the smallest thing that can be submitted, fits
    /// the budget.
    /// </summary>
    /// <param name="decodeTokens">Tokens that the step carries anyway.</param>
    /// <param name="maxTokens">The most tokens of a step.</param>
    /// <param name="budgetMicroseconds">What the frame can spare.</param>
    /// <returns>At least 1 where the step has any room, so that prompts always get on.</returns>
    internal int PrefillTokensThatFit(int decodeTokens, int maxTokens, double budgetMicroseconds)
    {
        int room = maxTokens - decodeTokens;
        if (room <= 0) return 0;
        if (double.IsInfinity(Estimate(StepUnit.Layer, maxTokens))) return Math.Min(room, FirstChunk);
        int tokens = maxTokens;
        while (tokens > decodeTokens + 1 && Estimate(StepUnit.Layer, tokens) > budgetMicroseconds)
        {
            DoubtOutlier(BucketOf(tokens));
            // The cost is that of a whole bucket, so the next to try is the largest count of the bucket below.
            tokens = 1 << (BucketOf(tokens) - 1);
        }
        return Math.Max(1, Math.Min(tokens - decodeTokens, room));
    }

    private void Learn(StepUnit kind, int tokenCount, double microseconds)
    {
        ref double cost = ref _costs[(int)kind, BucketOf(tokenCount)];
        if (cost == Unknown) cost = microseconds;
        else cost += (microseconds - cost) * (microseconds > cost ? RiseShare : FallShare);
    }

    private double FromSmaller(StepUnit kind, int bucket)
    {
        for (int smaller = bucket - 1; smaller >= 0; smaller--)
        {
            if (_costs[(int)kind, smaller] != Unknown) return _costs[(int)kind, smaller] * (1 << (bucket - smaller));
        }
        return Unknown;
    }

    private void DoubtOutlier(int bucket)
    {
        ref double cost = ref _costs[(int)StepUnit.Layer, bucket];
        if (cost != Unknown && cost > FromSmaller(StepUnit.Layer, bucket)) cost *= Doubt;
    }

    /// <summary>The power of two at or above the token count, as an exponent.</summary>
    private static int BucketOf(int tokenCount)
    {
        int bucket = 0;
        while (bucket < BucketCount - 1 && 1 << bucket < tokenCount) bucket++;
        return bucket;
    }
}
