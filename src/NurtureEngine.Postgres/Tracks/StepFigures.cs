using System.Text;
using Npgsql;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks.Running;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>Reads how leads flow through the steps of a version.</summary>
public sealed class StepFigures(NpgsqlDataSource database)
{
    // How many rows of enrollments are looked at for a page of leads at a step.
    private const int LookedAtOnce = 2_000;

    private const string CountsFromSql = "SELECT counts_from FROM step_tally_start";

    private const string CountsSql = """
        SELECT step, sum(entered)::bigint AS entered, sum(passed)::bigint AS passed
          FROM step_tally
         WHERE track_version_id = @versionId AND (@since::date IS NULL OR entered_on >= @since)
         GROUP BY step
        """;

    // Each state has an index of its own by version.
    private const string StandingsSql = """
        SELECT state, tokens FROM enrollment
         WHERE track_version_id = @versionId AND state = 0 AND (@since::date IS NULL OR entered_at >= (@since::timestamp AT TIME ZONE 'UTC'))
        UNION ALL
        SELECT state, tokens FROM enrollment
         WHERE track_version_id = @versionId AND state = 3 AND (@since::date IS NULL OR entered_at >= (@since::timestamp AT TIME ZONE 'UTC'))
        UNION ALL
        SELECT state, tokens FROM enrollment
         WHERE track_version_id = @versionId AND state = 4 AND (@since::date IS NULL OR entered_at >= (@since::timestamp AT TIME ZONE 'UTC'))
        """;

    private const string EndsSql = """
        SELECT CASE state WHEN 1 THEN 'track.completed' ELSE COALESCE(code, 'exited') END AS code,
               CASE WHEN code IN ('stage.advanced', 'stage.regressed') THEN argument END AS stage,
               count(*)::int AS count
          FROM enrollment
         WHERE track_id = @trackId AND ended_at IS NOT NULL AND track_version_id = @versionId
           AND (@since::date IS NULL OR entered_at >= (@since::timestamp AT TIME ZONE 'UTC'))
         GROUP BY 1, 2
        """;

    private const string VersionSql = """
        SELECT v.id, v.track_id, v.number
          FROM track t
          JOIN track_version v ON v.track_id = t.id
         WHERE t.definition_id = @definitionId AND (@number::int IS NULL OR v.number = @number)
         ORDER BY v.is_current DESC, v.number DESC
         LIMIT 1
        """;

    // The bytes of the step's name are looked for before a row is decoded, which nearly all others do not have.
    private static string AtStepSql(LeadReach reach) =>
        $"""
            SELECT e.lead_id, e.id, e.state, e.entered_at, e.due_at, e.tokens
              FROM (SELECT * FROM enrollment
                     WHERE track_id = @trackId AND state IN (0, 3, 4) AND lead_id > @after
                     ORDER BY lead_id
                     LIMIT @lookedAt) AS e
              JOIN lead l ON l.id = e.lead_id
             WHERE e.track_version_id = @versionId AND position(@needle IN e.tokens) > 0 AND {ReachSql.ConditionOf(
                reach
            )}
             ORDER BY e.lead_id
            """;

    private const string LastLookedAtSql = """
        SELECT max(lead_id) FROM (
            SELECT lead_id FROM enrollment
             WHERE track_id = @trackId AND state IN (0, 3, 4) AND lead_id > @after
             ORDER BY lead_id
             LIMIT @lookedAt) AS looked
        """;

