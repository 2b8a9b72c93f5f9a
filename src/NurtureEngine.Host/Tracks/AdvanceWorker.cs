using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Handoffs;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Running;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Storage;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Tracks;

/// <summary>Advances the enrollments that are due, a batch in a transaction.</summary>
internal sealed partial class AdvanceWorker(
    EnrollmentStore store,
    TrackCatalog tracks,
    CurrentRulebook rulebook,
    IOptions<NurtureOptions> options,
    [FromKeyedServices(Clocks.Business)] TimeProvider business,
    ILogger<AdvanceWorker> logger
) : ITurn
{
    private const int BatchSize = 1_000;

    // How late enrollments are advanced, in seconds of business time: the oldest of each batch.
    private static readonly Histogram<double> Lag = NurtureMetrics.Meter.CreateHistogram<double>(
        "nurture.advance.lag",
        "s",
        "How late the oldest enrollment of a batch was advanced, in business time."
    );

    public string Name => "advance";

    public async Task<bool> RunTurnAsync(CancellationToken cancellationToken)
    {
        await tracks.RefreshAsync(always: false, cancellationToken);
        // As exact as the database keeps it: what is due by the one clock is due by the other.
        var now = business.GetUtcNow();
        return await RunBatchAsync(
            now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond)),
            BatchSize,
            cancellationToken
        );
    }

    private async Task<bool> RunBatchAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        DueEnrollment? first = null;
        try
        {
            await using var due = await store.TakeDueAsync(now, tracks.Runnable, limit, cancellationToken);
            if (due is null)
            {
                return false;
            }

            first = due.Rows[0];
            await AdvanceAsync(due, now, cancellationToken);
            return true;
        }
#pragma warning disable CA1031 // One enrollment that can't be written must not stop the others: it is found by taking fewer and fewer, and parked.
        catch (Exception exception)
            when (exception is not OperationCanceledException && first is not null && !Outage.Is(exception))
