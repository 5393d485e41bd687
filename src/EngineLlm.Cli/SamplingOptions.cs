using System;
using System.CommandLine;
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

    /// <summary>What was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="ofModel"><see cref="LlmEngine.DefaultSampling"/>: a model that is to take the likeliest word is not kept from repeating either.</param>
    internal SamplingParameters Of(ParseResult parsed, SamplingParameters ofModel)
    {
        bool takesLikeliest = ofModel.Temperature == 0;
        return new SamplingParameters
        {
            Temperature = parsed.GetValue(_temperature) ?? (takesLikeliest ? 0 : OthersTemperature),
            PenaltyWindow = AnswerTokens,
            RepetitionPenalty = parsed.GetValue(_repetitionPenalty) ?? (takesLikeliest ? 1 : OthersRepetitionPenalty),
            MinP = 0.05f,
            Seed = parsed.GetValue(_seed) ?? (ulong)Random.Shared.NextInt64(),
        };
    }
}
