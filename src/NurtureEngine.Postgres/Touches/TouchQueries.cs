using Npgsql;
using NurtureEngine.Core.Contents;

namespace NurtureEngine.Postgres.Touches;

/// <summary>Shows touches, drafts and tasks to people.</summary>
public sealed class TouchQueries(NpgsqlDataSource database)
{
    private const string SelectSql = """
        SELECT t.lead_id, t.id, tr.definition_id AS track, t.step, t.channel, c.key AS content, t.state,
               -- While sending is stopped nothing is claimed, and so nothing written: what waits for its release is told here.
               CASE WHEN t.state = 'planned' AND EXISTS (SELECT FROM sending_stop s WHERE s.channel = t.channel) THEN 'sending.stopped' ELSE t.code END AS code,
               t.argument,
               t.due_at, t.planned_at, t.settled_at, t.attempts, t.approved_by, t.approved_at, t.hold_until
          FROM touch t
          JOIN enrollment e ON e.lead_id = t.lead_id AND e.id = t.enrollment_id
          JOIN track tr ON tr.id = e.track_id
          JOIN content_version c ON c.id = t.content_version_id
        """;

    private const string ListSql = $"""
        {SelectSql}
         WHERE (t.lead_id, t.id) > (@afterLead, @afterId)
           AND (@leadId::bigint IS NULL OR t.lead_id = @leadId)
           AND (@state::text IS NULL OR t.state = @state)
         ORDER BY t.lead_id, t.id
         LIMIT @limit + 1
        """;

    private const string FindSql = $"""
        {SelectSql}
         WHERE t.id = @id
        """;

    private const string DraftSql =
        "SELECT language, subject, preheader, html, text FROM draft WHERE lead_id = @leadId AND touch_id = @id";

    private const string TasksSql = """
        SELECT lead_id, id, kind, state, subject, due_at, created_at, closed_by, closed_at
          FROM task
         WHERE (lead_id, id) > (@afterLead, @afterId) AND (@state::text IS NULL OR state = @state)
         ORDER BY lead_id, id
         LIMIT @limit + 1
        """;

    public async Task<Page<TouchRow, (long LeadId, Guid Id)>> ListAsync(
        long? leadId,
        string? state,
        (long LeadId, Guid Id)? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var parameters = new
        {
            leadId,
            state,
            afterLead = after?.LeadId ?? 0,
            afterId = after?.Id ?? Guid.Empty,
            limit,
        };
        var rows = await database.QueryAsync<TouchRow>(ListSql, parameters, cancellationToken);
        return Page.Of(rows, limit, row => (row.LeadId, row.Id));
    }

    public async Task<TouchRow?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<TouchRow>(FindSql, new { id }, cancellationToken);

    /// <summary>The message as the approver sees it; null where the touch never needed a person.</summary>
    public async Task<RenderedEmail?> FindDraftAsync(long leadId, Guid id, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<RenderedEmail>(DraftSql, new { leadId, id }, cancellationToken);

    public async Task<Page<TaskRow, (long LeadId, Guid Id)>> ListTasksAsync(
        string? state,
        (long LeadId, Guid Id)? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var parameters = new
        {
            state,
            afterLead = after?.LeadId ?? 0,
            afterId = after?.Id ?? Guid.Empty,
            limit,
        };
        var rows = await database.QueryAsync<TaskRow>(TasksSql, parameters, cancellationToken);
        return Page.Of(rows, limit, row => (row.LeadId, row.Id));
    }
}

public sealed record TouchRow
{
    public long LeadId { get; init; }
    public Guid Id { get; init; }
    public string Track { get; init; } = "";
    public string Step { get; init; } = "";
    public string Channel { get; init; } = "";
    public string Content { get; init; } = "";
    public string State { get; init; } = "";
    public string? Code { get; init; }
    public string? Argument { get; init; }
    public DateTimeOffset DueAt { get; init; }
    public DateTimeOffset PlannedAt { get; init; }
    public DateTimeOffset? SettledAt { get; init; }
    public int Attempts { get; init; }
    public string? ApprovedBy { get; init; }
    public DateTimeOffset? ApprovedAt { get; init; }
    public DateTimeOffset? HoldUntil { get; init; }
}

public sealed record TaskRow
{
    public long LeadId { get; init; }
    public Guid Id { get; init; }
    public string Kind { get; init; } = "";
    public string State { get; init; } = "";
    public string? Subject { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public string? ClosedBy { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
}
