using Npgsql;
using NurtureEngine.Core.Reports;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Postgres.Reports;

/// <summary>Numbers of tracks for their pages. Those that read whole tables are kept for a minute.</summary>
public sealed class TrackFigures(NpgsqlDataSource database, TimeProvider machineTime) : IDisposable
{
    /// <summary>Where counting ends.</summary>
    public const int Bound = 10_000;

    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    // A track's leads may be in several versions, so they are counted over all of them. Of a track that is out of force, the newest version is shown.
    private const string VersionsSql = """
        SELECT t.definition_id AS track, v.id, v.number, v.published_at, v.is_current, t.paused_at IS NOT NULL AS is_paused, v.definition,
               (SELECT count(*) FROM (
                   SELECT FROM enrollment e WHERE e.track_version_id = v.id AND e.state = 0 LIMIT @Bound) AS w)::int AS active,
               CASE WHEN v.id = (
                    SELECT s.id FROM track_version s WHERE s.track_id = t.id ORDER BY s.is_current DESC, s.number DESC LIMIT 1) THEN (SELECT count(*) FROM (
                   SELECT FROM enrollment e WHERE e.track_id = t.id AND e.state IN (0, 3, 4) LIMIT @Bound) AS w)::int END AS enrolled
          FROM track t
          JOIN track_version v ON v.track_id = t.id
         WHERE @track::text IS NULL AND v.id = (
               SELECT s.id FROM track_version s WHERE s.track_id = t.id ORDER BY s.is_current DESC, s.number DESC LIMIT 1)
            OR t.definition_id = @track
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

    private const string NumbersSql = """
        SELECT v.id, v.number FROM track t JOIN track_version v ON v.track_id = t.id WHERE t.definition_id = @track
        """;

    // Of some thousand who entered last: how fast a track fills, and who they are, is seen by these. Both halves have an index.
    private const string EntriesSql = """
        WITH wanted AS (SELECT id FROM track WHERE definition_id = @track),
             recent AS (
               (SELECT lead_id, entered_at FROM enrollment
                 WHERE track_id = (SELECT id FROM wanted) AND state IN (0, 3, 4) ORDER BY lead_id DESC LIMIT 1000)
               UNION ALL
               (SELECT lead_id, entered_at FROM enrollment
                 WHERE track_id = (SELECT id FROM wanted) AND ended_at IS NOT NULL ORDER BY id DESC LIMIT 1000))
        SELECT count(*)::int AS count, count(*) FILTER (WHERE COALESCE(a.fields->>'tier', @tier) = 'T2')::int AS to_approve
          FROM recent
          JOIN lead l ON l.id = recent.lead_id
          LEFT JOIN account a ON a.id = l.account_id
         WHERE recent.entered_at >= @since
        """;

    private const string EndsSql = """
        SELECT t.definition_id AS track, CASE e.state WHEN 1 THEN 'track.completed' ELSE COALESCE(e.code, 'exited') END AS code,
               CASE WHEN e.code IN ('stage.advanced', 'stage.regressed') THEN e.argument END AS stage,
               count(*)::int AS count
          FROM enrollment e
          JOIN track t ON t.id = e.track_id
         WHERE e.ended_at IS NOT NULL
         GROUP BY 1, 2, 3
        """;

    private const string EnrollmentColumns = """
        e.id, e.lead_id, v.number AS version, (ARRAY['active', 'completed', 'exited', 'parked', 'paused'])[e.state + 1] AS state,
        e.entered_at, e.ended_at, e.due_at, e.code, e.argument
        """;

    // Live enrollments are ordered by lead, ended ones by id: both have an index that costs the track runner almost nothing.
    private static string EnrollmentsSql(LeadReach reach, bool isOver) =>
        $"""
            SELECT {EnrollmentColumns}
              FROM enrollment e
              JOIN track_version v ON v.id = e.track_version_id
              JOIN lead l ON l.id = e.lead_id
             WHERE e.track_id = (SELECT id FROM track WHERE definition_id = @track) AND {ReachSql.ConditionOf(reach)}
               AND e.state = ANY(@states)
               AND {(
                isOver ? "e.ended_at IS NOT NULL AND e.id < @before" : "e.state IN (0, 3, 4) AND e.lead_id < @before"
            )}
             ORDER BY {(isOver ? "e.id" : "e.lead_id")} DESC
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

    /// <summary>The numbers of a track's versions, by their ids.</summary>
    public async Task<IReadOnlyList<(int Id, int Number)>> NumbersAsync(
        string track,
        CancellationToken cancellationToken
    ) => await database.QueryAsync<(int, int)>(NumbersSql, new { track }, cancellationToken);

    /// <summary>How many entered a track since an instant of business time, up to some thousand, and how many of them need approvals.</summary>
    public async Task<TrackEntries> EntriesAsync(
        string track,
        string defaultTier,
        DateTimeOffset since,
        CancellationToken cancellationToken
    ) =>
        (
            await database.QuerySingleOrDefaultAsync<TrackEntries>(
                EntriesSql,
                new
                {
                    track,
                    tier = defaultTier,
                    since,
                },
                cancellationToken
            )
        )!;

    /// <summary>How leads left their tracks; a minute old, or as old as the next count takes.</summary>
    public async Task<IReadOnlyList<TrackEndRow>> EndsAsync(CancellationToken cancellationToken)
    {
        // While one request counts, others get the previous figures; they wait only if there are none yet.
        if (!await _reading.WaitAsync(_readAt is null ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancellationToken))
        {
            return _ends;
        }

        try
        {
            if (_readAt is not { } at || machineTime.GetElapsedTime(at) > KeptFor)
            {
                // Not cancelled with the first request, since all requests share the result.
                _ends = await database.QueryAsync<TrackEndRow>(EndsSql, null, CancellationToken.None);
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
            EnrollmentsSql(reach, TrackEnrollment.IsOver(state)),
            ReachSql.Parameters(
                reach,
                new
                {
                    track,
                    states = state is null ? [0, 3, 4] : new[] { (short)Array.IndexOf(TrackEnrollment.States, state) },
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

    /// <summary>How many are in the track, in whatever version and also paused or parked; null but for the current version.</summary>
    public int? Enrolled { get; init; }
}

/// <summary>Who entered a track within some time.</summary>
public sealed record TrackEntries
{
    public int Count { get; init; }

    /// <summary>Those of a tier whose touches need an approval.</summary>
    public int ToApprove { get; init; }
}

/// <summary>How many leads left a track in one way.</summary>
public sealed record TrackEndRow
{
    public string Track { get; init; } = "";
    public string Code { get; init; } = "";
    public string? Stage { get; init; }
    public int Count { get; init; }
}
