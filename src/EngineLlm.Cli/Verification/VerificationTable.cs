using System.Collections.Generic;
using System.Globalization;
using Spectre.Console;

namespace EngineLlm.Cli.Verification;

/// <summary>A report for people.</summary>
internal static class VerificationTable
{
    internal static void Write(IAnsiConsole console, VerificationReport report, Tolerance tolerance, IReadOnlyList<Difference> differences)
    {
        Table table = Tables.Create().AddColumn(Escape(report.Model)).AddColumn(
            report.Device is null ? "" : Escape(report.Device)).AddColumn("wanted");
        AddLogits(table, report, tolerance);
        if (report.TokenMismatches is { } mismatches)
            table.AddText("texts with other token ids", $"{mismatches} of {report.TokenLines}", "0");
        if (report.DecodedMismatches is { } decoded)
            table.AddText("ids that read back as another text", $"{decoded} of {report.TokenLines}", "");
        if (report.TemplatesFailed is { } failed)
            table.AddText("conversations with another prompt", $"{failed} of {report.TemplateCases}", "0");
        if (report.TemplatesSkipped is > 0)
            table.AddText("templates of other models, passed over", Number(report.TemplatesSkipped.Value), "");
        table.AddText("within the tolerance", report.WithinTolerance ? "yes" : "no", "yes");
        console.Write(table);
        if (differences.Count > 0) console.Write(TableOf(differences));
    }

    private static void AddLogits(Table table, VerificationReport report, Tolerance tolerance)
    {
        if (report.Positions is null) return;
        table.AddText("positions", Number(report.Positions.Value), "");
        table.AddText(
            "mean KL", report.MeanKl!.Value.ToString("0.0000000", CultureInfo.InvariantCulture), $"at most {Number(tolerance.MeanKl)}");
        table.AddText("same top token", Percent(report.SameTop!.Value), $"at least {Percent(tolerance.SameTop)}");
        if (report.GreedyMatch is { } match)
            table.AddText("greedy tokens in common, mean", Number(match), $"{Number(report.GreedyLength!.Value)} at most");
    }

    private static Table TableOf(IReadOnlyList<Difference> differences)
    {
        Table table = Tables.Create().AddColumn("where").AddColumn("wanted").AddColumn("here");
        foreach (Difference difference in differences) table.AddText(difference.Place, difference.Expected, difference.Actual);
        return table;
    }

    private static string Escape(string? text) => Markup.Escape(text ?? "");

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (share * 100).ToString("0.00", CultureInfo.InvariantCulture) + " %";
}
