using System.Globalization;
using System.Text;
using NurtureEngine.Postgres.Reports;

namespace NurtureEngine.Host.Demo.Figures;

/// <summary>A table of text: a title, columns that are as wide as they need to be, the first one to the left.</summary>
internal static class TextTable
{
    /// <summary>Counts in rows and columns, with a column for all of a row; a dot where nothing was counted.</summary>
    /// <param name="title">What is counted.</param>
    /// <param name="tallies">The counts.</param>
    /// <param name="cell">The row and the column in which a count is shown; what stands in one cell is added up.</param>
    /// <param name="order">The columns in the order in which they are shown; those that are not named follow.</param>
    public static string OfCounts(
        string title,
        List<Tally> tallies,
        Func<Tally, (string Row, string Column)> cell,
        params string[] order
    )
    {
        var cells = tallies.ConvertAll(tally => (cell(tally).Row, cell(tally).Column, tally.Count));
        var columns = cells
            .Select(one => one.Column)
            .Distinct()
            .OrderBy(column => Array.IndexOf(order, column) is var place and >= 0 ? place : order.Length)
            .ThenBy(column => column, StringComparer.Ordinal)
            .ToList();
        return Of(
            title,
            [.. columns, "all"],
            cells
                .GroupBy(one => one.Row)
                .OrderBy(row => row.Key, StringComparer.Ordinal)
                .Select(row =>
                    (
                        row.Key,
                        columns
                            .ConvertAll(column => row.Where(one => one.Column == column).Sum(one => one.Count))
                            .Append(row.Sum(one => one.Count))
                            .Select(count => count == 0 ? "·" : Number(count))
                            .ToArray()
                    )
                )
                .ToList()
        );
    }

    public static string Of(string title, string[] columns, IReadOnlyList<(string Name, string[] Cells)> rows)
    {
        var text = new StringBuilder().AppendLine().AppendLine(title);
        if (rows.Count == 0)
        {
            return text.AppendLine("  none").ToString();
        }

        var first = rows.Max(row => row.Name.Length);
        var widths = columns
            .Select((column, i) => Math.Max(column.Length, rows.Max(row => row.Cells[i].Length)))
            .ToArray();
        if (columns.Any(column => column.Length > 0))
        {
            Line("", columns);
        }

        foreach (var (name, cells) in rows)
        {
            Line(name, cells);
        }

        return text.ToString();

        void Line(string name, string[] cells) =>
            text.AppendLine(
                $"  {name.PadRight(first)}{string.Concat(cells.Select((cell, i) => "  " + cell.PadLeft(widths[i])))}".TrimEnd()
            );
    }

    public static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A share in percent; empty where there is nothing to share.</summary>
    public static string Percent(long part, long whole) =>
        whole == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:0.0} %");
}
