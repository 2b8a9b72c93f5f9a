using Npgsql;

namespace NurtureEngine.Postgres.Reports;

/// <summary>Counts over everything that is there, for a look at a small database: each reads whole tables.</summary>
public sealed class Tallies(NpgsqlDataSource database)
{
    private const string NextDueSql = """
        SELECT min(due_at) FROM (
            SELECT min(due_at) AS due_at FROM enrollment WHERE state = 0 AND due_at > @now
             UNION ALL
            SELECT min(due_at) FROM touch WHERE state = 'planned' AND due_at > @now
             UNION ALL
            SELECT min(hold_until) FROM touch WHERE state = 'awaiting_approval' AND hold_until > @now) AS next
        """;

    // What came in, what left, and what people and machines did then: one row a figure. A lead may stand at a stage several times.
    private const string FiguresSql = """
        SELECT 'events' AS row, count(*) AS count FROM inbox WHERE source = @source AND state = 'applied'
         UNION ALL
        SELECT 'leads', count(*) FROM lead
         UNION ALL
        SELECT 'emails', count(*) FROM touch WHERE state = 'accepted'
         UNION ALL
        SELECT 'feedback.' || state, count(*) FROM touch_event WHERE code = 'feedback' GROUP BY state
         UNION ALL
        SELECT code, count(*) FROM touch_event WHERE code IN ('approval.given', 'approval.refused') GROUP BY code
         UNION ALL
        SELECT 'handoff.' || state, count(*) FROM handoff WHERE state <> 'offered' GROUP BY state
         UNION ALL
        SELECT 'task.done', count(*) FROM task WHERE state = 'done'
         UNION ALL
        SELECT 'stage.' || to_stage, count(DISTINCT lead_id) FROM stage_move GROUP BY to_stage
        """;

    private const string SentSql = """
        SELECT t.definition_id AS row, COALESCE(l.fields->>'role', 'unknown') AS column, count(*) AS count
          FROM touch m
          JOIN enrollment e ON e.lead_id = m.lead_id AND e.id = m.enrollment_id
          JOIN track t ON t.id = e.track_id
          JOIN lead l ON l.id = m.lead_id
         WHERE m.state = 'accepted'
         GROUP BY 1, 2
        """;

    private const string VerdictsSql = """
        SELECT m.code AS row, m.state AS column, count(DISTINCT (m.lead_id, m.touch_id)) AS count
          FROM touch_event m
         WHERE m.code IS NOT NULL AND m.code NOT IN ('feedback', 'approval.given', 'enrollment.resumed')
           AND m.state NOT IN ('claimed', 'handing', 'accepted')
         GROUP BY 1, 2
        """;

    private const string AwaitingSql = "SELECT count(*) FROM touch WHERE state = 'awaiting_approval'";

    private const string HandoffsSql = """
        SELECT t.definition_id AS row, h.state AS column, count(*) AS count
          FROM handoff h
          JOIN enrollment e ON e.lead_id = h.lead_id AND e.id = h.enrollment_id
          JOIN track t ON t.id = e.track_id
         GROUP BY 1, 2
        """;

    private const string ExampleSql = """
        SELECT m.lead_id, l.fields->>'name' AS name, a.fields->>'name' AS account, t.definition_id AS track, c.key AS content, m.recorded_at AS held_at,
               m.argument, touch.due_at, touch.settled_at
          FROM touch_event m
          JOIN touch ON touch.lead_id = m.lead_id AND touch.id = m.touch_id
          JOIN content_version c ON c.id = touch.content_version_id
          JOIN enrollment e ON e.lead_id = m.lead_id AND e.id = touch.enrollment_id
          JOIN track t ON t.id = e.track_id
          JOIN lead l ON l.id = m.lead_id
          LEFT JOIN account a ON a.id = l.account_id
         WHERE m.code = @code AND touch.state IN ('planned', 'accepted')
         ORDER BY m.recorded_at, m.lead_id
         LIMIT 1
        """;

    /// <summary>When something is next due after an instant of business time; null where nothing waits for a later moment.</summary>
    public async Task<DateTimeOffset?> FindNextDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        (await database.QueryAsync<DateTimeOffset?>(NextDueSql, new { now }, cancellationToken)).Single();

    /// <summary>
    /// What came in of a source, what left, and what people and machines did then: <c>events</c>, <c>leads</c>, <c>emails</c>,
    /// <c>feedback.opened</c> and its like, <c>stage.MQL</c> and its like (leads that came there), and so on. What never happened is not among them.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, long>> FiguresAsync(
        string source,
        CancellationToken cancellationToken
    ) =>
        (await database.QueryAsync<Tally>(FiguresSql, new { source }, cancellationToken)).ToDictionary(
            tally => tally.Row,
            tally => tally.Count
        );

    /// <summary>How many touches wait for a person's approval.</summary>
    public async Task<long> CountAwaitingAsync(CancellationToken cancellationToken) =>
        (await database.QueryAsync<long>(AwaitingSql, null, cancellationToken)).Single();

    /// <summary>Touches that left, by track and the lead's role.</summary>
    public Task<List<Tally>> SentAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<Tally>(SentSql, null, cancellationToken);

    /// <summary>Touches that did not leave when they were due, by the code of the decision and what became of them.</summary>
    public Task<List<Tally>> VerdictsAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<Tally>(VerdictsSql, null, cancellationToken);

    /// <summary>The first touch that a decision moved to a later moment, where it left or is planned still; null where there is none.</summary>
    public async Task<HeldTouch?> FindExampleAsync(string code, CancellationToken cancellationToken) =>
        (await database.QueryAsync<HeldTouch>(ExampleSql, new { code }, cancellationToken)).FirstOrDefault();

    /// <summary>Hand-offs by the track that made them, and what became of them.</summary>
    public Task<List<Tally>> HandoffsAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<Tally>(HandoffsSql, null, cancellationToken);
}

/// <summary>A number in a table.</summary>
public sealed record Tally
{
    public string Row { get; init; } = "";
    public string Column { get; init; } = "";
    public long Count { get; init; }
}

/// <summary>A touch that was moved to a later moment.</summary>
public sealed record HeldTouch
{
    public long LeadId { get; init; }
    public string? Name { get; init; }
    public string? Account { get; init; }
    public string Track { get; init; } = "";
    public string Content { get; init; } = "";
    public DateTimeOffset HeldAt { get; init; }
    public string? Argument { get; init; }

    /// <summary>For when it is planned now.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>When it left; null where it waits.</summary>
    public DateTimeOffset? SettledAt { get; init; }
}
