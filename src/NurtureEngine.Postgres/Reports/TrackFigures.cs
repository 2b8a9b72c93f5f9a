using Npgsql;
using NurtureEngine.Core.Reports;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Postgres.Reports;

/// <summary>Numbers of tracks for their pages. Those that read whole tables are kept for a minute.</summary>
public sealed class TrackFigures(NpgsqlDataSource database, TimeProvider machineTime) : IDisposable
{
    private const int Bound = 10_000;
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    private const string VersionsSql = """
        SELECT t.definition_id AS track, v.id, v.number, v.published_at, v.is_current, t.paused_at IS NOT NULL AS is_paused, v.definition,
               (SELECT count(*) FROM (
                   SELECT FROM enrollment e WHERE e.track_version_id = v.id AND e.state = 0 LIMIT @Bound) AS w)::int AS active
          FROM track t
          JOIN track_version v ON v.track_id = t.id
         WHERE @track::text IS NULL AND v.is_current OR t.definition_id = @track
         ORDER BY t.definition_id, v.number DESC
        """;

    // Through the slots' index, up to a bound: who asks wants to know how busy a track will be, not the last touch.
    private const string ComingSql = """
        SELECT t.definition_id AS track, count(*)::int AS count
          FROM unnest(@channels) AS known (channel)
         CROSS JOIN LATERAL (
               SELECT lead_id, enrollment_id
                 FROM touch
                WHERE state = 'planned' AND touch.channel = known.channel AND due_at < @until
                ORDER BY due_at
                LIMIT @Bound) AS planned
          JOIN enrollment e ON e.lead_id = planned.lead_id AND e.id = planned.enrollment_id
          JOIN track t ON t.id = e.track_id
         GROUP BY 1
        """;

    // The stage to which the lead had come when it ended, where a stage ended it.
    private const string EndsSql = """
        SELECT t.definition_id AS track, CASE e.state WHEN 1 THEN 'track.completed' ELSE COALESCE(e.code, 'exited') END AS code, m.to_stage AS stage,
               count(*)::int AS count
          FROM enrollment e
          JOIN track t ON t.id = e.track_id
          LEFT JOIN LATERAL (
               SELECT to_stage FROM stage_move WHERE stage_move.lead_id = e.lead_id AND since <= e.ended_at ORDER BY id DESC LIMIT 1)
               AS m ON e.code IN ('stage.advanced', 'stage.regressed')
         WHERE e.ended_at IS NOT NULL
         GROUP BY 1, 2, 3
        """;

    private static string EnrollmentsSql(LeadReach reach) =>
        $"""
            SELECT e.id, e.lead_id, v.number AS version, (ARRAY['active', 'completed', 'exited', 'parked', 'paused'])[e.state + 1] AS state,
                   e.entered_at, e.ended_at, e.due_at, e.code, e.argument
              FROM enrollment e
              JOIN track t ON t.id = e.track_id
              JOIN track_version v ON v.id = e.track_version_id
              JOIN lead l ON l.id = e.lead_id
             WHERE t.definition_id = @track AND e.id < @before AND {ReachSql.ConditionOf(reach)}
               AND (@state::text IS NULL OR e.state = array_position(ARRAY['active', 'completed', 'exited', 'parked', 'paused'], @state) - 1)
             ORDER BY e.id DESC
             LIMIT @limit
            """;

    private readonly SemaphoreSlim _reading = new(1);
    private List<TrackEndRow> _ends = [];
    private long? _readAt;

    /// <summary>The current version of each track, or all versions of one, the newest first.</summary>
    public async Task<IReadOnlyList<TrackVersionFigures>> VersionsAsync(
        string? track,
        CancellationToken cancellationToken
    ) => await database.QueryAsync<TrackVersionFigures>(VersionsSql, new { track, Bound }, cancellationToken);

    /// <summary>Touches that are planned up to an instant of business time, by track.</summary>
    public async Task<IReadOnlyDictionary<string, int>> ComingAsync(
        string[] channels,
        DateTimeOffset until,
        CancellationToken cancellationToken
    ) =>
        (
            await database.QueryAsync<(string Track, int Count)>(
                ComingSql,
                new
                {
                    channels,
                    until,
                    Bound,
                },
                cancellationToken
            )
        ).ToDictionary(row => row.Track, row => row.Count, StringComparer.Ordinal);

    /// <summary>How leads left their tracks; a minute old at most.</summary>
    public async Task<IReadOnlyList<TrackEndRow>> EndsAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_readAt is not { } at || machineTime.GetElapsedTime(at) > KeptFor)
            {
                _ends = await database.QueryAsync<TrackEndRow>(EndsSql, null, cancellationToken);
                _readAt = machineTime.GetTimestamp();
            }

            return _ends;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <inheritdoc cref="ITrackBoard.EnrollmentsAsync" />
    public async Task<IReadOnlyList<TrackEnrollment>> EnrollmentsAsync(
        string track,
        string? state,
        LeadReach reach,
        long? before,
        int limit,
        CancellationToken cancellationToken
    ) =>
        await database.QueryAsync<TrackEnrollment>(
            EnrollmentsSql(reach),
            ReachSql.Parameters(
                reach,
                new
                {
                    track,
                    state,
                    before = before ?? long.MaxValue,
                    limit,
                }
            ),
            cancellationToken
        );

    public void Dispose() => _reading.Dispose();
}

/// <summary>A version of a track, and how many leads are in it, up to 10,000.</summary>
public sealed record TrackVersionFigures
{
    public string Track { get; init; } = "";
    public int Id { get; init; }
    public int Number { get; init; }
    public DateTimeOffset PublishedAt { get; init; }
    public bool IsCurrent { get; init; }
    public bool IsPaused { get; init; }
    public string Definition { get; init; } = "";
    public int Active { get; init; }
}

/// <summary>How many leads left a track in one way.</summary>
public sealed record TrackEndRow
{
    public string Track { get; init; } = "";
    public string Code { get; init; } = "";
    public string? Stage { get; init; }
    public int Count { get; init; }
}
