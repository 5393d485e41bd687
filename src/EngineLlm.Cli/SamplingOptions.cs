using System;
using System.CommandLine;
using EngineLlm.Sampling;

namespace EngineLlm.Cli;

/// <summary>How words are chosen: the options that `chat` and `play` share.</summary>
internal sealed class SamplingOptions
{
    // The penalty is for an answer that goes in circles. Further back stands the prompt, whose names and facts are there to be repeated.
    private const int AnswerTokens = 24;

    private readonly Option<float> _temperature;
    private readonly Option<float> _repetitionPenalty;
    private readonly Option<ulong?> _seed = NumberOptions.Optional(
        "--seed", "number", "The same seed and lines give the same answers. Default: another one each time.",
        ulong.MinValue, ulong.MaxValue);

    /// <param name="temperature">The temperature where none is given.</param>
    /// <param name="repetitionPenalty">The penalty where none is given.</param>
    internal SamplingOptions(float temperature, float repetitionPenalty)
    {
        _temperature = NumberOptions.Required(
            "--temperature", "number", "How freely words are chosen; 0 always takes the likeliest.", 0, 10, temperature);
        _repetitionPenalty = NumberOptions.Required(
            "--repetition-penalty", "number", "Above 1, words just used become less likely.", 0.1f, 10, repetitionPenalty);
    }

    internal void AddTo(Command command)
    {
        command.Add(_temperature);
        command.Add(_repetitionPenalty);
        command.Add(_seed);
    }

    internal SamplingParameters Of(ParseResult parsed) => new()
    {
        Temperature = parsed.GetValue(_temperature),
        PenaltyWindow = AnswerTokens,
        RepetitionPenalty = parsed.GetValue(_repetitionPenalty),
        MinP = 0.05f,
        Seed = parsed.GetValue(_seed) ?? (ulong)Random.Shared.NextInt64(),
    };
}
