using Spectre.Console;

namespace EngineLlm.Cli;

/// <summary>How tables look here.</summary>
internal static class Tables
{
    /// <summary>A table with columns of these names.</summary>
    internal static Table Create(params string[] columns)
    {
        Table table = new Table { ShowHeaders = true }.Border(TableBorder.Simple);
        foreach (string column in columns) table.AddColumn(Markup.Escape(column));
        return table;
    }

    /// <summary>A table of names and values, without a header.</summary>
    internal static Table CreateSummary()
    {
        Table table = Create("", "");
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
