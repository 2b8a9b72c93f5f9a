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
                   code = 'approval.given', argument = @argument
             WHERE id = @id AND state = 'awaiting_approval'
            RETURNING lead_id, id)
        INSERT INTO touch_event (recorded_at, lead_id, touch_id, state, code, argument)
        SELECT @now, lead_id, id, 'planned', 'approval.given', @argument FROM approved
        """;

    private const string ReturnSql = """
        WITH returned AS (
            UPDATE touch
               SET state = 'returned', hold_until = NULL, settled_at = @now, code = 'approval.refused', argument = @argument
             WHERE id = @id AND state = 'awaiting_approval'
            RETURNING lead_id, id)
        INSERT INTO touch_event (recorded_at, lead_id, touch_id, state, code, argument)
        SELECT @now, lead_id, id, 'returned', 'approval.refused', @argument FROM returned
        """;

    /// <summary>False where the touch does not wait for approval (any more).</summary>
    public async Task<bool> ApproveAsync(
        ApprovalDecision decision,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => await database.ExecuteAsync(ApproveSql, Parameters(decision, now), cancellationToken) == 1;

    /// <summary>Ends the touch, and lets its track go on; false where it does not wait for approval (any more).</summary>
    public async Task<bool> ReturnAsync(
        ApprovalDecision decision,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await EnrollmentWake.WakeAsync(transaction, [decision.Touch], now, cancellationToken);
        var returned = await transaction.ExecuteAsync(ReturnSql, Parameters(decision, now), cancellationToken) == 1;
        await transaction.CommitAsync(cancellationToken);
        return returned;
    }

    private static object Parameters(ApprovalDecision decision, DateTimeOffset now) =>
        new
        {
            id = decision.Touch,
            by = decision.By,
            argument = decision.Reason is null ? decision.By : $"{decision.By}: {decision.Reason}",
            now,
        };
}

/// <summary>
/// Who decided on a touch (the name of an API key), and why in their own words; null where they gave none.
/// </summary>
public sealed record ApprovalDecision(Guid Touch, string By, string? Reason);
