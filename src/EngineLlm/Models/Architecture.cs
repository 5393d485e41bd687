using System.Collections.Generic;
using System.Linq;

namespace EngineLlm.Models;

/// <summary>What the gate of the feed-forward part passes through.</summary>
internal enum GateActivation
{
    /// <summary>x * sigmoid(x).</summary>
    Silu,

    /// <summary>GELU in its tanh form.</summary>
    Gelu,
}

/// <summary>
/// What the name of a GGUF architecture stands for: the features that its metadata takes for granted. Everything else a file says itself.
/// </summary>
/// <param name="Name">As general.architecture has it.</param>
/// <param name="RopeStyle">How the converters order the values of queries and keys.</param>
internal sealed record Architecture(string Name, RopeStyle RopeStyle)
{
    /// <summary>Queries, keys and values always have biases; other architectures have them where the file does.</summary>
    internal bool HasQueryKeyValueBiases { get; init; }

    /// <summary>Each query and key head passes an RMS norm before it is rotated.</summary>
    internal bool HasHeadNorms { get; init; }

    /// <summary>What attention and the feed-forward part give passes an RMS norm before it joins the residual stream.</summary>
    internal bool HasPostNorms { get; init; }

    /// <summary>Gate and up are one tensor, the gate first.</summary>
    internal bool HasFusedGateUp { get; init; }

    /// <summary>Rotary divisors for contexts within the original one, and for longer ones: LongRoPE.</summary>
    internal bool HasLongRope { get; init; }

    /// <summary>What the gate passes through.</summary>
    internal GateActivation GateActivation { get; init; }

    /// <summary>Embeddings are multiplied by the root of their size.</summary>
    internal bool ScalesEmbeddings { get; init; }

    /// <summary>Tokens that sliding layers see where the file does not say so; 0 where there are none then.</summary>
    internal int SlidingWindow { get; init; }

    /// <summary>
    /// Of so many layers the last is not a sliding one, where the file has a window and no pattern; 0 where all slide. Null where the architecture
    /// has no such rule.
    /// </summary>
    internal int? SlidingPeriod { get; init; }

    /// <summary>Base of the sliding layers' rotary frequencies, which nothing scales; null where they rotate as the others.</summary>
    internal float? SlidingRopeFrequencyBase { get; init; }

    /// <summary>Of so many layers the last does not rotate; 0 where all do.</summary>
    internal int UnrotatedPeriod { get; init; }

    /// <summary>Scores and logits may have soft caps; a file of another architecture that asks for them is refused.</summary>
    internal bool HasSoftCaps { get; init; }

    /// <summary>Soft cap of attention scores where the file does not say; 0 for none.</summary>
    internal float AttentionSoftCap { get; init; }

    /// <summary>Soft cap of logits where the file does not say; 0 for none.</summary>
    internal float LogitSoftCap { get; init; }

    /// <summary>The layer count of the one model that scales attention by width over heads instead of by head size; 0 for none.</summary>
    internal int WidthScaledLayerCount { get; init; }

    /// <summary>
    /// The architectures that are run. Sources: the models' papers and configurations, and for what GGUF leaves out (which layers slide, which
    /// values are rotated together) the conventions that the goldens confirm.
    /// </summary>
    internal static IReadOnlyList<Architecture> All { get; } = new Architecture[]
    {
        new("llama", RopeStyle.AdjacentPairs) { SlidingPeriod = 0 },
        new("qwen2", RopeStyle.Halves) { HasQueryKeyValueBiases = true },
        new("qwen3", RopeStyle.Halves) { HasHeadNorms = true },
        new("gemma2", RopeStyle.Halves)
        {
            HasPostNorms = true,
            GateActivation = GateActivation.Gelu,
            ScalesEmbeddings = true,
            SlidingWindow = 4096,
            SlidingPeriod = 2,
            HasSoftCaps = true,
            AttentionSoftCap = 50,
            LogitSoftCap = 30,
            WidthScaledLayerCount = 46,
        },
        new("gemma3", RopeStyle.Halves)
        {
            HasHeadNorms = true,
            HasPostNorms = true,
            GateActivation = GateActivation.Gelu,
            ScalesEmbeddings = true,
            HasSoftCaps = true,
            SlidingPeriod = 6,
            SlidingRopeFrequencyBase = 10000,
            WidthScaledLayerCount = 62,
        },
        new("phi3", RopeStyle.Halves) { HasFusedGateUp = true, HasLongRope = true, SlidingPeriod = 0 },
        new("smollm3", RopeStyle.AdjacentPairs) { UnrotatedPeriod = 4 },
    };

    /// <summary>Their names, for messages.</summary>
    internal static string Names => string.Join(", ", All.Select(architecture => architecture.Name));

    /// <summary>The architecture of that name, or null.</summary>
    internal static Architecture? Find(string name) => All.FirstOrDefault(architecture => architecture.Name == name);
}
