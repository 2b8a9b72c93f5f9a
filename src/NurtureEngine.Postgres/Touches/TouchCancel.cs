using Npgsql;

namespace NurtureEngine.Postgres.Touches;

/// <summary>Cancels what enrollments had planned, when they end or give it up; the caller has locked the enrollments.</summary>
internal static class TouchCancel
{
    // What is already being handed over can't be called back. Rows are locked in the order of their keys, as by every writer.
    private const string CancelSql = """
        WITH open AS MATERIALIZED (
            SELECT t.lead_id, t.id, w.code
              FROM unnest(@leads, @enrollments, @touches, @codes) AS w (lead_id, enrollment_id, touch_id, code)
              JOIN touch t ON t.lead_id = w.lead_id AND (t.id = w.touch_id OR t.enrollment_id = w.enrollment_id)
             WHERE t.state IN ('planned', 'awaiting_approval', 'deferred', 'claimed')
             ORDER BY t.lead_id, t.id
               FOR UPDATE OF t),
        cancelled AS (
            UPDATE touch
               SET state = 'cancelled', code = open.code, argument = NULL, settled_at = @now,
                   lease = NULL, leased_until = NULL, retry_at = NULL, hold_until = NULL
              FROM open
             WHERE touch.lead_id = open.lead_id AND touch.id = open.id
            RETURNING touch.lead_id, touch.id, touch.code)
        INSERT INTO touch_event (recorded_at, lead_id, touch_id, state, code)
        SELECT @now, lead_id, id, 'cancelled', code FROM cancelled
        """;

    public static Task OfEnrollmentsAsync(
        NpgsqlTransaction transaction,
        List<(long LeadId, long EnrollmentId, string Code)> ended,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        ended.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                CancelSql,
                new
                {
                    leads = ended.ToArray(row => row.LeadId),
                    enrollments = ended.ToArray(row => (long?)row.EnrollmentId),
                    touches = ended.ToArray(_ => (Guid?)null),
                    codes = ended.ToArray(row => row.Code),
                    now,
                },
                cancellationToken
            );

    public static Task OfTouchesAsync(
        NpgsqlTransaction transaction,
        List<(long LeadId, Guid Touch)> unwanted,
        string code,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        unwanted.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                CancelSql,
                new
                {
                    leads = unwanted.ToArray(row => row.LeadId),
                    enrollments = unwanted.ToArray(_ => (long?)null),
                    touches = unwanted.ToArray(row => (Guid?)row.Touch),
                    codes = unwanted.ToArray(_ => code),
                    now,
                },
                cancellationToken
            );
}
