using Npgsql;

namespace NurtureEngine.Postgres.Intake;

/// <summary>Keeps what comes in, raw, once per source and event id.</summary>
public sealed class InboxStore(NpgsqlDataSource database)
{
    // A repeat finds its key taken and changes nothing; it is as durable as the first.
    private const string AppendSql = """
        INSERT INTO inbox (source, event_id, lane, type, received_at, body)
        VALUES (@source, @eventId, @lane, @type, @now, @body)
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

    /// <summary>Stores an event; false where it was stored before.</summary>
    public async Task<bool> AppendAsync(
        string source,
        string eventId,
        int lane,
        string type,
        byte[] body,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var stored = await database.ExecuteAsync(
            AppendSql,
            new
            {
                source,
                eventId,
                lane = (short)lane,
                type,
                body,
                now,
            },
            cancellationToken
        );
        return stored == 1;
    }

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

    /// <summary>Puts a dead letter back in line; false where there is no dead letter of that id.</summary>
    public async Task<bool> ReplayAsync(long id, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(ReplaySql, new { id }, cancellationToken) == 1;
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
