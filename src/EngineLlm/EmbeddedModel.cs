using EngineLlm.Sampling;

namespace EngineLlm;

/// <summary>The model that comes with EngineLlm (models/npc), as far as the runtime treats it otherwise than others.</summary>
internal static class EmbeddedModel
{
    /// <summary>What it calls itself, wherever its file lies.</summary>
    internal const string Name = "Lantern NPC";

    private const int ContextOfOthers = 4096;

    // It takes more, but learnt from talks of so many tokens: in longer ones it declines what it knows.
    private const int TalkTokens = 512;

    private static readonly SamplingParameters s_others = new();

    /// <summary>
    /// How a model's words are chosen where nobody says how. The embedded one was made to say what stands in its persona: whatever is not the
    /// likeliest word leads it astray, and a penalty would keep it from the persona's own words.
    /// </summary>
    /// <param name="modelName">What the model calls itself.</param>
    internal static SamplingParameters DefaultSamplingOf(string modelName) => modelName == Name ? SamplingParameters.Greedy : s_others;

    /// <summary>Tokens that a conversation may have where nobody says it; the model's own limit holds as well.</summary>
    /// <param name="modelName">What the model calls itself.</param>
    internal static int DefaultContextOf(string modelName) => modelName == Name ? TalkTokens : ContextOfOthers;
}