#pragma warning restore CA1031
        {
            if (limit > 1)
            {
                LogBatchFailed(exception, limit);
                return await RunBatchAsync(now, limit / 8 is var fewer and > 0 ? fewer : 1, cancellationToken);
            }

            LogAdvanceFailed(exception, first.Id);
            await store.ParkAsync(first, "advance.failed", exception.GetType().Name, now, cancellationToken);
            return true;
        }
    }

    private async Task AdvanceAsync(DueEnrollments due, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var enrollments = due.Rows.Select(row => (Row: row, Enrollment: Read(row))).ToList();
        var known = await KnowAsync(due, enrollments, cancellationToken);
        await due.CommitAsync(
            [
                .. enrollments.Select(pair => new AdvancedEnrollment(
                    pair.Row,
                    Advance(pair.Row, pair.Enrollment, known, now),
                    known.Contents
                )
                {
                    Before = pair.Enrollment?.Standing ?? Standing.Over,
                    Signals = known.Signals[pair.Row.Id],
                }),
            ],
            rulebook.Value.Version,
            cancellationToken
        );
        Lag.Record((now - due.Rows.Min(row => row.DueAt)).TotalSeconds);
    }

    // Each in one query for the whole batch, and only for the tracks that ask for it.
    private async Task<Known> KnowAsync(
        DueEnrollments due,
        List<(DueEnrollment Row, Enrollment? Enrollment)> enrollments,
        CancellationToken cancellationToken
    )
    {
        var awaited = enrollments
            .SelectMany(pair => (pair.Enrollment?.Awaited ?? []).Select(touch => (pair.Row.LeadId, touch)))
            .ToList();
        return new Known(
            await due.FindSettledAsync(awaited, cancellationToken),
            await due.FindLeadsAsync(LeadsOf(due, track => track.ReadsLead), cancellationToken),
            await due.FindSignalsAsync(
                [.. due.Rows.Where(row => tracks.Find(row.Version)!.HeardKeys.Count > 0)],
                cancellationToken
            ),
            await due.FindHadAsync(LeadsOf(due, track => track.ReadsHistory), cancellationToken),
            tracks.Contents.Current,
            tracks.Contents.Pools
        );
    }

    private long[] LeadsOf(DueEnrollments due, Func<Track, bool> asks) =>
        [.. due.Rows.Where(row => asks(tracks.Find(row.Version)!)).Select(row => row.LeadId).Distinct()];

    private Turn Advance(DueEnrollment row, Enrollment? enrollment, Known known, DateTimeOffset now)
    {
        if (enrollment is null)
        {
            return Parked(row, "tokens.unreadable", null);
        }

        try
        {
            var track = tracks.Find(row.Version)!;
            var (lead, account) = known.Leads.GetValueOrDefault(row.LeadId, (RunValues.Nobody, null));
            var turn = TrackRunner.Advance(
                track,
                enrollment,
                new RunValues(lead, account, rulebook.Value, track.Settings.Sender)
                {
                    Pools = known.Pools,
                    Had = known.HadBy(row.LeadId),
                },
                known.StimulusFor(row.Id),
                now
            );
            var missing = turn
                .Decisions.OfType<Decision.Plan>()
                .FirstOrDefault(plan => !known.Contents.ContainsKey(plan.Touch.ContentKey));
            return missing is null ? WithAlerts(turn) : Parked(row, "content.missing", missing.Touch.ContentKey);
        }
#pragma warning disable CA1031 // One broken enrollment must not stop its batch; it is parked with its error.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogAdvanceFailed(exception, row.Id);
            return Parked(row, "advance.failed", exception.GetType().Name);
        }
    }

    // Who is told of a hand-off is a setting of the machine, which no track knows.
    private Turn WithAlerts(Turn turn) =>
        options.Value.Alerts.Targets.Count == 0
            ? turn
            : turn with
            {
                Decisions = [.. HandoffAlert.With(turn.Decisions, options.Value.Alerts.Targets.Keys)],
            };

    private Enrollment? Read(DueEnrollment row)
    {
        try
        {
            return new Enrollment(new EnrollmentId(row.Id), EnrollmentState.Active, TokenCodec.Read(row.Tokens))
            {
                EnteredAt = row.EnteredAt,
            };
        }
        catch (FormatException exception)
        {
            LogAdvanceFailed(exception, row.Id);
            return null;
        }
    }

    private static Turn Parked(DueEnrollment row, string code, string? argument) =>
        new(
            new Enrollment(new EnrollmentId(row.Id), EnrollmentState.Parked, Standing.Over),
            ImmutableArray.Create<Decision>(new Decision.Park(code, argument))
        );

    private sealed record Known(
        HashSet<TouchId> Settled,
        Dictionary<long, (Lead Lead, Account? Account)> Leads,
        ILookup<long, SignalRow> Signals,
        ILookup<long, string> Had,
        IReadOnlyDictionary<string, int> Contents,
        Pools Pools
    )
    {
        private readonly Stimulus _withoutSignals = Stimulus.Of(Settled);

        public Stimulus StimulusFor(long enrollment) =>
            Signals.Contains(enrollment)
                ? new Stimulus(Settled, [.. Signals[enrollment].Select(signal => signal.ToSignal())])
                : _withoutSignals;

        public IReadOnlySet<string> HadBy(long lead) =>
            Had.Contains(lead) ? Had[lead].ToHashSet(StringComparer.Ordinal) : ImmutableHashSet<string>.Empty;
    }

    [LoggerMessage(
        EventId = 2002,
        Level = LogLevel.Warning,
        Message = "A batch of up to {Limit} enrollments could not be written and was rolled back; fewer are taken at a time"
    )]
    private partial void LogBatchFailed(Exception exception, int limit);

    [LoggerMessage(
        EventId = 2001,
        Level = LogLevel.Error,
        Message = "Enrollment {EnrollmentId} could not be advanced and is parked"
    )]
    private partial void LogAdvanceFailed(Exception exception, long enrollmentId);
}
