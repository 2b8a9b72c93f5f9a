using Npgsql;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Postgres.Touches;

/// <summary>A person's word on touches of which nobody knows whether they left. Their tracks have gone on long since.</summary>
public sealed class TouchSettle(NpgsqlDataSource database)
{
    // Rows are locked in the order of their keys, as by every writer. What did not leave gives its place under the caps back.
    private const string SettleSql = """
        WITH uncertain AS MATERIALIZED (
            SELECT lead_id, id
              FROM touch
             WHERE state = 'uncertain'
               AND (@ids::uuid[] IS NULL OR id = ANY(@ids))
               AND settled_at <= @until
             ORDER BY lead_id, id
             LIMIT @limit
               FOR UPDATE),
        settled AS (
            UPDATE touch
               SET state = @state, code = 'operator.settled', argument = @by
              FROM uncertain
             WHERE touch.lead_id = uncertain.lead_id AND touch.id = uncertain.id
            RETURNING touch.lead_id, touch.id),
        released AS (
            DELETE FROM reservation
             USING settled
             WHERE reservation.lead_id = settled.lead_id AND reservation.touch_id = settled.id AND @state = 'rejected')
        INSERT INTO touch_event (recorded_at, lead_id, touch_id, state, code, argument)
        SELECT @now, lead_id, id, @state, 'operator.settled', @by FROM settled
        """;

    /// <summary>The most touches that one call settles.</summary>
    public const int Most = 10_000;

    /// <summary>Settles uncertain touches; how many there were. Others are left as they are.</summary>
    public Task<int> SettleAsync(
        SettleOrder order,
        string by,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        database.ExecuteAsync(
            SettleSql,
            new
            {
                ids = order.Touches,
                until = order.Until ?? now,
                state = order.HaveLeft ? TouchState.Accepted : TouchState.Rejected,
                limit = Most,
                by,
                now,
            },
            cancellationToken
        );
}

/// <summary>
/// Which uncertain touches are settled, and how: these (null for all), those that became uncertain up to a moment (business time, null
/// for now), as having left or not.
/// </summary>
public sealed record SettleOrder(Guid[]? Touches, DateTimeOffset? Until, bool HaveLeft);
