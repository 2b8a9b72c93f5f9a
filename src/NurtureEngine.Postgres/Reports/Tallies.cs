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

    private const string StandingSql = """
        SELECT t.definition_id AS row,
               CASE e.state WHEN 0 THEN 'inside' WHEN 1 THEN 'ran to the end' WHEN 3 THEN 'parked' WHEN 4 THEN 'held' ELSE COALESCE(e.code, 'left') END AS column,
               count(*) AS count
          FROM enrollment e JOIN track t ON t.id = e.track_id
         GROUP BY 1, 2
        """;

    private const string DeclinedSql = """
        SELECT arguments->>'track' AS row, arguments->>'code' AS column, count(DISTINCT lead_id) AS count
          FROM timeline
         WHERE kind = 'enrollment.declined'
         GROUP BY 1, 2
        """;

    private const string AwaitingSql = "SELECT count(*) FROM touch WHERE state = 'awaiting_approval'";

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
         WHERE m.code IS NOT NULL AND m.code NOT IN ('feedback', 'approval.given') AND m.state NOT IN ('claimed', 'handing', 'accepted')
         GROUP BY 1, 2
        """;

    private const string HandoffsSql = """
        SELECT t.definition_id AS row, h.state AS column, count(*) AS count
          FROM handoff h
          JOIN enrollment e ON e.lead_id = h.lead_id AND e.id = h.enrollment_id
          JOIN track t ON t.id = e.track_id
         GROUP BY 1, 2
        """;

    // Everybody who was ever there, and how many of them came from which stage: a lead that moved on has been there too.
    private const string StagesSql = """
        SELECT to_stage AS row, COALESCE(from_stage, '') AS column, count(DISTINCT lead_id) AS count
          FROM stage_move
         WHERE life_cycle = @lifeCycle
         GROUP BY 1, 2
         UNION ALL
        SELECT to_stage, 'all', count(DISTINCT lead_id) FROM stage_move WHERE life_cycle = @lifeCycle GROUP BY to_stage
        """;

    /// <summary>When something is next due after an instant of business time; null where nothing waits for a later moment.</summary>
    public async Task<DateTimeOffset?> FindNextDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        (await database.QueryAsync<DateTimeOffset?>(NextDueSql, new { now }, cancellationToken)).Single();

    /// <summary>Where enrollments stand, or how they ended, by track.</summary>
    public Task<List<Tally>> StandingAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<Tally>(StandingSql, null, cancellationToken);

    /// <summary>Leads who were not let into a track, by track and why.</summary>
    public Task<List<Tally>> DeclinedAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<Tally>(DeclinedSql, null, cancellationToken);

    /// <summary>How many touches wait for a person's yes.</summary>
    public async Task<long> CountAwaitingAsync(CancellationToken cancellationToken) =>
        (await database.QueryAsync<long>(AwaitingSql, null, cancellationToken)).Single();

    /// <summary>Touches that left, by track and the lead's role.</summary>
    public Task<List<Tally>> SentAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<Tally>(SentSql, null, cancellationToken);

    /// <summary>Touches that were held or left out at some time, by why.</summary>
    public Task<List<Tally>> VerdictsAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<Tally>(VerdictsSql, null, cancellationToken);

    /// <summary>Hand-offs by the track that made them, and what became of them.</summary>
    public Task<List<Tally>> HandoffsAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<Tally>(HandoffsSql, null, cancellationToken);

    /// <summary>Leads that have come to each stage of a life cycle, by the stage that they came from, and <c>all</c>.</summary>
    public Task<List<Tally>> StagesAsync(string lifeCycle, CancellationToken cancellationToken) =>
        database.QueryAsync<Tally>(StagesSql, new { lifeCycle }, cancellationToken);
}

/// <summary>A number in a table.</summary>
public sealed record Tally
{
    public string Row { get; init; } = "";
    public string Column { get; init; } = "";
    public long Count { get; init; }
}
