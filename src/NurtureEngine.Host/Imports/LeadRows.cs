using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using ExcelDataReader;
using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Host.Imports;

/// <summary>The rows of a file of leads, whatever kind of file it is, in order.</summary>
internal interface ILeadRows : IDisposable
{
    /// <summary>The line, of those of a file or of a sheet, with which the row that was read last begins.</summary>
    long Line { get; }

    /// <summary>The next row; null where there is none.</summary>
    Task<string[]?> ReadAsync();
}

/// <summary>CSV (RFC 4180; comma, semicolon or tab), as spreadsheets write it.</summary>
internal sealed class CsvRows : ILeadRows
{
    private const string Separator = "sep=";

    private readonly TextReader _text;
    private readonly CsvParser _parser;
    private readonly int _skipped;

    public CsvRows(TextReader text, List<Diagnostic> faults)
    {
        _text = text;
        // Excel's own line, which says what separates the cells.
        var told = SeparatorOf(text);
        _skipped = told is null ? 0 : 1;
        _parser = new CsvParser(
            text,
            new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                DetectDelimiter = told is null,
                Delimiter = told ?? ",",
                DetectDelimiterValues = [",", ";", "\t", "，"],
                IgnoreBlankLines = true,
                // A quotation mark that is never closed makes one cell of all that follows.
                MaxFieldSize = 64 * 1024,
                BadDataFound = bad =>
                    faults.Add(
                        new Diagnostic(
                            $"line {bad.Context.Parser!.RawRow + _skipped}",
                            "has a quotation mark where none may be; expected a cell that holds one to stand in quotation marks, and each of them doubled."
                        )
                    ),
            }
        );
    }

    // A row may span lines; it is told by the first of them.
    public long Line => _parser.RawRow + _skipped - (_parser.Record?.Sum(cell => cell.Count(c => c == '\n')) ?? 0);

    public async Task<string[]?> ReadAsync() => await _parser.ReadAsync() ? _parser.Record : null;

    public void Dispose()
    {
        _parser.Dispose();
        _text.Dispose();
    }

    private static string? SeparatorOf(TextReader text)
    {
        while (text.Peek() == '\uFEFF')
        {
            text.Read();
        }

        if (text.Peek() is not ('s' or 'S'))
        {
            return null;
        }

        // Looked at without taking it: only the line as a whole tells it from a heading.
        return text is MarkedReader marked && marked.TakeLine(Separator) is { } line
            ? line[Separator.Length..(Separator.Length + 1)]
            : null;
    }
}

/// <summary>The first sheet of a workbook (.xlsx).</summary>
internal sealed class ExcelRows(Stream file) : ILeadRows
{
    private readonly IExcelDataReader _sheet = ExcelReaderFactory.CreateOpenXmlReader(file);

    public long Line { get; private set; }

    public static bool Is(string path) => BeginsWith(path, [0x50, 0x4B, 0x03, 0x04]);

    /// <summary>Whether a file is a compound document, which old (.xls) and encrypted workbooks are.</summary>
    public static bool IsOld(string path) => BeginsWith(path, [0xD0, 0xCF, 0x11, 0xE0]);

    private static bool BeginsWith(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[4];
        return file.Read(head) == 4 && head.SequenceEqual(bytes);
    }

    public Task<string[]?> ReadAsync()
    {
        if (!_sheet.Read())
        {
            return Task.FromResult<string[]?>(null);
        }

        Line++;
        return Task.FromResult<string[]?>([
            .. Enumerable.Range(0, _sheet.FieldCount).Select(i => TextOf(_sheet.GetValue(i))),
        ]);
    }

    public void Dispose()
    {
        _sheet.Dispose();
        file.Dispose();
    }

    // As the sheet means it, not as a culture of this machine writes it. A sheet's days have no zone: they are UTC's.
    private static string TextOf(object? value) =>
        value switch
        {
            null => "",
            DateTime { TimeOfDay.Ticks: 0 } day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTime moment => moment.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            double number when number == Math.Floor(number) && Math.Abs(number) < 1e15 => number.ToString(
                "F0",
                CultureInfo.InvariantCulture
            ),
            bool yes => yes ? "yes" : "no",
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
}
