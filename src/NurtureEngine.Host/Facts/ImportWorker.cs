using System.Globalization;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Intake.Imports;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Facts;
using NurtureEngine.Postgres.Intake;

namespace NurtureEngine.Host.Facts;

/// <summary>Turns rows of files into facts, in the lane of their leads, when no event waits there.</summary>
internal sealed partial class ImportWorker(
    FactsStore store,
    ImportStore imports,
    TrackCatalog tracks,
    CurrentRulebook rulebook,
    [FromKeyedServices(Clocks.Business)] TimeProvider business,
    ILogger<ImportWorker> logger
)
{
    private const int MostRemembered = 500_000;

    private readonly ToldOnce _told = new(MostRemembered);

    public async Task ApplyAsync(int number, FactsLane lane, int limit, CancellationToken cancellationToken)
    {
        var chunk = lane.Chunk!;
        var rules = rulebook.Value;
        var rows = ImportedLead.Read(chunk.Body).Skip(chunk.Done).Take(limit);
        var events = rows.Select(row => new InboxEvent(
                null,
                row.Source,
                $"import:{chunk.ImportId:N}:{row.Line.ToString(CultureInfo.InvariantCulture)}",
                row.ToEvent()
            ))
            .ToList();
        var now = business.GetUtcNow();
        await TellCompaniesAsync(events, rules, now, cancellationToken);
        var known = await lane.ReadAsync(events, rules.SameWithin, cancellationToken);
        var batch = FactBatch.Fold(events, known, tracks.Tracks, rules, now);
        await lane.CommitChunkAsync(
            number,
            batch,
            [.. batch.Refused.Select(row => LineOf(row.Event))],
            now,
            cancellationToken
        );
        if (chunk.Done + batch.Count == chunk.Count)
        {
            await imports.FinishAsync(chunk.ImportId, now, cancellationToken);
        }
    }

    // First and apart: leads of one company are in many lanes, which would wait for each other for as long as a batch takes.
    private async Task TellCompaniesAsync(
        List<InboxEvent> rows,
        Rulebook rules,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var companies = rows.Where(row => row.Event.Company is { } company && _told.Add(WordOf(company)))
            .GroupBy(row => row.Event.Company!.Key)
            .Select(group => group.Last())
            .Select(row =>
                row with
                {
                    Event = new RecordEvent
                    {
                        Type = row.Event.Type,
                        Stamp = row.Event.Stamp,
                        Company = row.Event.Company,
                    },
                }
            )
            .ToList();
        if (companies.Count > 0)
        {
            await store.ApplyRecordsAsync(
                companies,
                known => FactBatch.Fold(companies, known, tracks.Tracks, rules, now),
                now,
                cancellationToken
            );
        }
    }

    /// <summary>Passes over the next row of a chunk, which fails whatever is tried.</summary>
    public async Task PassOverAsync(
        int number,
        PendingChunk chunk,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        var row = ImportedLead.Read(chunk.Body)[chunk.Done];
        LogRowFailed(exception, row.Line, chunk.ImportId);
        await store.PassOverAsync(number, chunk, row.Line, exception.GetType().Name, cancellationToken);
    }

    private static int WordOf(CompanyPatch company)
    {
        var hash = new HashCode();
        hash.Add(company.Key);
        foreach (var (field, value) in company.Fields)
        {
            hash.Add(field);
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    private static long LineOf(InboxEvent told) =>
        long.Parse(told.EventId[(told.EventId.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);

    [LoggerMessage(
        EventId = 1104,
        Level = LogLevel.Error,
        Message = "Line {Line} of import {ImportId} could not be applied and is passed over"
    )]
    private partial void LogRowFailed(Exception exception, long line, Guid importId);
}
