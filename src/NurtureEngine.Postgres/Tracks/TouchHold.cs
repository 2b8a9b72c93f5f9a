using Npgsql;
using NurtureEngine.Core.Cadences;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>Holds the touches of enrollments and gives them back; the caller has locked the enrollments.</summary>
internal static class TouchHold
{
    // What is claimed at this moment meets the gate, which sees that its enrollment is held. Kept out of every loop: a deferred
    // touch whose moment never comes.
    private const string HoldSql = """
        WITH open AS MATERIALIZED (
            SELECT t.lead_id, t.id
              FROM unnest(@leads, @enrollments) AS w (lead_id, enrollment_id)
              JOIN touch t ON t.lead_id = w.lead_id AND t.enrollment_id = w.enrollment_id
             WHERE t.state IN ('planned', 'deferred')
             ORDER BY t.lead_id, t.id
               FOR UPDATE OF t),
        held AS (
            UPDATE touch
               SET state = 'deferred', retry_at = 'infinity', code = 'enrollment.paused', argument = NULL
              FROM open
             WHERE touch.lead_id = open.lead_id AND touch.id = open.id
            RETURNING touch.lead_id, touch.id)
        INSERT INTO touch_event (recorded_at, lead_id, touch_id, state, code)
        SELECT @now, lead_id, id, 'deferred', 'enrollment.paused' FROM held
        """;

    private const string ReleaseSql = """
        WITH held AS MATERIALIZED (
            SELECT t.lead_id, t.id, w.held_at
              FROM unnest(@leads, @enrollments, @heldAt) AS w (lead_id, enrollment_id, held_at)
              JOIN touch t ON t.lead_id = w.lead_id AND t.enrollment_id = w.enrollment_id
             WHERE t.state = 'deferred' AND t.code = 'enrollment.paused'
             ORDER BY t.lead_id, t.id
               FOR UPDATE OF t),
        released AS (
            UPDATE touch
               SET state = 'planned', retry_at = NULL, code = NULL,
                   due_at = CASE WHEN touch.due_at <= @now
                                 THEN @now + (GREATEST(touch.due_at, held.held_at) - held.held_at)
                                           * LEAST(1, extract(epoch FROM @within) / GREATEST(extract(epoch FROM @now - held.held_at)::float8, 1))
                                 ELSE touch.due_at END
              FROM held
             WHERE touch.lead_id = held.lead_id AND touch.id = held.id
            RETURNING touch.lead_id, touch.id)
        INSERT INTO touch_event (recorded_at, lead_id, touch_id, state, code)
        SELECT @now, lead_id, id, 'planned', 'enrollment.resumed' FROM released
        """;

    public static Task HoldAsync(
        NpgsqlTransaction transaction,
        List<(long LeadId, long EnrollmentId)> held,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        held.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                HoldSql,
                new
                {
                    leads = held.ToArray(row => row.LeadId),
                    enrollments = held.ToArray(row => row.EnrollmentId),
                    now,
                },
                cancellationToken
            );

    public static Task ReleaseAsync(
        NpgsqlTransaction transaction,
        List<(long LeadId, long EnrollmentId, DateTimeOffset HeldAt)> released,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        released.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                ReleaseSql,
                new
                {
                    leads = released.ToArray(row => row.LeadId),
                    enrollments = released.ToArray(row => row.EnrollmentId),
                    heldAt = released.ToArray(row => row.HeldAt),
                    within = Resumption.Within,
                    now,
                },
                cancellationToken
            );
}
