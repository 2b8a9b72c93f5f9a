using Npgsql;
using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Facts;

namespace NurtureEngine.Postgres.Facts;

/// <summary>Opens lanes of the inbox, one worker at a time on each.</summary>
public sealed class FactsStore(NpgsqlDataSource database, ChannelSet channels)
{
    // The first key of the two-part advisory locks that lanes use.
    private const int LaneLock = 0x4E75;

    private const string PendingLanesSql = """
        SELECT lane::int
          FROM generate_series(0, 63) AS lane
         WHERE EXISTS (SELECT 1 FROM inbox WHERE inbox.lane = lane.lane AND state = 'pending')
            OR EXISTS (SELECT 1 FROM import_chunk c WHERE c.lane = lane.lane)
        """;

    // A batch looks up its own few hundred rows, however many there are: by their keys, never by reading whole tables, which looks cheaper
    // to the planner while they are small. Nor is the disk waited for: should the server fall before the commit is on it, the rows are still
    // pending and are applied again; and whatever leaves the house is committed later, with all before it.
    private const string TakeSql = """
        SELECT pg_try_advisory_xact_lock(@LaneLock, @lane)
          FROM (SELECT set_config('enable_seqscan', 'off', true), set_config('synchronous_commit', 'off', true)) AS plans
        """;

    // A row that failed keeps its place: what waits behind it may be about the same lead. So does one that is about leads of other lanes
    // too: what came after it waits there as well, and it waits for what came there before. All wait for what is older, so none for ever.
    private const string PendingSql = """
        SELECT id, source, event_id, body
          FROM inbox
         WHERE lane = @lane
           AND state = 'pending'
           AND id < LEAST(
               (SELECT min(held.id)
                  FROM inbox held
                 WHERE held.lane = @lane AND held.state = 'pending' AND held.retry_at IS NOT NULL AND held.retry_at > clock_timestamp()),
               (SELECT min(crossing.id)
                  FROM inbox crossing
                 WHERE crossing.state = 'pending' AND crossing.also_lanes IS NOT NULL AND crossing.also_lanes >> @lane & 1 = 1),
               (SELECT own.id
                     + CASE
                       WHEN EXISTS (
                           SELECT FROM generate_series(0, 63) AS other
                            WHERE own.also_lanes >> other & 1 = 1
                              AND EXISTS (SELECT FROM inbox older WHERE older.lane = other AND older.state = 'pending' AND older.id < own.id))
                       THEN 0 ELSE 1 END
                  FROM inbox own
                 WHERE own.state = 'pending' AND own.also_lanes IS NOT NULL AND own.lane = @lane
                 ORDER BY own.id
                 LIMIT 1),
               9223372036854775807)
         ORDER BY id
         LIMIT @limit
        """;

    // What a CRM tells goes before what a file says, also while it has to wait.
    private const string ChunkSql = """
        SELECT c.id, c.import_id, c.count, c.done, c.body
          FROM import_chunk c
         WHERE c.lane = @lane AND NOT EXISTS (SELECT FROM inbox WHERE inbox.lane = @lane AND state = 'pending')
         ORDER BY c.id
         LIMIT 1
           FOR UPDATE
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
            var chunks =
                isMine && rows.Count == 0
                    ? await transaction.QueryAsync<PendingChunk>(
                        ChunkSql,
                        new { lane = (short)lane },
                        cancellationToken
                    )
                    : [];
            if (rows.Count > 0 || chunks.Count > 0)
            {
                return new FactsLane(connection, transaction, channels, rows, chunks.FirstOrDefault());
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

    private const string PassOverSql = """
        WITH passed AS (
            UPDATE import_chunk SET done = done + 1 WHERE id = @id AND lane = @lane AND done = @done RETURNING import_id),
        counted AS (INSERT INTO import_result (import_id, created, changed, unchanged, refused) SELECT import_id, 0, 0, 0, 1 FROM passed)
        INSERT INTO import_fault (import_id, line, code, argument) SELECT import_id, @line, 'row.failed', @fault FROM passed
        """;

    /// <summary>
    /// Applies what is told of companies and opportunities without leads, in a transaction of its own, in which nobody waits for long.
    /// </summary>
    public async Task ApplyRecordsAsync(
        IReadOnlyList<InboxEvent> records,
        Func<KnownFacts, FactBatch> fold,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var known = await new FactsReader(transaction).ReadAsync(records, TimeSpan.Zero, cancellationToken);
        await new FactsWriter(transaction, channels, now).WriteAsync(fold(known), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Passes over a row of a file that can't be applied whatever is tried, and says so.</summary>
    public Task PassOverAsync(
        int lane,
        PendingChunk chunk,
        long line,
        string fault,
        CancellationToken cancellationToken
    ) =>
        database.ExecuteAsync(
            PassOverSql,
            new
            {
                chunk.Id,
                lane = (short)lane,
                chunk.Done,
                line,
                fault,
            },
            cancellationToken
        );

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

/// <summary>Rows of a file that wait to be applied; the first <c>Done</c> of them are.</summary>
public sealed record PendingChunk
{
    public long Id { get; init; }
    public Guid ImportId { get; init; }
    public int Count { get; init; }
    public int Done { get; init; }
    public byte[] Body { get; init; } = [];
}

/// <summary>An inbox row that waits to be applied.</summary>
public sealed record PendingEvent
{
    public long Id { get; init; }
    public string Source { get; init; } = "";
    public string EventId { get; init; } = "";
    public byte[] Body { get; init; } = [];
}
