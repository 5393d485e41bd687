using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace EngineLlm.Cli.Benching;

/// <summary>What `bench` found. The JSON's names are the properties' in snake case.</summary>
/// <param name="Version">EngineLlm's version.</param>
/// <param name="Device">The device's name.</param>
/// <param name="Driver">Its driver and version.</param>
/// <param name="Model">The model's file, or its shape and type.</param>
/// <param name="Rows">The measurements.</param>
internal sealed record BenchReport(string Version, string Device, string Driver, string Model, IReadOnlyList<BenchRow> Rows);

/// <summary>One measurement: the median of several.</summary>
internal sealed record BenchRow
{
    /// <summary>"prefill" or "decode".</summary>
    public required string Test { get; init; }

    /// <summary>Sequences at the same time.</summary>
    public required int Batch { get; init; }

    /// <summary>Tokens that each sequence has before the measurement begins: 0 for prefill.</summary>
    public required int Context { get; init; }

    /// <summary>Tokens measured, a sequence: the prompt's for prefill, the decoded ones otherwise.</summary>
    public required int Tokens { get; init; }

    /// <summary>Tokens a second, all sequences together.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Decode: milliseconds a step, in which every sequence gets a token. Prefill: milliseconds until the first token.</summary>
    public required double Milliseconds { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class BenchJson : JsonSerializerContext;
