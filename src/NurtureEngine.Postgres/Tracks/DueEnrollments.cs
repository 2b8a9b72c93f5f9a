using Npgsql;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks.Running;
using NurtureEngine.Postgres.Handoffs;
using NurtureEngine.Postgres.Intake;
using NurtureEngine.Postgres.Leads;
using NurtureEngine.Postgres.Outgoing;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>
/// Enrollments that are due, locked by a transaction. New states, planned touches and the ledger commit together, so that a
/// crash leaves them due and not half advanced.
/// </summary>
public sealed class DueEnrollments(
    NpgsqlConnection connection,
    NpgsqlTransaction transaction,
    IReadOnlyList<DueEnrollment> rows,
    DateTimeOffset now
) : IAsyncDisposable
{
    private const string UpdateSql = """
        WITH turned AS (
            UPDATE enrollment
               SET state = w.state, tokens = w.tokens, due_at = w.due_at, code = w.code, argument = w.argument,
                   ended_at = CASE WHEN w.state IN (1, 2) THEN @now END
              FROM unnest(@leads, @ids, @states, @tokens, @dueAt, @codes, @arguments)
                   AS w (lead_id, id, state, tokens, due_at, code, argument)
             WHERE enrollment.lead_id = w.lead_id AND enrollment.id = w.id
            RETURNING enrollment.lead_id, enrollment.track_id, enrollment.state, enrollment.code)
        INSERT INTO timeline (recorded_at, lead_id, occurred_at, kind, arguments)
        SELECT @now, turned.lead_id, @now, CASE turned.state WHEN 3 THEN 'enrollment.parked' ELSE 'enrollment.ended' END,
               jsonb_build_object('track', track.definition_id, 'code', COALESCE(turned.code, 'track.completed'))
          FROM turned
          JOIN track ON track.id = turned.track_id
         WHERE turned.state IN (1, 2, 3)
        """;

    // The id is derived, so a step that runs again after a lost commit plans the same row.
    private const string PlanSql = """
        WITH planned AS (
        INSERT INTO touch (lead_id, id, enrollment_id, step, visit, channel, content_version_id, state, priority, due_at, planned_at)
        SELECT lead_id, id, enrollment_id, step, visit, channel, content_version_id, 'planned', priority, due_at, @now
          FROM unnest(@leads, @ids, @enrollments, @steps, @visits, @channels, @contents, @priorities, @dueAt)
               AS w (lead_id, id, enrollment_id, step, visit, channel, content_version_id, priority, due_at)
        ON CONFLICT (lead_id, id) DO NOTHING
        RETURNING touch.lead_id, touch.id)
        INSERT INTO touch_event (recorded_at, lead_id, touch_id, state)
        SELECT @now, lead_id, id, 'planned' FROM planned
        """;

    private const string LedgerSql = """
        INSERT INTO ledger (recorded_at, lead_id, enrollment_id, touch_id, step, code, argument, rulebook)
        SELECT @now, lead_id, enrollment_id, touch_id, step, code, argument, @rulebook
          FROM unnest(@leads, @enrollments, @touches, @steps, @codes, @arguments) AS w (lead_id, enrollment_id, touch_id, step, code, argument)
        """;

    private const string HadSql = """
        SELECT DISTINCT t.lead_id, c.key
          FROM touch t
          JOIN content_version c ON c.id = t.content_version_id
         WHERE t.lead_id = ANY(@leads) AND t.state NOT IN ('skipped', 'cancelled', 'returned', 'expired', 'rejected')
        """;

    public IReadOnlyList<DueEnrollment> Rows => rows;

    /// <summary>Which of the awaited touches have come to an end.</summary>
    public Task<HashSet<TouchId>> FindSettledAsync(
        List<(long LeadId, TouchId Touch)> awaited,
        CancellationToken cancellationToken
    ) => SettledTouches.FindAsync(transaction, awaited, cancellationToken);

    /// <summary>The contents that leads have had or are to have, in whichever track.</summary>
    public async Task<ILookup<long, string>> FindHadAsync(long[] leads, CancellationToken cancellationToken) =>
        (
            leads.Length == 0
                ? []
                : await transaction.QueryAsync<(long LeadId, string Key)>(HadSql, new { leads }, cancellationToken)
        ).ToLookup(row => row.LeadId, row => row.Key);

    /// <summary>What was signalled to these rows, by enrollment, oldest first.</summary>
    public Task<ILookup<long, SignalRow>> FindSignalsAsync(
        IReadOnlyList<DueEnrollment> listening,
        CancellationToken cancellationToken
    ) => SignalStore.FindAsync(transaction, listening, cancellationToken);

    /// <summary>The leads of the rows, with their accounts, as they stand; they are not locked, since only facts write leads.</summary>
    public Task<Dictionary<long, (Lead Lead, Account? Account)>> FindLeadsAsync(
        long[] leads,
        CancellationToken cancellationToken
    ) => LeadReader.ReadWithAccountsAsync(transaction, leads, cancellationToken);

    /// <summary>Writes the turns; the ledger cites the rulebook's version.</summary>
    public async Task CommitAsync(
        IReadOnlyList<AdvancedEnrollment> advanced,
        int rulebook,
        CancellationToken cancellationToken
    )
    {
        await UpdateAsync(advanced, cancellationToken);
        await PlanAsync(advanced, cancellationToken);
        await TouchCancel.OfTouchesAsync(
            transaction,
            [
                .. advanced.SelectMany(row =>
                    row.Turn.Decisions.OfType<Decision.Cancel>().Select(cancel => (row.Due.LeadId, cancel.Touch.Value))
                ),
            ],
            "branch.given_up",
            now,
            cancellationToken
        );
        await TouchCancel.OfEnrollmentsAsync(
            transaction,
            [
                .. advanced
                    .Where(row => row.Turn.Enrollment.State is EnrollmentState.Completed or EnrollmentState.Exited)
                    .Select(row => (row.Due.LeadId, row.Due.Id, "enrollment.over")),
            ],
            now,
            cancellationToken
        );
        await TaskStore.AddCallsAsync(
            transaction,
            [
                .. advanced.SelectMany(row =>
                    row.Turn.Decisions.OfType<Decision.Ask>().Select(ask => (row.Due, ask.Call))
                ),
            ],
            now,
            cancellationToken
        );
        await OwnEvents.AddAsync(
            transaction,
            [
                .. advanced.SelectMany(row =>
                    row.Turn.Decisions.OfType<Decision.Change>().Select(change => (row.Due.LeadId, change.Wanted))
                ),
            ],
            now,
            cancellationToken
        );
        await HandoffStore.AddAsync(
            transaction,
            [
                .. advanced.SelectMany(row =>
                    row.Turn.Decisions.OfType<Decision.Offer>().Select(offer => (row.Due, offer.Handoff))
                ),
            ],
            now,
            cancellationToken
        );
        await OutboxStore.AddAsync(
            transaction,
            [
                .. advanced.SelectMany(row =>
                    row.Turn.Decisions.OfType<Decision.Emit>().Select(emit => (row.Due, emit.Message))
                ),
            ],
            now,
            cancellationToken
        );
        // A parked enrollment takes nothing in: its retry begins where this turn began.
        await SignalStore.TakeAsync(
            transaction,
            [
                .. advanced
                    .Where(row => row.Turn.Enrollment.State != EnrollmentState.Parked)
                    .SelectMany(row => row.Signals.Select(signal => (row.Due.LeadId, signal))),
            ],
            cancellationToken
        );
        await LedgerAsync(advanced, rulebook, cancellationToken);
        Waypoints.Pass("advance.committing");
        await transaction.CommitAsync(cancellationToken);
        Waypoints.Pass("advance.committed");
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private Task UpdateAsync(IReadOnlyList<AdvancedEnrollment> advanced, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(
            UpdateSql,
            new
            {
                leads = advanced.ToArray(row => row.Due.LeadId),
                ids = advanced.ToArray(row => row.Due.Id),
                states = advanced.ToArray(row => (short)row.Turn.Enrollment.State),
                // A parked enrollment's bytes stay as they were: they may be what could not be read.
                tokens = advanced.ToArray(row =>
                    row.Turn.Enrollment.State == EnrollmentState.Parked
                        ? row.Due.Tokens
                        : TokenCodec.Write(row.Turn.Enrollment.Standing)
                ),
                dueAt = advanced.ToArray(row => row.Turn.Enrollment.DueAt(now)),
                codes = advanced.ToArray(row => EndOf(row).Code),
                arguments = advanced.ToArray(row => EndOf(row).Argument),
                now,
            },
            cancellationToken
        );

    // Why it was parked or left; null for one that goes on or has run to its end.
    private static (string? Code, string? Argument) EndOf(AdvancedEnrollment row) =>
        row.Turn.Decisions.LastOrDefault() switch
        {
            Decision.Park park => (park.Code, park.Argument),
            Decision.Exit exit => (exit.Code, exit.Argument),
            _ => (null, null),
        };

    private Task PlanAsync(IReadOnlyList<AdvancedEnrollment> advanced, CancellationToken cancellationToken)
    {
        var touches = advanced
            .SelectMany(row => row.Turn.Decisions.OfType<Decision.Plan>().Select(plan => (Row: row, plan.Touch)))
            .ToList();
        return touches.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                PlanSql,
                new
                {
                    leads = touches.ToArray(touch => touch.Row.Due.LeadId),
                    ids = touches.ToArray(touch => touch.Touch.Id.Value),
                    enrollments = touches.ToArray(touch => touch.Row.Due.Id),
                    steps = touches.ToArray(touch => touch.Touch.Step.Value),
                    visits = touches.ToArray(touch => touch.Touch.Visit),
                    channels = touches.ToArray(touch => touch.Touch.Channel),
                    contents = touches.ToArray(touch => touch.Row.ContentVersions[touch.Touch.ContentKey]),
                    priorities = touches.ToArray(touch => (short)touch.Touch.Priority),
                    dueAt = touches.ToArray(touch => touch.Touch.DueAt),
                    now,
                },
                cancellationToken
            );
    }

    private Task LedgerAsync(
        IReadOnlyList<AdvancedEnrollment> advanced,
        int rulebook,
        CancellationToken cancellationToken
    )
    {
        var entries = advanced
            .SelectMany(row => row.Turn.Decisions.Select(decision => (Row: row, Entry: LedgerEntry.Of(decision))))
            .ToList();
        return transaction.ExecuteAsync(
            LedgerSql,
            new
            {
                leads = entries.ToArray(entry => entry.Row.Due.LeadId),
                enrollments = entries.ToArray(entry => entry.Row.Due.Id),
                touches = entries.ToArray(entry => entry.Entry.Touch),
                steps = entries.ToArray(entry => entry.Entry.Step),
                codes = entries.ToArray(entry => entry.Entry.Code),
                arguments = entries.ToArray(entry => entry.Entry.Argument),
                rulebook,
                now,
            },
            cancellationToken
        );
    }
}
