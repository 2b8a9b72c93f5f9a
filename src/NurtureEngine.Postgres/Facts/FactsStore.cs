using Npgsql;

namespace NurtureEngine.Postgres.Facts;

/// <summary>Opens lanes of the inbox, one worker at a time on each.</summary>
public sealed class FactsStore(NpgsqlDataSource database)
{
    // The first key of the two-part advisory locks that lanes use.
    private const int LaneLock = 0x4E75;

    private const string PendingLanesSql = """
        SELECT lane::int
          FROM generate_series(0, 63) AS lane
         WHERE EXISTS (SELECT 1 FROM inbox WHERE inbox.lane = lane.lane AND state = 'pending')
        """;

    // A batch looks up its own few hundred rows, however many there are: by their keys, never by reading whole tables, which looks cheaper
    // to the planner while they are small.
    private const string TakeSql = """
        SELECT pg_try_advisory_xact_lock(@LaneLock, @lane)
          FROM (SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
                       set_config('enable_seqscan', 'off', true)) AS plans
        """;

    // A row that failed keeps its place: what waits behind it may be about the same lead.
    private const string PendingSql = """
        SELECT id, source, event_id, body
          FROM inbox
         WHERE lane = @lane
           AND state = 'pending'
           AND id < COALESCE(
               (SELECT min(held.id)
                  FROM inbox held
                 WHERE held.lane = @lane AND held.state = 'pending' AND held.retry_at IS NOT NULL AND held.retry_at > clock_timestamp()),
               9223372036854775807)
         ORDER BY id
         LIMIT @limit
        """;

    private const string FailSql = """
        UPDATE inbox
           SET attempts = attempts + 1,
               retry_at = CASE WHEN attempts + 1 < @most THEN clock_timestamp() + @wait END,
               state = CASE WHEN attempts + 1 < @most THEN 'pending' ELSE 'dead' END,
               fault_code = CASE WHEN attempts + 1 < @most THEN NULL ELSE 'event.failed' END,
               fault = @fault,
               settled_at = CASE WHEN attempts + 1 < @most THEN NULL ELSE @now END
         WHERE id = @id AND state = 'pending'
        """;

    /// <summary>The lanes in which something waits.</summary>
    public async Task<IReadOnlyList<int>> FindPendingLanesAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync<int>(PendingLanesSql, null, cancellationToken);

    /// <summary>
    /// Takes a lane for one transaction, with its oldest rows; null where another worker has it or nothing waits. The caller
    /// disposes it, which gives back what was not committed.
    /// </summary>
    public async Task<FactsLane?> TakeLaneAsync(int lane, int limit, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        NpgsqlTransaction transaction;
        try
        {
            transaction = await connection.BeginTransactionAsync(cancellationToken);
            var isMine = await transaction.QuerySingleAsync<bool>(TakeSql, new { LaneLock, lane }, cancellationToken);
            var rows = isMine
                ? await transaction.QueryAsync<PendingEvent>(PendingSql, new { lane, limit }, cancellationToken)
                : [];
            if (rows.Count > 0)
            {
                return new FactsLane(connection, transaction, rows);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await transaction.DisposeAsync();
        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Counts a failed attempt on a row; the last one makes it a dead letter.</summary>
    public async Task FailAsync(
        long id,
        string fault,
        int mostAttempts,
        TimeSpan wait,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        await database.ExecuteAsync(
            FailSql,
            new
            {
                id,
                fault,
                most = mostAttempts,
                wait,
                now,
            },
            cancellationToken
        );
}

/// <summary>An inbox row that waits to be applied.</summary>
public sealed record PendingEvent
{
    public long Id { get; init; }
    public string Source { get; init; } = "";
    public string EventId { get; init; } = "";
    public byte[] Body { get; init; } = [];
}
