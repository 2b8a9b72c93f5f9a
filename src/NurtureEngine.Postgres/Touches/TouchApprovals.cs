using Npgsql;

namespace NurtureEngine.Postgres.Touches;

/// <summary>A person's yes or no to a touch that waits for it.</summary>
public sealed class TouchApprovals(NpgsqlDataSource database)
{
    // The second of two clicks finds the state changed and does nothing. Now is the earliest moment it may leave.
    private const string ApproveSql = """
        WITH approved AS (
            UPDATE touch
               SET state = 'planned', approved_by = @by, approved_at = @now, hold_until = NULL, due_at = GREATEST(due_at, @now),
                   code = 'approval.given', argument = @by
             WHERE id = @id AND state = 'awaiting_approval'
            RETURNING lead_id, id)
        INSERT INTO touch_event (recorded_at, lead_id, touch_id, state, code, argument)
        SELECT @now, lead_id, id, 'planned', 'approval.given', @by FROM approved
        """;

    private const string ReturnSql = """
        WITH returned AS (
            UPDATE touch
               SET state = 'returned', hold_until = NULL, settled_at = @now, code = 'approval.refused', argument = @by
             WHERE id = @id AND state = 'awaiting_approval'
            RETURNING lead_id, id)
        INSERT INTO touch_event (recorded_at, lead_id, touch_id, state, code, argument)
        SELECT @now, lead_id, id, 'returned', 'approval.refused', @by FROM returned
        """;

    /// <summary>False where the touch does not wait for approval (any more). <paramref name="by"/> names the API key.</summary>
    public async Task<bool> ApproveAsync(Guid id, string by, DateTimeOffset now, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            ApproveSql,
            new
            {
                id,
                by,
                now,
            },
            cancellationToken
        ) == 1;

    /// <summary>Ends the touch, and lets its track go on; false where it does not wait for approval (any more).</summary>
    public async Task<bool> ReturnAsync(Guid id, string by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await EnrollmentWake.WakeAsync(transaction, [id], now, cancellationToken);
        var returned =
            await transaction.ExecuteAsync(
                ReturnSql,
                new
                {
                    id,
                    by,
                    now,
                },
                cancellationToken
            ) == 1;
        await transaction.CommitAsync(cancellationToken);
        return returned;
    }
}
