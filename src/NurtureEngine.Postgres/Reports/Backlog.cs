using Npgsql;

namespace NurtureEngine.Postgres.Reports;

/// <summary>How much work waits, for whoever watches the engine.</summary>
public sealed class BacklogStore(NpgsqlDataSource database)
{
    // Each over an index of what waits, up to a bound, so that a look costs little however much there is: enrollments are found by version,
    // planned touches by channel.
    private const string Sql = """
        SELECT (SELECT count(*) FROM (SELECT FROM inbox WHERE state = 'dead' LIMIT @bound) AS w) AS inbox_dead,
               (SELECT sum(w.count)
                  FROM generate_series(0, 63) AS lane
                 CROSS JOIN LATERAL (
                       SELECT count(*) FROM (SELECT FROM inbox WHERE inbox.lane = lane.lane AND state = 'pending' LIMIT @bound) AS p) AS w)::bigint
                   AS inbox_pending,
               (SELECT COALESCE(sum(w.count), 0)
                  FROM track_version v
                 CROSS JOIN LATERAL (
                       SELECT count(*)
                         FROM (SELECT FROM enrollment WHERE track_version_id = v.id AND state = 0 AND due_at <= @now LIMIT @bound) AS p) AS w)::bigint
                   AS enrollments_due,
               (SELECT count(*) FROM (SELECT FROM enrollment WHERE state = 3 LIMIT @bound) AS w) AS enrollments_parked,
               due.count AS touches_due,
               (SELECT count(*) FROM (SELECT FROM touch WHERE state = 'awaiting_approval' LIMIT @bound) AS w) AS touches_awaiting_approval,
               (SELECT count(*) FROM (SELECT FROM touch WHERE state = 'uncertain' LIMIT @bound) AS w) AS touches_uncertain,
               COALESCE(extract(epoch FROM @now - due.oldest), 0)::float8 AS oldest_touch_seconds
          FROM (SELECT COALESCE(sum(w.count), 0)::bigint AS count, min(w.oldest) AS oldest
                  FROM unnest(@channels) AS known (channel)
                 CROSS JOIN LATERAL (
                       SELECT count(*) AS count, min(due_at) AS oldest
                         FROM (SELECT due_at FROM touch
                                WHERE state = 'planned' AND touch.channel = known.channel AND due_at <= @now
                                ORDER BY due_at LIMIT @bound) AS p) AS w) AS due
        """;

    /// <param name="channels">The channels whose touches are counted.</param>
    /// <param name="now">Business time.</param>
    /// <param name="bound">What is counted to at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Backlog> ReadAsync(
        string[] channels,
        DateTimeOffset now,
        int bound,
        CancellationToken cancellationToken
    ) =>
        (
            await database.QueryAsync<Backlog>(
                Sql,
                new
                {
                    channels,
                    now,
                    bound,
                },
                cancellationToken
            )
        ).Single();
}

/// <summary>What waits, each up to the bound that was asked for.</summary>
public sealed record Backlog
{
    public long InboxPending { get; init; }
    public long InboxDead { get; init; }
    public long EnrollmentsDue { get; init; }
    public long EnrollmentsParked { get; init; }
    public long TouchesDue { get; init; }
    public long TouchesAwaitingApproval { get; init; }
    public long TouchesUncertain { get; init; }

    /// <summary>For how long the oldest touch that is due has waited, in seconds of business time.</summary>
    public double OldestTouchSeconds { get; init; }
}
