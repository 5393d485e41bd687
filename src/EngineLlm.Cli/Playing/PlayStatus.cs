using System.Globalization;

namespace EngineLlm.Cli.Playing;

/// <summary>What the status line says.</summary>
internal readonly record struct PlayStatus(double TokensPerSecond, StageStatistics Stage, FramePacing Pacing, int BudgetMicroseconds)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{TokensPerSecond:0.0} tokens/s · pages {Stage.PagesUsed} of {Stage.PagesTotal} · "
        + $"frame budget {BudgetMicroseconds / 1000.0:0.##} ms · {Pacing.FramesPerSecond:0} fps, "
        + $"worst {Pacing.LongestFrameMilliseconds:0.0} ms · {Stage.PagesKept} pages kept");
}
