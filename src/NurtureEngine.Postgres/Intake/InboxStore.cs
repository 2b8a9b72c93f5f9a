using Npgsql;

namespace NurtureEngine.Postgres.Intake;

/// <summary>Keeps what comes in, raw, once per source and event id.</summary>
public sealed class InboxStore(NpgsqlDataSource database)
{
    // A repeat finds its key taken and changes nothing; it is as durable as the first.
    private const string AppendAllSql = """
        INSERT INTO inbox (source, event_id, lane, also_lanes, type, received_at, body)
        SELECT source, event_id, lane, also_lanes, type, @now, body
          FROM unnest(@sources, @eventIds, @lanes, @alsoLanes, @types, @bodies) AS w (source, event_id, lane, also_lanes, type, body)
        ON CONFLICT (source, event_id) DO NOTHING
        """;

    private const string ListSql = """
        SELECT id, source, event_id, type, received_at, state, attempts, fault_code, fault, settled_at
          FROM inbox
         WHERE id < @before AND (@state::text IS NULL OR state = @state)
         ORDER BY id DESC
         LIMIT @limit + 1
        """;

    // The index that the lanes are taken by serves here too: the newest of each lane, and of those the newest.
    private const string ListPendingSql = """
        SELECT newest.*
          FROM generate_series(0, 63) AS lanes (lane)
         CROSS JOIN LATERAL (
               SELECT id, source, event_id, type, received_at, state, attempts, fault_code, fault, settled_at
                 FROM inbox
                WHERE inbox.lane = lanes.lane AND state = 'pending' AND id < @before
                ORDER BY id DESC
                LIMIT @limit + 1) AS newest
         ORDER BY newest.id DESC
         LIMIT @limit + 1
        """;

    private const string ReplaySql = """
        UPDATE inbox
           SET state = 'pending', attempts = 0, retry_at = NULL, fault_code = NULL, fault = NULL, settled_at = NULL
         WHERE id = @id AND state = 'dead'
        """;

    // In batches, so that no replay holds what others want for long.
    private const string ReplayAllSql = """
        WITH chosen AS MATERIALIZED (
            SELECT id
              FROM inbox
             WHERE state = 'dead'
               AND (@source::text IS NULL OR source = @source)
               AND (@type::text IS NULL OR type = @type)
               AND (@faultCode::text IS NULL OR fault_code = @faultCode)
               AND (@from::timestamptz IS NULL OR received_at >= @from)
               AND (@until::timestamptz IS NULL OR received_at <= @until)
             ORDER BY id
             LIMIT @limit
               FOR UPDATE SKIP LOCKED)
        UPDATE inbox
           SET state = 'pending', attempts = 0, retry_at = NULL, fault_code = NULL, fault = NULL, settled_at = NULL
          FROM chosen
         WHERE inbox.id = chosen.id
        """;

    private const string ForgetSql = """
        DELETE FROM inbox
         WHERE id IN (SELECT id FROM inbox WHERE received_at < @before AND state = 'applied' AND settled_at < @before LIMIT @limit)
        """;

    /// <summary>Stores events that came together, all or none; those that were stored before stay as they are.</summary>
    public Task AppendAllAsync(
        IReadOnlyList<IncomingEvent> events,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        database.ExecuteAsync(
            AppendAllSql,
            new
            {
                sources = events.ToArray(one => one.Source),
                eventIds = events.ToArray(one => one.EventId),
                lanes = events.ToArray(one => (short)one.Lane),
                alsoLanes = events.ToArray(one => one.AlsoLanes),
                types = events.ToArray(one => one.Type),
                bodies = events.ToArray(one => one.Body),
                now,
            },
            cancellationToken
        );

    /// <summary>The rows before an id, newest first; <paramref name="state"/> null means all.</summary>
    public async Task<Page<InboxRow, long>> ListAsync(
        string? state,
        long? before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var rows = await database.QueryAsync<InboxRow>(
            state == "pending" ? ListPendingSql : ListSql,
            new
            {
                state,
                before = before ?? long.MaxValue,
                limit,
            },
            cancellationToken
        );
        return Page.Of(rows, limit, row => row.Id);
    }

    /// <summary>Puts dead letters back in line, the oldest first; how many, at most <see cref="MostReplayed"/> at a time.</summary>
    public Task<int> ReplayAllAsync(ReplayFilter filter, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            ReplayAllSql,
            new
            {
                filter.Source,
                filter.Type,
                filter.FaultCode,
                filter.From,
                filter.Until,
                limit = MostReplayed,
            },
            cancellationToken
        );

    /// <summary>The most dead letters that one call replays.</summary>
    public const int MostReplayed = 10_000;

    /// <summary>
    /// How long an applied event is kept, so that a repeat is known: ten times as long as any sender that we know tries again. A dead
    /// letter is kept until somebody has seen to it.
    /// </summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Lets go of applied events that are older than they are kept; <paramref name="now"/> is business time. True where there may be more.</summary>
    public async Task<bool> ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(ForgetSql, new { before = now - Kept, limit = MostReplayed }, cancellationToken)
        == MostReplayed;

    /// <summary>Puts a dead letter back in line; false where there is no dead letter of that id.</summary>
    public async Task<bool> ReplayAsync(long id, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(ReplaySql, new { id }, cancellationToken) == 1;
}

/// <summary>Which dead letters are meant: all that fit what is given; null fits all.</summary>
public sealed record ReplayFilter(
    string? Source,
    string? Type,
    string? FaultCode,
    DateTimeOffset? From,
    DateTimeOffset? Until
);

/// <summary>An event that came in, with the lane of what it is about.</summary>
public sealed record IncomingEvent(string Source, string EventId, int Lane, string Type, byte[] Body)
{
    /// <summary>The other lanes in which it keeps its place, as <see cref="Core.Intake.Lanes.Others"/> has them.</summary>
    public long? AlsoLanes { get; init; }
}

/// <summary>An inbox row without its body.</summary>
public sealed record InboxRow
{
    public long Id { get; init; }
    public string Source { get; init; } = "";
    public string EventId { get; init; } = "";
    public string Type { get; init; } = "";
    public DateTimeOffset ReceivedAt { get; init; }
    public string State { get; init; } = "";
    public int Attempts { get; init; }
    public string? FaultCode { get; init; }
    public string? Fault { get; init; }
    public DateTimeOffset? SettledAt { get; init; }
}
