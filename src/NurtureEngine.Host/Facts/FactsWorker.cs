using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
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
        await tracks.RefreshAsync(always: false, cancellationToken);
        if (tracks.IsBehind)
        {
            return false;
        }

        var worked = false;
        foreach (var lane in await store.FindPendingLanesAsync(cancellationToken))
        {
            worked |= await RunLaneAsync(lane, BatchSize, cancellationToken);
        }

        return worked;
    }

    private async Task<bool> RunLaneAsync(int lane, int limit, CancellationToken cancellationToken)
    {
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
            await tracks.RefreshAsync(always: true, cancellationToken);
            return true;
        }
#pragma warning disable CA1031 // One poisonous event must not stop its lane: it is found by taking fewer and fewer, and set aside.
        catch (Exception exception)
            when (exception is not OperationCanceledException && first != 0 && !Outage.Is(exception))
#pragma warning restore CA1031
        {
            if (limit > 1)
            {
                LogBatchFailed(exception, lane);
                return await RunLaneAsync(lane, limit / 8 is var fewer and > 0 ? fewer : 1, cancellationToken);
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
        var events = lane.Events.Select(Read).ToList();
        var accounts = await lane.LockAccountsAsync(
            [.. events.Select(e => e.Event.Company?.Key).OfType<ExternalKey>().Distinct()],
            cancellationToken
        );
        var leads = await lane.LockLeadsAsync([.. events.Select(e => e.Event.Lead).Distinct()], cancellationToken);
        var locked = accounts.Select(account => account.Key).ToHashSet();
        var others = await lane.ReadAccountsAsync(
            [
                .. leads
                    .Select(lead => lead.Account)
                    .OfType<ExternalKey>()
                    .Where(key => !locked.Contains(key))
                    .Distinct(),
            ],
            cancellationToken
        );
        var known = new KnownFacts(leads, [.. accounts, .. others], await lane.FindLiveAsync(leads, cancellationToken));
        var now = business.GetUtcNow();
        var batch = FactBatch.Fold(events, known, tracks.Tracks, rulebook.Value, now);
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
            row.Source == EngineEvents.Source
                ? EngineEvents.Read(row.Body)
                : CrmEventReader.TryRead(row.Source, row.Body, out var faults)
                    ?? throw new InvalidDataException(
                        $"Event {row.Id} no longer has the shape it was accepted with: {faults[0].Place}."
                    )
        );

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
    private partial void LogRefused(long inboxId, string code);
}
