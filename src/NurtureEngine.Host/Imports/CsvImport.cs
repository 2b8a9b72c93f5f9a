using System.Text;
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
        var (rows, columns, faults) = await ReadAsync(
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
        return new ImportPreview(rows, columns, first, faults);
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
                (var rows, _, faults) = await ReadAsync(
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
                if (faults.Count > 0)
                {
                    return null;
                }

                foreach (var (lane, rest) in lanes.Index().Where(lane => lane.Item.Count > 0))
                {
                    await take(lane, rest);
                }

                return rows;
            },
            now,
            cancellationToken
        );
        return faults;
    }

    private static async Task<(
        long Rows,
        IReadOnlyDictionary<string, string?> Columns,
        IReadOnlyList<Diagnostic> Faults
    )> ReadAsync(
        CsvFile file,
        ImportOptions options,
        Rulebook rulebook,
        Func<ImportedLead, Task> take,
        CancellationToken cancellationToken
    )
    {
        var faults = new List<Diagnostic>();
        var mapped = new Dictionary<string, string?>(StringComparer.Ordinal);
        using var text = new StreamReader(file.Path, CsvText.EncodingOf(file.Path, file.Encoding));
        using var parser = CsvText.Open(text, faults);
        var rows = 0L;
        try
        {
            if (!await parser.ReadAsync())
            {
                return (
                    0,
                    mapped,
                    [new Diagnostic("line 1", "is missing: the file is empty; expected a row of headings.")]
                );
            }

            var headings = parser.Record!;
            var columns = ImportHeadings.Read(headings, options.Map, faults);
            foreach (var (heading, column) in headings.Zip(columns))
            {
                mapped[heading.Trim()] = column;
            }

            if (faults.Count > 0)
            {
                return (0, mapped, faults);
            }

            var reader = new ImportRow(columns, headings, options, rulebook);
            while (faults.Count < MostFaults && await parser.ReadAsync())
            {
                cancellationToken.ThrowIfCancellationRequested();
                rows++;
                // A row may span lines; it is told by the first of them.
                if (reader.Read(parser.RawRow - LinesWithin(parser.Record!), parser.Record!, faults) is { } lead)
                {
                    await take(lead);
                }
            }
        }
        catch (MaxFieldSizeException)
        {
            faults.Add(
                new Diagnostic(
                    $"line {parser.RawRow}",
                    "has a cell of more than 64 KB behind it; expected each quotation mark to be closed."
                )
            );
        }
        catch (DecoderFallbackException exception)
        {
            faults.Add(
                new Diagnostic(
                    $"line {parser.RawRow + 1}",
                    $"is not written in {file.Encoding}: byte {string.Join(" ", exception.BytesUnknown?.Select(b => $"{b:X2}") ?? [])} near here; expected one of {string.Join(", ", CsvText.Encodings)}."
                )
            );
        }

        return (rows, mapped, faults);
    }

    private static int LinesWithin(string[] cells) => cells.Sum(cell => cell.Count(c => c == '\n'));
}

/// <summary>A file on this machine and how it is written.</summary>
internal sealed record CsvFile(string Path, string Encoding);

/// <summary>What a file would do: its rows, which column says what (null where it is passed over), its first leads, its faults.</summary>
internal sealed record ImportPreview(
    long Rows,
    IReadOnlyDictionary<string, string?> Columns,
    IReadOnlyList<ImportedLead> First,
    IReadOnlyList<Diagnostic> Faults
);
