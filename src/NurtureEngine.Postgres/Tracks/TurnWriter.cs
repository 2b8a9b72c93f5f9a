using Npgsql;
using NurtureEngine.Core.Handoffs;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Outgoing;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks.Activities.Actions;
using NurtureEngine.Core.Tracks.Running;
using NurtureEngine.Core.Tracks.Watching;
using NurtureEngine.Postgres.Handoffs;
using NurtureEngine.Postgres.Intake;
using NurtureEngine.Postgres.Outgoing;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>Writes turns and all that they decided, set-wise: a fixed number of statements, however many there are.</summary>
internal sealed class TurnWriter(
    NpgsqlTransaction transaction,
    IReadOnlyList<AdvancedEnrollment> advanced,
    DateTimeOffset now
)
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

    /// <summary>Writes the turns; the ledger cites the rulebook's version.</summary>
    public async Task WriteAsync(int rulebook, CancellationToken cancellationToken)
    {
        await UpdateAsync(cancellationToken);
        await PlanAsync(cancellationToken);
        await TouchCancel.OfTouchesAsync(
            transaction,
            All<Decision.Cancel, (long, Guid)>((row, cancel) => (row.Due.LeadId, cancel.Touch.Value)),
            "branch.given_up",
            now,
            cancellationToken
        );
        var over = advanced
            .Where(row => row.Turn.Enrollment.State is EnrollmentState.Completed or EnrollmentState.Exited)
            .ToList();
        await TouchCancel.OfEnrollmentsAsync(
            transaction,
            over.ConvertAll(row => (row.Due.LeadId, row.Due.Id, "enrollment.over")),
            now,
            cancellationToken
        );
        await TaskStore.AddCallsAsync(
            transaction,
            All<Decision.Ask, (DueEnrollment, CallTask)>((row, ask) => (row.Due, ask.Call)),
            now,
            cancellationToken
        );
        await OwnEvents.AddAsync(
            transaction,
            [
                .. All<Decision.Change, (long, LeadChange)>((row, change) => (row.Due.LeadId, change.Wanted)),
                .. await FreedLanes.FindAsync(
                    transaction,
                    over.ConvertAll(row => (row.Due.LeadId, row.Turn.Enrollment.Id)),
                    cancellationToken
                ),
            ],
            now,
            cancellationToken
        );
        await HandoffStore.AddAsync(
            transaction,
            All<Decision.Offer, (DueEnrollment, Handoff)>((row, offer) => (row.Due, offer.Handoff)),
            now,
            cancellationToken
        );
        await OutboxStore.AddAsync(
            transaction,
            All<Decision.Emit, (DueEnrollment, OutboxMessage)>((row, emit) => (row.Due, emit.Message)),
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
        await LedgerAsync(rulebook, cancellationToken);
        await StepTallies.AddAsync(
            transaction,
            advanced.SelectMany(row =>
                TurnTally.Of(row.Before, row.Turn).Select(count => (row.Due.TrackVersionId, row.Due.EnteredAt, count))
            ),
            cancellationToken
        );
    }

    private List<T> All<TDecision, T>(Func<AdvancedEnrollment, TDecision, T> of)
        where TDecision : Decision =>
        [.. advanced.SelectMany(row => row.Turn.Decisions.OfType<TDecision>().Select(decision => of(row, decision)))];

    private Task UpdateAsync(CancellationToken cancellationToken) =>
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

    private Task PlanAsync(CancellationToken cancellationToken)
    {
        var touches = All<Decision.Plan, (AdvancedEnrollment Row, PlannedTouch Touch)>(
            (row, plan) => (row, plan.Touch)
        );
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

    private Task LedgerAsync(int rulebook, CancellationToken cancellationToken)
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
