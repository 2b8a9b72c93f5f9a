using System.Text;
using System.Xml;
using CsvHelper;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Intake.Imports;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Postgres.Intake;

namespace NurtureEngine.Host.Imports;

/// <summary>Reads a file of leads whole, and only where all of its rows are sound puts it in line.</summary>
internal sealed class CsvImport(ImportStore store)
{
    /// <summary>The most faults that are told; more of them say the same.</summary>
    public const int MostFaults = 1_000;

    private const int MostPreviewed = 10;
    private const int ChunkSize = 1_000;

    /// <summary>What a file says, without storing any of it.</summary>
    public static async Task<ImportPreview> PreviewAsync(
        CsvFile file,
        ImportOptions options,
        Rulebook rulebook,
        CancellationToken cancellationToken
    )
    {
        var first = new List<ImportedLead>();
        var read = await ReadAsync(
            file,
            options,
            rulebook,
            lead =>
            {
                if (first.Count < MostPreviewed)
                {
                    first.Add(lead);
                }

                return Task.CompletedTask;
            },
            cancellationToken
        );
        return new ImportPreview(read.Rows, read.Columns, first, read.Faults)
        {
            Encoding = read.Encoding?.Name,
            Why = read.Encoding?.Why,
        };
    }

    /// <summary>Stores a file's rows, to be applied by whoever takes turns; with faults nothing is stored.</summary>
    public async Task<IReadOnlyList<Diagnostic>> AddAsync(
        NewImport import,
        CsvFile file,
        ImportOptions options,
        Rulebook rulebook,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<Diagnostic> faults = [];
        await store.AddAsync(
            import,
            async take =>
            {
                var lanes = Enumerable.Range(0, Lanes.Count).Select(_ => new List<ImportedLead>(ChunkSize)).ToList();
                var read = await ReadAsync(
                    file,
                    options,
                    rulebook,
                    async lead =>
                    {
                        var lane = Lanes.Of(lead.Key);
                        lanes[lane].Add(lead);
                        if (lanes[lane].Count == ChunkSize)
                        {
                            await take(lane, lanes[lane]);
                            lanes[lane] = new List<ImportedLead>(ChunkSize);
                        }
                    },
                    cancellationToken
                );
                faults = read.Faults;
                if (faults.Count > 0)
                {
                    return null;
                }

                foreach (var (lane, rest) in lanes.Index().Where(lane => lane.Item.Count > 0))
                {
                    await take(lane, rest);
                }

                return read.Rows;
            },
            now,
            cancellationToken
        );
        return faults;
    }

    private static async Task<FileRead> ReadAsync(
        CsvFile file,
        ImportOptions options,
        Rulebook rulebook,
        Func<ImportedLead, Task> take,
        CancellationToken cancellationToken
    )
    {
        var faults = new List<Diagnostic>();
        var mapped = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (Open(file, faults) is not ({ } lines, var encoding))
        {
            return new FileRead(0, mapped, null, faults);
        }

        var rows = 0L;
        using var _ = lines;
        try
        {
            if (await NextAsync(lines) is not { } headings)
            {
                faults.Add(new Diagnostic("line 1", "is missing: the file is empty; expected a row of headings."));
                return new FileRead(0, mapped, encoding, faults);
            }

            var columns = ImportHeadings.Read(headings, options, faults);
            foreach (var (heading, column) in headings.Zip(columns).Where(pair => pair.First.Trim().Length > 0))
            {
                mapped[ImportHeadings.Clean(heading)] = column;
            }

            if (faults.Count > 0)
            {
                return new FileRead(0, mapped, encoding, faults);
            }

            var reader = new ImportRow(columns, headings, options, rulebook);
            while (faults.Count < MostFaults && await NextAsync(lines) is { } cells)
            {
                cancellationToken.ThrowIfCancellationRequested();
                rows++;
                if (reader.Read(lines.Line, cells, faults) is { } lead)
                {
                    await take(lead);
                }
            }
        }
        catch (MaxFieldSizeException)
        {
            faults.Add(
                new Diagnostic(
                    $"line {lines.Line}",
                    "has a cell of more than 64 KB behind it; expected each quotation mark to be closed."
                )
            );
        }
        catch (DecoderFallbackException exception)
        {
            faults.Add(NotWritten(file, lines.Line + 1, encoding, exception));
        }
        catch (Exception exception) when (encoding is null && IsDamage(exception))
        {
            faults.Add(new Diagnostic($"line {lines.Line + 1}", "can't be read: the workbook is damaged."));
        }

        return new FileRead(rows, mapped, encoding, faults);
    }

