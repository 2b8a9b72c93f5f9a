using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Host.Leads;

/// <summary>Turns inbox rows into facts about leads, lane by lane, and enrolls the leads whose facts trigger a track.</summary>
internal sealed partial class FactsWorker(
    FactsStore store,
    TrackCatalog tracks,
    CurrentRulebook rulebook,
    [FromKeyedServices(Clocks.Business)] TimeProvider business,
    ILogger<FactsWorker> logger
) : ITurn
{
    private const int BatchSize = 500;
    private const int MostAttempts = 5;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(2);

    public string Name => "facts";

    public async Task<bool> RunTurnAsync(CancellationToken cancellationToken)
    {
        var worked = false;
        foreach (var lane in await store.FindPendingLanesAsync(cancellationToken))
        {
            worked |= await RunLaneAsync(lane, BatchSize, cancellationToken);
        }

        return worked;
    }

    private async Task<bool> RunLaneAsync(int lane, int limit, CancellationToken cancellationToken)
    {
        await tracks.RefreshAsync(always: false, cancellationToken);
        long first = 0;
        try
        {
            await using var taken = await store.TakeLaneAsync(lane, limit, cancellationToken);
            if (taken is null)
            {
                return false;
            }

            first = taken.Events[0].Id;
            await ApplyAsync(taken, cancellationToken);
            return true;
        }
        catch (FactsChangedException)
        {
            return true;
        }
#pragma warning disable CA1031 // One poisonous event must not stop its lane: it is found by going on one by one, and set aside.
        catch (Exception exception)
            when (exception is not OperationCanceledException && first != 0 && !IsOutage(exception))
#pragma warning restore CA1031
        {
            if (limit > 1)
            {
                LogBatchFailed(exception, lane);
                return await RunLaneAsync(lane, limit: 1, cancellationToken);
            }

            LogEventFailed(exception, first);
            await store.FailAsync(
                first,
                exception.GetType().Name,
                MostAttempts,
                FirstRetry,
                business.GetUtcNow(),
                cancellationToken
            );
            return true;
        }
    }

    private async Task ApplyAsync(FactsLane lane, CancellationToken cancellationToken)
    {
        var events = lane.Events.Select(Read).ToList();
        var accounts = await lane.LockAccountsAsync(
            [.. events.Select(e => e.Event.Company?.Key).OfType<ExternalKey>().Distinct()],
            cancellationToken
        );
        var leads = await lane.LockLeadsAsync([.. events.Select(e => e.Event.Lead).Distinct()], cancellationToken);
        var now = business.GetUtcNow();
        var batch = FactBatch.Fold(events, leads, accounts, tracks.Current, rulebook.Value, now);
        await lane.CommitAsync(batch, now, cancellationToken);
        foreach (var (inboxId, why) in batch.Refused)
        {
            LogRefused(inboxId, why.Code);
        }
    }

    // The shape was checked before the event was stored.
    private static InboxEvent Read(PendingEvent row) =>
        new(
            row.Id,
            row.EventId,
            CrmEventReader.TryRead(row.Source, row.Body, out var faults)
                ?? throw new InvalidDataException(
                    $"Event {row.Id} no longer has the shape it was accepted with: {faults[0].Place}."
                )
        );

    // The database being away is nobody's event's fault.
    private static bool IsOutage(Exception exception) =>
        exception
            is Npgsql.NpgsqlException { IsTransient: true }
                or Npgsql.NpgsqlException
                and not Npgsql.PostgresException
        || exception is Npgsql.PostgresException { SqlState: "53100" or "57P01" or "57P02" or "57P03" };

    [LoggerMessage(
        EventId = 1101,
        Level = LogLevel.Warning,
        Message = "A batch of lane {Lane} failed and was rolled back; its events are taken one by one"
    )]
    private partial void LogBatchFailed(Exception exception, int lane);

    [LoggerMessage(
        EventId = 1102,
        Level = LogLevel.Error,
        Message = "Event {InboxId} could not be applied; after the last attempt it becomes a dead letter"
    )]
    private partial void LogEventFailed(Exception exception, long inboxId);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Warning, Message = "Event {InboxId} became a dead letter: {Code}")]
    private partial void LogRefused(long inboxId, string code);
}
