using Npgsql;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Postgres.Reports;

/// <summary>What came of tracks and of cohorts of leads: each reads whole tables.</summary>
public sealed class TrackResults(NpgsqlDataSource database)
{
    private const string StandingSql = """
        SELECT t.definition_id AS row,
               CASE e.state WHEN 0 THEN 'active' WHEN 1 THEN 'track.completed' WHEN 3 THEN 'parked' WHEN 4 THEN 'paused' ELSE COALESCE(e.code, 'exited') END AS column,
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

    private const string MailSql = """
        SELECT t.definition_id AS row, f.state AS column, count(DISTINCT (f.lead_id, f.touch_id)) AS count
          FROM (SELECT lead_id, touch_id, state FROM touch_event WHERE code = 'feedback' AND state IN ('opened', 'clicked', 'bounced', 'bounced_softly')
                 UNION ALL
                SELECT lead_id, id, 'sent' FROM touch WHERE state = 'accepted') AS f
          JOIN touch m ON m.lead_id = f.lead_id AND m.id = f.touch_id
          JOIN content_version c ON c.id = m.content_version_id
          JOIN enrollment e ON e.lead_id = m.lead_id AND e.id = m.enrollment_id
          JOIN track t ON t.id = e.track_id
         WHERE c.key = ANY(@contents)
         GROUP BY 1, 2
        """;

    // The move that led into a track is no later than the entry.
    private const string ReachedSql = """
        SELECT t.definition_id AS row, CASE WHEN e.code IN ('goal.reached', 'stage.advanced') OR EXISTS (
                   SELECT FROM stage_move m
                    WHERE m.lead_id = e.lead_id AND m.life_cycle = w.life_cycle AND m.since > e.entered_at AND m.since <= e.ended_at
                      AND array_position(@stages, m.life_cycle || ' ' || m.to_stage) > array_position(@stages, m.life_cycle || ' ' || m.from_stage))
               THEN 'reached' ELSE 'not reached' END AS column,
               count(*) AS count
          FROM unnest(@tracks, @lifeCycles) AS w (definition_id, life_cycle)
          JOIN track t USING (definition_id)
          JOIN enrollment e ON e.track_id = t.id
         WHERE e.ended_at IS NOT NULL
         GROUP BY 1, 2
        """;

    // A cohort is the leads who came to the life cycle in one month. A lead who jumps has passed the stages between.
    private const string CohortSql = """
        WITH first AS (
            SELECT DISTINCT ON (lead_id) lead_id, to_stage, since FROM stage_move WHERE life_cycle = @lifeCycle ORDER BY lead_id, id),
        furthest AS (
            SELECT lead_id, max(array_position(@stages, to_stage)) AS place FROM stage_move WHERE life_cycle = @lifeCycle GROUP BY lead_id)
        SELECT CASE WHEN first.to_stage = ANY(@customers) THEN '' ELSE to_char(first.since AT TIME ZONE 'UTC', 'YYYY-MM') END AS row,
               @stages[passed.place] AS column,
               count(*) AS count
          FROM first
          JOIN furthest USING (lead_id)
         CROSS JOIN LATERAL generate_series(1, furthest.place) AS passed (place)
         GROUP BY 1, 2
        """;

    /// <summary>Where enrollments stand (<c>active</c>, <c>paused</c>, <c>parked</c>), or the code with which they ended, by track.</summary>
    public Task<List<Tally>> StandingAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<Tally>(StandingSql, null, cancellationToken);

    /// <summary>Leads who were not let into a track, by track and the code why.</summary>
    public Task<List<Tally>> DeclinedAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<Tally>(DeclinedSql, null, cancellationToken);

    /// <summary>
    /// E-mails with some contents (keys), by track: <c>sent</c>, and those that were <c>opened</c> or <c>clicked</c> by a person, <c>bounced</c> or
    /// <c>bounced_softly</c>.
    /// </summary>
    public Task<List<Tally>> MailAsync(string[] contents, CancellationToken cancellationToken) =>
        database.QueryAsync<Tally>(MailSql, new { contents }, cancellationToken);

    /// <summary>
    /// Enrollments that are over, by track: <c>reached</c> where the lead came to the goal or to a later stage of the track's life cycle while they
    /// were in it, else <c>not reached</c>.
    /// </summary>
    /// <param name="tracks">The tracks, by definition id, each with its life cycle.</param>
    /// <param name="lifeCycles">The life cycles, whose stages are in their order.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<List<Tally>> ReachedAsync(
        IReadOnlyList<(string Track, string LifeCycle)> tracks,
        IEnumerable<LifeCycle> lifeCycles,
        CancellationToken cancellationToken
    ) =>
        database.QueryAsync<Tally>(
            ReachedSql,
            new
            {
                tracks = tracks.ToArray(track => track.Track),
                lifeCycles = tracks.ToArray(track => track.LifeCycle),
                stages = lifeCycles
                    .SelectMany(cycle => cycle.Stages.Select(stage => $"{cycle.Name} {stage.Name}"))
                    .ToArray(),
            },
            cancellationToken
        );

    /// <summary>
    /// Leads by the month (UTC) in which they came to a life cycle, and the stages that they have come to since, or passed; under an empty row
    /// those who came at one of the stages of <paramref name="customers"/>.
    /// </summary>
    public Task<List<Tally>> CohortsAsync(
        LifeCycle lifeCycle,
        string[] customers,
        CancellationToken cancellationToken
    ) =>
        database.QueryAsync<Tally>(
            CohortSql,
            new
            {
                lifeCycle = lifeCycle.Name,
                stages = lifeCycle.Stages.Select(stage => stage.Name).ToArray(),
                customers,
            },
            cancellationToken
        );
}