    // Spreadsheets keep rows that were cleared.
    private static async Task<string[]?> NextAsync(ILeadRows lines)
    {
        string[]? cells;
        do
        {
            cells = await lines.ReadAsync();
        } while (cells is not null && cells.All(string.IsNullOrWhiteSpace));
        return cells;
    }

    // Null, with a fault, where it can't be told how the file is written.
    private static (ILeadRows Rows, FoundEncoding? Encoding)? Open(CsvFile file, List<Diagnostic> faults)
    {
        try
        {
            if (ExcelRows.Is(file.Path))
            {
                return (new ReportRows(new ExcelRows(File.OpenRead(file.Path))), null);
            }
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            faults.Add(new Diagnostic("file", "is no workbook that can be read; expected CSV or .xlsx."));
            return null;
        }

        if (ExcelRows.IsOld(file.Path))
        {
            faults.Add(
                new Diagnostic("file", "is an old or an encrypted workbook; expected CSV or .xlsx without a password.")
            );
            return null;
        }

        if (FileEncoding.Find(file.Path, file.Encoding, out var candidates) is not { } found)
        {
            faults.Add(
                new Diagnostic(
                    "file",
                    $"may be written in {(candidates.Count > 0 ? string.Join(" or ", candidates) : "none that is known")}: say which, such as --encoding {(candidates.Count > 0 ? candidates[0] : "gb18030")}."
                )
            );
            return null;
        }

        try
        {
            var text = new StreamReader(file.Path, found.Encoding, detectEncodingFromByteOrderMarks: false);
            return (new ReportRows(new CsvRows(new MarkedReader(text), faults)), found);
        }
        catch (DecoderFallbackException exception)
        {
            faults.Add(NotWritten(file, 1, found, exception));
            return null;
        }
    }

    // A text is decoded in blocks, which are ahead of the lines.
    private static Diagnostic NotWritten(
        CsvFile file,
        long line,
        FoundEncoding? encoding,
        DecoderFallbackException exception
    ) =>
        new(
            $"line {(encoding?.Name == "utf-8" ? FileEncoding.BrokenLine(file.Path) ?? line : line)}",
            $"is not written in {encoding?.Name}: byte {string.Join(" ", exception.BytesUnknown?.Select(b => $"{b:X2}") ?? [])} near here; expected one of {string.Join(", ", FileEncoding.Names)}."
        );

    private static bool IsDamage(Exception exception) =>
        exception
            is ExcelDataReader.Exceptions.ExcelReaderException
                or InvalidDataException
                or XmlException
                or FormatException
                or IndexOutOfRangeException
                or ArgumentException
                or NullReferenceException;

    private sealed record FileRead(
        long Rows,
        IReadOnlyDictionary<string, string?> Columns,
        FoundEncoding? Encoding,
        IReadOnlyList<Diagnostic> Faults
    );
}

/// <summary>A file on this machine and how it is written.</summary>
internal sealed record CsvFile(string Path, string Encoding);

/// <summary>What a file would do: its rows, which column says what (null where it is passed over), its first leads, its faults.</summary>
internal sealed record ImportPreview(
    long Rows,
    IReadOnlyDictionary<string, string?> Columns,
    IReadOnlyList<ImportedLead> First,
    IReadOnlyList<Diagnostic> Faults
)
{
    /// <summary>How the file was read; null where it is a workbook.</summary>
    public string? Encoding { get; init; }

    /// <summary>By what that was told.</summary>
    public string? Why { get; init; }
}
