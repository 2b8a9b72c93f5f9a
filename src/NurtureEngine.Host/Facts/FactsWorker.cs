using Npgsql;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Intake;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Storage;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Facts;

namespace NurtureEngine.Host.Facts;

/// <summary>Turns inbox rows into facts about leads, lane by lane, and enrolls the leads whose facts trigger a track.</summary>
internal sealed partial class FactsWorker(
    FactsStore store,
    TrackCatalog tracks,
    CurrentRulebook rulebook,
    ImportWorker imports,
    [FromKeyedServices(Clocks.Business)] TimeProvider business,
    ILogger<FactsWorker> logger
) : ITurn
{
    private const int BatchSize = 1_000;

    // While one waits for the disk, another works.
    private const int LanesAtATime = 4;
    private const int MostAttempts = 5;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(2);

    public string Name => "facts";

    public async Task<bool> RunTurnAsync(CancellationToken cancellationToken)
    {
        await tracks.RefreshAsync(always: false, cancellationToken);
        if (tracks.IsBehind)
        {
            return false;
        }

        var worked = 0;
        await Parallel.ForEachAsync(
            await store.FindPendingLanesAsync(cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = LanesAtATime, CancellationToken = cancellationToken },
            async (lane, token) =>
            {
                if (await RunLaneAsync(lane, BatchSize, token))
                {
                    Interlocked.Exchange(ref worked, 1);
                }
            }
        );
        return worked == 1;
    }

    private async Task<bool> RunLaneAsync(int lane, int limit, CancellationToken cancellationToken)
    {
        long first = 0;
        PendingChunk? chunk = null;
        try
        {
            await using var taken = await store.TakeLaneAsync(lane, limit, cancellationToken);
            if (taken is null)
            {
                return false;
            }

            if (taken.Chunk is { } rows)
            {
                chunk = rows;
                await imports.ApplyAsync(lane, taken, limit, cancellationToken);
                return true;
            }

            first = taken.Events[0].Id;
            await ApplyAsync(taken, cancellationToken);
            return true;
        }
        // Two lanes met over the same rows: one of them comes again.
        catch (PostgresException exception)
            when (exception.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
        {
            return true;
        }
        catch (FactsChangedException)
        {
            await tracks.RefreshAsync(always: true, cancellationToken);
            return true;
        }
#pragma warning disable CA1031 // One poisonous event must not stop its lane: it is found by taking fewer and fewer, and set aside.
        catch (Exception exception)
            when (exception is not OperationCanceledException
                && (first != 0 || chunk is not null)
                && !Outage.Is(exception)
            )
#pragma warning restore CA1031
        {
            if (limit > 1)
            {
                LogBatchFailed(exception, lane);
                return await RunLaneAsync(lane, limit / 8 is var fewer and > 0 ? fewer : 1, cancellationToken);
            }

            if (chunk is not null)
            {
                await imports.PassOverAsync(lane, chunk, exception, cancellationToken);
                return true;
            }

            LogEventFailed(exception, first);
            var attempts = Outage.IsHopeless(exception) ? 1 : MostAttempts;
            await store.FailAsync(
                first,
                exception.GetType().Name,
                attempts,
                FirstRetry,
                business.GetUtcNow(),
                cancellationToken
            );
            return true;
        }
    }

    private async Task ApplyAsync(FactsLane lane, CancellationToken cancellationToken)
    {
        var rules = rulebook.Value;
        var events = FirstOf(
                lane.Events.Select(row => new InboxEvent(
                    row.Id,
                    row.Source,
                    row.EventId,
                    InboxReader.Read(row.Source, row.Body, rules)
                ))
            )
            .ToList();
        var known = await lane.ReadAsync(events, rules.SameWithin, cancellationToken);
        var now = business.GetUtcNow();
        FactBatch batch;
        if (events[0].Event is CrmEvent { Merged.IsEmpty: false } merge)
        {
            batch = FactBatch.OfMerge(events[0], merge, known, tracks.Tracks, rules, now);
            await lane.MergeAsync(batch, known, merge, now, cancellationToken);
        }
        else
        {
            batch = FactBatch.Fold(events, known, tracks.Tracks, rules, now);
            await lane.CommitAsync(batch, now, cancellationToken);
        }

        NurtureMetrics.CountApplied(batch.Applied.Count);
        foreach (var (told, why) in batch.Refused)
        {
            NurtureMetrics.CountRefused(why.Code);
            LogRefused(told.InboxId, why.Code);
        }
    }

    // A merge is a transaction of its own: what comes before it is applied first.
    private static IEnumerable<InboxEvent> FirstOf(IEnumerable<InboxEvent> events)
    {
        var isFirst = true;
        foreach (var next in events)
        {
            var isMerge = next.Event is CrmEvent { Merged.IsEmpty: false };
            if (isMerge && !isFirst)
            {
                yield break;
            }

            yield return next;
            if (isMerge)
            {
                yield break;
            }

            isFirst = false;
        }
    }

    [LoggerMessage(
        EventId = 1101,
        Level = LogLevel.Warning,
        Message = "A batch of lane {Lane} failed and was rolled back; its events are taken fewer at a time"
    )]
    private partial void LogBatchFailed(Exception exception, int lane);

    [LoggerMessage(
        EventId = 1102,
        Level = LogLevel.Error,
        Message = "Event {InboxId} could not be applied; after the last attempt it becomes a dead letter"
    )]
    private partial void LogEventFailed(Exception exception, long inboxId);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Warning, Message = "Event {InboxId} became a dead letter: {Code}")]
    private partial void LogRefused(long? inboxId, string code);
}
