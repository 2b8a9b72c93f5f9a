using Dapper;
using Npgsql;

namespace NurtureEngine.Postgres.Touches;

/// <summary>
/// Moves touches on whose time has come: leases that ran out, retries that are due, holds that nobody answered. Repeating
/// any of it changes nothing.
/// </summary>
public sealed class TouchRecovery(NpgsqlDataSource database)
{
    private const string ReturnClaimsSql = """
        UPDATE touch SET state = 'planned', lease = NULL, leased_until = NULL
         WHERE state = 'claimed' AND leased_until < clock_timestamp()
        """;

    private const string ReleaseDeferredSql =
        "UPDATE touch SET state = 'planned' WHERE state = 'deferred' AND due_at <= @now";

    // Enrollments are locked before touches by every writer; the second statement looks again at what it may change.
    private const string FindOverdueSql = """
        SELECT id FROM touch WHERE state = 'handing' AND leased_until < clock_timestamp()
        UNION ALL
        SELECT id FROM touch WHERE state = 'awaiting_approval' AND hold_until <= @now
        LIMIT 1000
        """;

    private const string EndOverdueSql = """
        WITH ended AS (
            UPDATE touch
               SET state = CASE state WHEN 'handing' THEN 'uncertain' ELSE 'expired' END,
                   code = CASE state WHEN 'handing' THEN 'handing.interrupted' ELSE 'approval.expired' END,
                   lease = NULL, leased_until = NULL, hold_until = NULL, settled_at = @now
             WHERE id = ANY(@touches)
               AND ((state = 'handing' AND leased_until < clock_timestamp()) OR (state = 'awaiting_approval' AND hold_until <= @now))
            RETURNING lead_id, id, state, code)
        INSERT INTO touch_event (recorded_at, lead_id, touch_id, state, code)
        SELECT @now, lead_id, id, state, code FROM ended
        """;

    /// <summary>One turn; <paramref name="now"/> is business time, leases run by the database's clock. True where something moved.</summary>
    public async Task<bool> RunTurnAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var moved = await connection.ExecuteAsync(
            new CommandDefinition(ReturnClaimsSql, cancellationToken: cancellationToken)
        );
        moved += await connection.ExecuteAsync(
            new CommandDefinition(ReleaseDeferredSql, new { now }, cancellationToken: cancellationToken)
        );
        var touches = (
            await connection.QueryAsync<Guid>(
                new CommandDefinition(FindOverdueSql, new { now }, cancellationToken: cancellationToken)
            )
        ).ToArray();
        if (touches.Length > 0)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await EnrollmentWake.WakeAsync(transaction, touches, now, cancellationToken);
            moved += await connection.ExecuteAsync(
                new CommandDefinition(
                    EndOverdueSql,
                    new { touches, now },
                    transaction,
                    cancellationToken: cancellationToken
                )
            );
            await transaction.CommitAsync(cancellationToken);
        }

        return moved > 0;
    }
}
