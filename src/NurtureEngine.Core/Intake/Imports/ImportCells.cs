using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Intake.Imports;

/// <summary>What the cells of one row say, by column; an empty one says nothing. Faults are named by line and heading.</summary>
internal sealed partial class ImportCells
{
    private const int MostText = 2_000;

    private readonly long _line;
    private readonly ImmutableArray<string?> _columns;
    private readonly IReadOnlyList<string> _headings;
    private readonly List<Diagnostic> _faults;
    private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);
    private readonly List<string> _refusals = [];

    public ImportCells(
        long line,
        ImmutableArray<string?> columns,
        IReadOnlyList<string> headings,
        IReadOnlyList<string> cells,
        bool passesOthers,
        List<Diagnostic> faults
    )
    {
        (_line, _columns, _headings, _faults) = (line, columns, headings, faults);
        for (var i = 0; i < columns.Length; i++)
        {
            var text = i < cells.Count ? Bare(Bare(columns[i], cells[i])) : "";
            if (!passesOthers && columns[i] is null && text.Length > 0 && ImportHeadings.Clean(headings[i]).Length == 0)
            {
                Fault(
                    $"has '{Short(text)}' in column {i + 1}, which has no heading; expected a heading, or nothing, or pass over all such columns (others: pass)."
                );
            }

            if (columns[i] is { } column && text is { Length: > 0 } cell)
            {
                cell = Whole(column, cell);
                _said[column] = cell;
                if (column == ImportColumns.OptOut)
                {
                    _refusals.Add(cell);
                }

                if (cell.Length > MostText || cell.Contains('\0', StringComparison.Ordinal))
                {
                    Fault(column, $"has {cell.Length} characters; expected at most {MostText}, none of them NUL.");
                }
            }
        }

        // Spreadsheets end rows with empty cells.
        if (cells.Skip(columns.Length).Any(cell => cell.Trim().Length > 0))
        {
            Fault($"has {cells.Count} cells; expected {columns.Length}.");
        }
    }

    public IReadOnlyDictionary<string, string> All => _said;

    /// <summary>What all columns say in which somebody may have refused.</summary>
    public IReadOnlyList<string> Refusals => _refusals;

    public string? this[string column] => _said.GetValueOrDefault(column);

    /// <summary>Puts another text for what a column says.</summary>
    public void Set(string column, string text) => _said[column] = text;

    /// <summary>The heading, in lower case, of the column that says something; null where none does.</summary>
    public string? HeadingOf(string column) =>
        _columns.IndexOf(column) is >= 0 and var index
            ? ImportHeadings.Clean(_headings[index]).ToLowerInvariant()
            : null;

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

        // As spreadsheets and CRMs write them with the year in front; which of 03/04/2026 is the month can't be told.
        if (
            DateTime.TryParseExact(
                text,
                YearFirst,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AllowWhiteSpaces,
                out var written
            )
        )
        {
            return Past(new DateTimeOffset(written, TimeSpan.Zero));
        }

        Fault(
            column,
            $"'{text}' is no date with the year in front; expected one such as 2026-01-31, or an instant such as 2026-01-31T09:30:00Z."
        );
        return null;

        // Word from the future would outlast every later one until its day came.
        DateTimeOffset Past(DateTimeOffset said) => said < now ? said : now;
    }

    private static readonly string[] YearFirst =
    [
        .. from day in new[] { "yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyy年M月d日" }
        from time in new[] { "", " H:mm", " H:mm:ss" }
        select day + time,
    ];

    private static string Short(string text) => text.Length > 40 ? $"{text[..40]}…" : text;

    // Spreadsheets take ids and telephone numbers for numbers: 101 becomes 101.0, and a long one loses its last digits.
    private string Whole(string column, string cell)
    {
        if (!Numbers.Contains(column))
        {
            return cell;
        }

        if (Shortened().IsMatch(cell))
        {
            Fault(
                column,
                $"'{cell}' was shortened by a spreadsheet; expected all digits: format the column as text there."
            );
        }

        return WithZero().Match(cell) is { Success: true } match ? match.Groups[1].Value : cell;
    }

    private static readonly string[] Numbers =
    [
        ImportColumns.ExternalId,
        ImportColumns.CompanyId,
        Fields.Phone,
        Fields.Size,
        "owner_id",
    ];

    [GeneratedRegex(@"^(\d+)\.0+$")]
    private static partial Regex WithZero();

    [GeneratedRegex(@"^\d([.,]\d+)?E\+\d+$", RegexOptions.IgnoreCase)]
    private static partial Regex Shortened();

    // Codes and addresses without what nobody sees; names and texts as they were written, since companies are known by them.
    private static string Bare(string? column, string cell) =>
        column is Fields.Email or Fields.Phone or ImportColumns.Consent or ImportColumns.OptOut
            ? DomainName.WithoutFormat(cell).Trim()
            : cell.Trim().Trim(Unseen).Trim();

    private static readonly char[] Unseen = ['\uFEFF', '\u200B', '\u200E', '\u200F', '\u2060'];

    // Spreadsheets are kept from taking a cell for a formula by an apostrophe, which is no part of it.
    private static string Bare(string cell) =>
        cell is ['\'', '=' or '+' or '-' or '@' or '\t' or '\r', ..] ? cell[1..] : cell;
}
