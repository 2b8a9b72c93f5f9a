using Npgsql;

namespace NurtureEngine.Postgres.Touches;

/// <summary>
/// Moves touches on whose time has come: leases that ran out, retries that are due, holds that nobody answered. Repeating
/// any of it changes nothing.
/// </summary>
public sealed class TouchRecovery(NpgsqlDataSource database)
{
    // SKIP LOCKED throughout: what somebody is working on is not overdue, or will still be so at the next turn.
    private const string ReleaseSql = """
        WITH released AS MATERIALIZED (
            SELECT lead_id, id
              FROM touch
             WHERE (state = 'claimed' AND leased_until < clock_timestamp()) OR (state = 'deferred' AND retry_at <= clock_timestamp())
               FOR UPDATE SKIP LOCKED)
        UPDATE touch
           SET state = 'planned', lease = NULL, leased_until = NULL, retry_at = NULL
          FROM released
         WHERE touch.lead_id = released.lead_id AND touch.id = released.id
        """;

    // Enrollments are locked before touches by every writer; the second statement looks again at what it may change.
    private const string FindOverdueSql = """
        SELECT id FROM touch WHERE state = 'handing' AND leased_until < clock_timestamp()
        UNION ALL
        SELECT id FROM touch WHERE state = 'awaiting_approval' AND hold_until <= @now
        LIMIT 1000
        """;

    private const string EndOverdueSql = """
        WITH overdue AS MATERIALIZED (
            SELECT lead_id, id
              FROM touch
             WHERE id = ANY(@touches)
               AND ((state = 'handing' AND leased_until < clock_timestamp()) OR (state = 'awaiting_approval' AND hold_until <= @now))
               FOR UPDATE SKIP LOCKED),
        ended AS (
            UPDATE touch
               SET state = CASE state WHEN 'handing' THEN 'uncertain' ELSE 'expired' END,
                   code = CASE state WHEN 'handing' THEN 'handing.interrupted' ELSE 'approval.expired' END,
                   argument = NULL, lease = NULL, leased_until = NULL, hold_until = NULL, settled_at = @now,
                   attempts = touch.attempts + CASE state WHEN 'handing' THEN 1 ELSE 0 END
              FROM overdue
             WHERE touch.lead_id = overdue.lead_id AND touch.id = overdue.id
            RETURNING touch.lead_id, touch.id, touch.state, touch.code)
        INSERT INTO touch_event (recorded_at, lead_id, touch_id, state, code)
        SELECT @now, lead_id, id, state, code FROM ended
        """;

    /// <summary>One turn; <paramref name="now"/> is business time, leases run by the database's clock. True where something moved.</summary>
    public async Task<bool> RunTurnAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var moved = await database.ExecuteAsync(ReleaseSql, null, cancellationToken);
        var touches = (await database.QueryAsync<Guid>(FindOverdueSql, new { now }, cancellationToken)).ToArray();
        if (touches.Length > 0)
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await EnrollmentWake.WakeAsync(transaction, touches, now, cancellationToken);
            moved += await transaction.ExecuteAsync(EndOverdueSql, new { touches, now }, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return moved > 0;
    }
}
