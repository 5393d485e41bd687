using System.Text.Json.Serialization;

namespace EngineLlm.Cli.Verification;

/// <summary>What `verify` found; null where that part was not asked for. The JSON's names are the properties' in snake case.</summary>
internal sealed record VerificationReport
{
    /// <summary>The model file's name.</summary>
    public string? Model { get; init; }

    /// <summary>The device that ran it, where one was needed.</summary>
    public string? Device { get; init; }

    /// <summary>Positions whose logits were compared.</summary>
    public int? Positions { get; init; }

    /// <summary>See <see cref="LogitsComparison.MeanKl"/>; "NaN" where a logit was not a number.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public double? MeanKl { get; init; }

    /// <summary>See <see cref="LogitsComparison.SameTop"/>.</summary>
    public double? SameTop { get; init; }

    /// <summary>See <see cref="GreedyComparison.MeanMatch"/>.</summary>
    public double? GreedyMatch { get; init; }

    /// <summary>See <see cref="GreedyComparison.MeanLength"/>.</summary>
    public double? GreedyLength { get; init; }

    /// <summary>Texts that were tokenised.</summary>
    public int? TokenLines { get; init; }

    /// <summary>See <see cref="TokenVerification.Mismatches"/>.</summary>
    public int? TokenMismatches { get; init; }

    /// <summary>See <see cref="TokenVerification.DecodedMismatches"/>; no part of the tolerance.</summary>
    public int? DecodedMismatches { get; init; }

    /// <summary>Conversations whose prompt was compared.</summary>
    public int? TemplateCases { get; init; }

    /// <summary>See <see cref="TemplateVerification.Failed"/>.</summary>
    public int? TemplatesFailed { get; init; }

    /// <summary>See <see cref="TemplateVerification.Skipped"/>.</summary>
    public int? TemplatesSkipped { get; init; }

    /// <summary>Whether all of it is within the tolerance.</summary>
    public bool WithinTolerance { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(VerificationReport))]
internal sealed partial class VerificationJson : JsonSerializerContext;
