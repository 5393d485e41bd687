using System.Globalization;

namespace EngineLlm.Cli.Playing;

/// <summary>What the status line says.</summary>
/// <param name="SecondsToFirstToken">From the player's line to the first token of an answer; null where none has come.</param>
/// <param name="TokensPerSecond">Tokens a second from then on.</param>
/// <param name="Stage">Counters.</param>
/// <param name="Pacing">How steady the frames are.</param>
/// <param name="BudgetMicroseconds">Device time that a frame may give to the characters.</param>
internal readonly record struct PlayStatus(
    double? SecondsToFirstToken, double TokensPerSecond, StageStatistics Stage, FramePacing Pacing, int BudgetMicroseconds)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Speech} · pages {Stage.PagesUsed} of {Stage.PagesTotal} · "
        + $"frame budget {BudgetMicroseconds / 1000.0:0.##} ms · {Pacing.FramesPerSecond:0} fps, "
        + $"worst {Pacing.LongestFrameMilliseconds:0.0} ms · {Stage.PagesKept} pages kept");

    private string Speech => SecondsToFirstToken is { } seconds
        ? string.Create(CultureInfo.InvariantCulture, $"first word after {seconds:0.00} s, {TokensPerSecond:0} tokens/s")
        : "no word yet";
}
