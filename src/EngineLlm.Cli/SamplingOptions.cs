using System;
using System.CommandLine;
using System.IO;
using EngineLlm.Sampling;

namespace EngineLlm.Cli;

/// <summary>How words are chosen: the options that `chat` and `play` share.</summary>
internal sealed class SamplingOptions
{
    // The penalty is for an answer that goes in circles. Further back stands the prompt, whose names and facts are there to be repeated.
    private const int AnswerTokens = 24;

    private const float OthersTemperature = 0.3f;
    private const float OthersRepetitionPenalty = 1.1f;

    private readonly Option<float?> _temperature = NumberOptions.Optional(
        "--temperature", "number", "How freely words are chosen; 0 always takes the likeliest. Default: 0 for the model that comes along, 0.3 for others.",
        0f, 10f);

    private readonly Option<float?> _repetitionPenalty = NumberOptions.Optional(
        "--repetition-penalty", "number", "Above 1, words just used become less likely. Default: 1 for the model that comes along, 1.1 for others.",
        0.1f, 10f);

    private readonly Option<ulong?> _seed = NumberOptions.Optional(
        "--seed", "number", "The same seed and lines give the same answers. Default: another one each time.",
        ulong.MinValue, ulong.MaxValue);

    internal void AddTo(Command command)
    {
        command.Add(_temperature);
        command.Add(_repetitionPenalty);
        command.Add(_seed);
    }

    /// <summary>What was asked for. The embedded model says what stands in its persona, so it is neither heated nor kept from repeating.</summary>
    internal SamplingParameters Of(ParseResult parsed, string modelPath)
    {
        bool isEmbedded = Path.GetFullPath(modelPath) == ModelLocator.Embedded();
        return new SamplingParameters
        {
            Temperature = parsed.GetValue(_temperature) ?? (isEmbedded ? 0 : OthersTemperature),
            PenaltyWindow = AnswerTokens,
            RepetitionPenalty = parsed.GetValue(_repetitionPenalty) ?? (isEmbedded ? 1 : OthersRepetitionPenalty),
            MinP = 0.05f,
            Seed = parsed.GetValue(_seed) ?? (ulong)Random.Shared.NextInt64(),
        };
    }
}
