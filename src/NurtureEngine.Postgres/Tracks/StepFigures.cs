using System.Collections.Immutable;
using System.Data;
using System.Text;
using Dapper;
using Npgsql;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks.Running;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>Reads how leads flow through the steps of a version.</summary>
public sealed class StepFigures(NpgsqlDataSource database)
{
    // How many rows of enrollments are looked at at once for a page of leads at a step, and how often.
    private const int LookedAtOnce = 2_000;
    private const int MostLooks = 20;

    private const string CountsFromSql = "SELECT counts_from FROM step_tally_start";

    // Each half has an index of its own.
    private const string CountsSql = """
        SELECT step, sum(entered)::bigint AS entered, sum(passed)::bigint AS passed
          FROM (SELECT step, entered, passed, entered_on FROM step_tally WHERE track_version_id = @versionId AND is_folded
                 UNION ALL
                SELECT step, entered, passed, entered_on FROM step_tally WHERE track_version_id = @versionId AND NOT is_folded) AS tally
         WHERE @counted::date IS NULL OR entered_on >= @counted
         GROUP BY step
        """;

    // Each state has an index of its own by version.
    private const string StandingsSql = """
        SELECT state, @counted::date IS NULL OR entered_at >= (@counted::timestamp AT TIME ZONE 'UTC'), tokens FROM enrollment
         WHERE track_version_id = @versionId AND state = 0 AND (@since::date IS NULL OR entered_at >= (@since::timestamp AT TIME ZONE 'UTC'))
        UNION ALL
        SELECT state, @counted::date IS NULL OR entered_at >= (@counted::timestamp AT TIME ZONE 'UTC'), tokens FROM enrollment
         WHERE track_version_id = @versionId AND state = 3 AND (@since::date IS NULL OR entered_at >= (@since::timestamp AT TIME ZONE 'UTC'))
        UNION ALL
        SELECT state, @counted::date IS NULL OR entered_at >= (@counted::timestamp AT TIME ZONE 'UTC'), tokens FROM enrollment
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

    // The bytes of the steps' names are looked for before a row is decoded, which nearly all others do not have.
    private static string AtStepSql(LeadReach reach) =>
        $"""
            SELECT e.lead_id, e.id, e.state, e.entered_at, e.due_at, e.tokens
              FROM (SELECT * FROM enrollment
                     WHERE track_id = @trackId AND state IN (0, 3, 4) AND lead_id > @after
                     ORDER BY lead_id
                     LIMIT @lookedAt) AS e
              JOIN lead l ON l.id = e.lead_id
             WHERE e.track_version_id = @versionId AND EXISTS (SELECT FROM unnest(@needles) AS n (bytes) WHERE position(n.bytes IN e.tokens) > 0)
               AND (@since::date IS NULL OR e.entered_at >= (@since::timestamp AT TIME ZONE 'UTC'))
               AND {ReachSql.ConditionOf(reach)}
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

    /// <summary>What is counted of a version, at one moment.</summary>
    /// <param name="version">The version.</param>
    /// <param name="since">The first day (UTC) whose entries are wanted; null for all.</param>
    /// <param name="counted">The first day (UTC) of these from which on steps were counted; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<FlowFigures> ReadAsync(
        VersionKey version,
        DateOnly? since,
        DateOnly? counted,
        CancellationToken cancellationToken
    )
    {
        // A lead that goes on between two statements would seem to be lost.
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead,
            cancellationToken
        );
        var parameters = new
        {
            versionId = version.Id,
            trackId = version.TrackId,
            since,
            counted,
        };
        var counts = await transaction.QueryAsync<(string, long, long)>(CountsSql, parameters, cancellationToken);
        var ends = await transaction.QueryAsync<(string, string?, int)>(EndsSql, parameters, cancellationToken);
        return await StandingAsync(connection, parameters, cancellationToken) with { Counts = counts, Ends = ends };
    }

    /// <inheritdoc cref="ITrackWatch.LeadsAsync" />
    public async Task<StepLeads> LeadsAsync(
        VersionKey version,
        StepQuery query,
        LeadReach reach,
        CancellationToken cancellationToken
    )
    {
        var found = new List<StepLead>();
        long? after = query.After;
        for (var look = 0; look < MostLooks && found.Count <= query.Take && after is { } from; look++)
        {
            var parameters = ReachSql.Parameters(
                reach,
                new
                {
                    trackId = version.TrackId,
                    versionId = version.Id,
                    needles = query.Steps.Select(Encoding.UTF8.GetBytes).ToArray(),
                    since = query.Since,
                    after = from,
                    lookedAt = LookedAtOnce,
                }
            );
            var rows = await database.QueryAsync<AtStepRow>(AtStepSql(reach), parameters, cancellationToken);
            found.AddRange(
                rows.Where(row => PlacesIn(row.Tokens).Intersect(query.Steps).Any()).Select(row => row.ToLead())
            );
            after = (await database.QueryAsync<long?>(LastLookedAtSql, parameters, cancellationToken)).Single();
        }

        return found.Count > query.Take
            ? new StepLeads([.. found.Take(query.Take)], found[query.Take - 1].LeadId)
            : new StepLeads(found, after);
    }

    // Row by row: of a large version they are many.
    private static async Task<FlowFigures> StandingAsync(
        NpgsqlConnection connection,
        object parameters,
        CancellationToken cancellationToken
    )
    {
        var (inside, parked) = (0, 0);
        var waiting = new Dictionary<string, (int All, int Counted)>(StringComparer.Ordinal);
        await using var reader = await connection.ExecuteReaderAsync(
            new CommandDefinition(StandingsSql, parameters, cancellationToken: cancellationToken)
        );
        while (await reader.ReadAsync(cancellationToken))
        {
            inside++;
            parked += reader.GetInt16(0) == (short)EnrollmentState.Parked ? 1 : 0;
            var isCounted = reader.GetBoolean(1) ? 1 : 0;
            foreach (var step in PlacesIn(await reader.GetFieldValueAsync<byte[]>(2, cancellationToken)))
            {
                var (all, counted) = waiting.GetValueOrDefault(step);
                waiting[step] = (all + 1, counted + isCounted);
            }
        }

        return new FlowFigures
        {
            Inside = inside,
            Parked = parked,
            Waiting = waiting,
        };
    }

    // An enrollment whose tokens this program can't read is counted at no step.
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

/// <summary>What is counted of a version.</summary>
public sealed record FlowFigures
{
    /// <summary>All who are in it now.</summary>
    public int Inside { get; init; }

    /// <summary>Of these, those who can't go on.</summary>
    public int Parked { get; init; }

    /// <summary>How many stand at each step, and how many of them entered since steps are counted.</summary>
    public IReadOnlyDictionary<string, (int All, int Counted)> Waiting { get; init; } =
        ImmutableDictionary<string, (int, int)>.Empty;

    /// <summary>How often steps were entered and passed.</summary>
    public IReadOnlyList<(string Step, long Entered, long Passed)> Counts { get; init; } = [];

    /// <summary>How those left who have left.</summary>
    public IReadOnlyList<(string Code, string? Stage, int Count)> Ends { get; init; } = [];
}
