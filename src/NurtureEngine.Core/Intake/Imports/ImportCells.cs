using System.Collections.Immutable;
using System.Globalization;
using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Core.Intake.Imports;

/// <summary>What the cells of one row say, by column; an empty one says nothing. Faults are named by line and heading.</summary>
internal sealed class ImportCells
{
    private const int MostText = 2_000;

    private readonly long _line;
    private readonly ImmutableArray<string?> _columns;
    private readonly IReadOnlyList<string> _headings;
    private readonly List<Diagnostic> _faults;
    private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);

    public ImportCells(
        long line,
        ImmutableArray<string?> columns,
        IReadOnlyList<string> headings,
        IReadOnlyList<string> cells,
        List<Diagnostic> faults
    )
    {
        (_line, _columns, _headings, _faults) = (line, columns, headings, faults);
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i] is { } column && i < cells.Count && Bare(cells[i].Trim()) is { Length: > 0 } cell)
            {
                _said[column] = cell;
                if (cell.Length > MostText || cell.Contains('\0', StringComparison.Ordinal))
                {
                    Fault(column, $"has {cell.Length} characters; expected at most {MostText}, none of them NUL.");
                }
            }
        }

        if (cells.Count > columns.Length)
        {
            Fault($"has {cells.Count} cells; expected {columns.Length}.");
        }
    }

    public IReadOnlyDictionary<string, string> All => _said;

    public string? this[string column] => _said.GetValueOrDefault(column);

    public void Fault(string message) => _faults.Add(new Diagnostic($"line {_line}", message));

    public void Fault(string column, string message)
    {
        var index = _columns.IndexOf(column);
        _faults.Add(
            new Diagnostic($"line {_line}, column '{(index < 0 ? column : _headings[index].Trim())}'", message)
        );
    }

    /// <summary>The instant or the start of the day (UTC) that a cell names, at most <paramref name="now"/>; null where it names none.</summary>
    public DateTimeOffset? Moment(string column, DateTimeOffset now)
    {
        if (this[column] is not { } text)
        {
            return null;
        }

        if (IsoInstant.TryParse(text, out var at))
        {
            return Past(at);
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return Past(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero));
        }

        Fault(
            column,
            $"'{text}' is no date; expected one such as 2026-01-31, or an instant such as 2026-01-31T09:30:00Z."
        );
        return null;

        // Word from the future would outlast every later one until its day came.
        DateTimeOffset Past(DateTimeOffset said) => said < now ? said : now;
    }

    // Spreadsheets are kept from taking a cell for a formula by an apostrophe, which is no part of it.
    private static string Bare(string cell) =>
        cell is ['\'', '=' or '+' or '-' or '@' or '\t' or '\r', ..] ? cell[1..] : cell;
}
