using System.Text.Json;
using Npgsql;
using NurtureEngine.Core.Outgoing;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Postgres.Outgoing;

/// <summary>Messages to other systems and colleagues, written with what causes them and sent afterwards: at least once each.</summary>
public sealed class OutboxStore(NpgsqlDataSource database)
{
    private const string AddSql = """
        INSERT INTO outbox (id, lead_id, kind, target, content, created_at)
        SELECT id, lead_id, kind, target, content::jsonb, @now
          FROM unnest(@ids, @leads, @kinds, @targets, @contents) AS w (id, lead_id, kind, target, content)
        ON CONFLICT (id) DO NOTHING
        """;

    // SKIP LOCKED lets hosts send side by side; what a host has taken comes back when its time is over.
    private const string TakeSql = """
        WITH due AS MATERIALIZED (
            SELECT id
              FROM outbox
             WHERE state = 'waiting' AND retry_at <= clock_timestamp()
             ORDER BY retry_at
             LIMIT @limit
               FOR UPDATE SKIP LOCKED)
        UPDATE outbox
           SET attempts = attempts + 1, lease = @lease, retry_at = clock_timestamp() + @hold
          FROM due
         WHERE outbox.id = due.id
        RETURNING outbox.id, outbox.lead_id, outbox.kind, outbox.target, outbox.content::text AS content, outbox.attempts
        """;

    private const string SettleSql = """
        UPDATE outbox
           SET state = w.state, fault = w.fault, lease = NULL, attempts = attempts - CASE WHEN w.is_tried THEN 0 ELSE 1 END,
               retry_at = clock_timestamp() + w.wait, settled_at = CASE WHEN w.state <> 'waiting' THEN @now END
          FROM unnest(@ids, @states, @faults, @waits, @tried) AS w (id, state, fault, wait, is_tried)
         WHERE outbox.id = w.id AND outbox.lease = @lease
        """;

    private const string ListSql = """
        SELECT id, lead_id, kind, target, state, attempts, fault, created_at, settled_at
          FROM outbox
         WHERE id > @after AND (@state::text IS NULL OR state = @state)
         ORDER BY id
         LIMIT @limit + 1
        """;

    private const string RetrySql = """
        UPDATE outbox SET state = 'waiting', attempts = 0, fault = NULL, settled_at = NULL, retry_at = clock_timestamp()
         WHERE id = @id AND (state = 'dead' OR (state = 'waiting' AND lease IS NULL))
        """;

    /// <summary>Takes what is to be sent now; nobody else takes it within <paramref name="hold"/>.</summary>
    public async Task<IReadOnlyList<OutboxRow>> TakeAsync(
        int limit,
        Guid lease,
        TimeSpan hold,
        CancellationToken cancellationToken
    ) =>
        await database.QueryAsync<OutboxRow>(
            TakeSql,
            new
            {
                limit,
                lease,
                hold,
            },
            cancellationToken
        );

    /// <summary>Writes down what became of messages that this lease has taken.</summary>
    public Task SettleAsync(
        IReadOnlyList<OutboxOutcome> outcomes,
        Guid lease,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        database.ExecuteAsync(
            SettleSql,
            new
            {
                ids = outcomes.ToArray(row => row.Id),
                states = outcomes.ToArray(row => row.State),
                faults = outcomes.ToArray(row => row.Fault),
                waits = outcomes.ToArray(row => row.RetryAfter ?? TimeSpan.Zero),
                tried = outcomes.ToArray(row => row.IsTried),
                lease,
                now,
            },
            cancellationToken
        );

    /// <summary>The messages behind an id, without their contents; <paramref name="state"/> null means all.</summary>
    public async Task<Page<OutboxEntry, Guid>> ListAsync(
        string? state,
        Guid? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var rows = await database.QueryAsync<OutboxEntry>(
            ListSql,
            new
            {
                state,
                after = after ?? Guid.Empty,
                limit,
            },
            cancellationToken
        );
        return Page.Of(rows, limit, row => row.Id);
    }

    /// <summary>Has a message that was given up, or that waits for another attempt, sent now; false where there is none of that id.</summary>
    public async Task<bool> RetryAsync(Guid id, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(RetrySql, new { id }, cancellationToken) == 1;

    private static string KindOf(OutboxMessage message) =>
        message switch
        {
            OutboxMessage.Email => OutboxRow.Email,
            OutboxMessage.Alert => OutboxRow.Alert,
            _ => OutboxRow.Webhook,
        };

    internal static Task AddAsync(
        NpgsqlTransaction transaction,
        List<(DueEnrollment Enrollment, OutboxMessage Message)> rows,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        rows.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                AddSql,
                new
                {
                    ids = rows.ToArray(row => row.Message.Id),
                    leads = rows.ToArray(row => row.Enrollment.LeadId),
                    kinds = rows.ToArray(row => KindOf(row.Message)),
                    targets = rows.ToArray(row => row.Message.Target),
                    contents = rows.ToArray(row => JsonSerializer.Serialize<object>(row.Message)),
                    now,
                },
                cancellationToken
            );
}

/// <summary>A message that is to be sent now.</summary>
public sealed record OutboxRow
{
    internal const string Email = "email";
    internal const string Alert = "alert";
    internal const string Webhook = "webhook";

    public Guid Id { get; init; }
    public long LeadId { get; init; }
    public string Kind { get; init; } = "";
    public string Target { get; init; } = "";
    public string Content { get; init; } = "";

    /// <summary>This attempt, counted from 1.</summary>
    public int Attempts { get; init; }

    public OutboxMessage ToMessage() =>
        Kind switch
        {
            Email => JsonSerializer.Deserialize<OutboxMessage.Email>(Content)!,
            Alert => JsonSerializer.Deserialize<OutboxMessage.Alert>(Content)!,
            Webhook => JsonSerializer.Deserialize<OutboxMessage.Webhook>(Content)!,
            // Of a newer program; it waits for a host that knows it.
            _ => throw new InvalidOperationException($"A message of kind '{Kind}' is not known here."),
        };
}

/// <summary>What became of an attempt: <c>sent</c>, <c>dead</c>, or <c>waiting</c> for another one after a while.</summary>
public sealed record OutboxOutcome(Guid Id, string State, string? Fault, TimeSpan? RetryAfter)
{
    /// <summary>Whether it was sent; what is only put off costs no attempt.</summary>
    public bool IsTried { get; init; } = true;
}

/// <summary>A message without its content.</summary>
public sealed record OutboxEntry
{
    public Guid Id { get; init; }
    public long LeadId { get; init; }
    public string Kind { get; init; } = "";
    public string Target { get; init; } = "";
    public string State { get; init; } = "";
    public int Attempts { get; init; }
    public string? Fault { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? SettledAt { get; init; }
}
