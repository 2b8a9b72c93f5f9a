using Npgsql;

namespace NurtureEngine.Postgres.Reports;

/// <summary>How much work waits, for whoever watches the engine.</summary>
public sealed class BacklogStore(NpgsqlDataSource database)
{
    // Counted up to a bound, each over an index of what waits: a look costs little, however much there is.
    private const string Sql = """
        SELECT (SELECT count(*) FROM (SELECT FROM inbox WHERE state = 'pending' LIMIT @bound) AS w) AS inbox_pending,
               (SELECT count(*) FROM (SELECT FROM inbox WHERE state = 'dead' LIMIT @bound) AS w) AS inbox_dead,
               (SELECT count(*) FROM (SELECT FROM enrollment WHERE due_at <= @now LIMIT @bound) AS w) AS enrollments_due,
               (SELECT count(*) FROM (SELECT FROM enrollment WHERE state = 3 LIMIT @bound) AS w) AS enrollments_parked,
               (SELECT count(*) FROM (SELECT FROM touch WHERE state = 'planned' AND due_at <= @now LIMIT @bound) AS w) AS touches_due,
               (SELECT count(*) FROM (SELECT FROM touch WHERE state = 'awaiting_approval' LIMIT @bound) AS w) AS touches_awaiting_approval,
               (SELECT count(*) FROM (SELECT FROM touch WHERE state = 'uncertain' LIMIT @bound) AS w) AS touches_uncertain,
               COALESCE((SELECT extract(epoch FROM @now - min(due_at)) FROM touch WHERE state = 'planned' AND due_at <= @now), 0)::float8
                   AS oldest_touch_seconds
        """;

    /// <param name="now">Business time.</param>
    /// <param name="bound">What is counted to at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Backlog> ReadAsync(DateTimeOffset now, int bound, CancellationToken cancellationToken) =>
        (await database.QueryAsync<Backlog>(Sql, new { now, bound }, cancellationToken)).Single();
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
