using Spectre.Console;

namespace EngineLlm.Cli;

/// <summary>How tables look here.</summary>
internal static class Tables
{
    internal static Table Create()
    {
        var table = new Table { ShowHeaders = true };
        return table.Border(TableBorder.Simple);
    }

    /// <summary>A table of names and values, without a header.</summary>
    internal static Table CreateSummary()
    {
        Table table = Create().AddColumn("").AddColumn("");
        table.ShowHeaders = false;
        return table;
    }

    /// <summary>Adds a row of plain text.</summary>
    internal static void AddText(this Table table, params string[] cells)
    {
        var escaped = new string[cells.Length];
        for (int i = 0; i < cells.Length; i++) escaped[i] = Markup.Escape(cells[i]);
        table.AddRow(escaped);
    }
}