    /// <summary>A version by its number, or the one in force, or the newest; null if there is none.</summary>
    public Task<VersionKey?> FindVersionAsync(string definitionId, int? number, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<VersionKey>(VersionSql, new { definitionId, number }, cancellationToken);

    /// <summary>The first day (UTC) from which on all entries are counted; null where all are.</summary>
    public async Task<DateOnly?> CountsFromAsync(CancellationToken cancellationToken) =>
        (await database.QueryAsync<DateOnly?>(CountsFromSql, null, cancellationToken)).FirstOrDefault();

    /// <summary>How often steps were entered and passed by those who entered since a day; null for all.</summary>
    public async Task<IReadOnlyList<(string Step, long Entered, long Passed)>> CountsAsync(
        int versionId,
        DateOnly? since,
        CancellationToken cancellationToken
    ) => await database.QueryAsync<(string, long, long)>(CountsSql, new { versionId, since }, cancellationToken);

    /// <summary>Where those stand who are in a version now; tokens that this program can't read stand nowhere.</summary>
    public async Task<StandingFigures> StandingAsync(
        int versionId,
        DateOnly? since,
        CancellationToken cancellationToken
    )
    {
        var rows = await database.QueryAsync<(short State, byte[] Tokens)>(
            StandingsSql,
            new { versionId, since },
            cancellationToken
        );
        var waiting = rows.SelectMany(row => PlacesIn(row.Tokens))
            .CountBy(step => step, StringComparer.Ordinal)
            .ToDictionary(step => step.Key, step => step.Value, StringComparer.Ordinal);
        return new StandingFigures(rows.Count, rows.Count(row => row.State == (short)EnrollmentState.Parked), waiting);
    }

    /// <summary>How those left a version who entered since a day.</summary>
    public async Task<IReadOnlyList<(string Code, string? Stage, int Count)>> EndsAsync(
        VersionKey version,
        DateOnly? since,
        CancellationToken cancellationToken
    ) =>
        await database.QueryAsync<(string, string?, int)>(
            EndsSql,
            new
            {
                trackId = version.TrackId,
                versionId = version.Id,
                since,
            },
            cancellationToken
        );

    /// <inheritdoc cref="ITrackWatch.LeadsAsync" />
    public async Task<IReadOnlyList<StepLead>> LeadsAsync(
        VersionKey version,
        StepQuery query,
        LeadReach reach,
        CancellationToken cancellationToken
    )
    {
        var found = new List<StepLead>();
        long? after = query.After;
        while (found.Count < query.Take && after is { } from)
        {
            var parameters = ReachSql.Parameters(
                reach,
                new
                {
                    trackId = version.TrackId,
                    versionId = version.Id,
                    needle = Encoding.UTF8.GetBytes(query.Step),
                    after = from,
                    lookedAt = LookedAtOnce,
                }
            );
            var rows = await database.QueryAsync<AtStepRow>(AtStepSql(reach), parameters, cancellationToken);
            found.AddRange(rows.Where(row => PlacesIn(row.Tokens).Contains(query.Step)).Select(row => row.ToLead()));
            after = (await database.QueryAsync<long?>(LastLookedAtSql, parameters, cancellationToken)).Single();
        }

        return [.. found.Take(query.Take)];
    }

    // Whoever stands where this program can't read it is counted nowhere.
    private static IReadOnlyList<string> PlacesIn(byte[] tokens)
    {
        try
        {
            return TokenCodec.ReadPlaces(tokens);
        }
        catch (FormatException)
        {
            return [];
        }
    }

    private sealed record AtStepRow
    {
        public long LeadId { get; init; }
        public long Id { get; init; }
        public short State { get; init; }
        public DateTimeOffset EnteredAt { get; init; }
        public DateTimeOffset? DueAt { get; init; }
        public byte[] Tokens { get; init; } = [];

        public StepLead ToLead() => new(LeadId, Id, (EnrollmentState)State, EnteredAt, DueAt);
    }
}

/// <summary>A version, as tables know it.</summary>
public sealed record VersionKey
{
    public int Id { get; init; }
    public int TrackId { get; init; }
    public int Number { get; init; }
}

/// <summary>Who is in a version now.</summary>
/// <param name="Inside">All of them.</param>
/// <param name="Parked">Those who can't go on.</param>
/// <param name="Waiting">How many stand at each step.</param>
public sealed record StandingFigures(int Inside, int Parked, IReadOnlyDictionary<string, int> Waiting);
