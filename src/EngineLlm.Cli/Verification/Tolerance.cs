namespace EngineLlm.Cli.Verification;

/// <summary>How far from the reference a machine may be and still count as right.</summary>
/// <param name="MeanKl">The largest mean KL, in nats.</param>
/// <param name="SameTop">The smallest share of positions with the same most likely token.</param>
internal sealed record Tolerance(double MeanKl, double SameTop)
{
    /// <summary>What the project holds itself to: a sixth of what 8-bit activations cost.</summary>
    internal static Tolerance Default { get; } = new(0.0005, 0.99);

    /// <summary>Whether a report is within it. Tokenizers and templates have no tolerance.</summary>
    internal bool Accepts(VerificationReport report) =>
        !(report.Positions is not null && !(report.MeanKl <= MeanKl && report.SameTop >= SameTop))
        && report.TokenMismatches is null or 0
        && report.TemplatesFailed is null or 0;
}
