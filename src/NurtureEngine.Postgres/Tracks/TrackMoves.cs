using Npgsql;
using NurtureEngine.Core.Tracks.Running;
using NurtureEngine.Core.Tracks.Watching;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>Moves enrollments from one version of a track to another.</summary>
public sealed class TrackMoves(NpgsqlDataSource database)
{
    private const string StandingsSql = """
        SELECT e.track_version_id AS versionId, e.tokens
          FROM enrollment e
         WHERE e.track_id = (SELECT id FROM track WHERE definition_id = @definitionId) AND e.state IN (0, 3, 4)
         ORDER BY e.lead_id
         LIMIT @limit
        """;

    // Numbers are what people have chosen by; a version that is not there is left out.
    internal const string BeginSql = """
        INSERT INTO track_move (version_id, track_id, from_ids, steps, begun_at)
        SELECT v.id, v.track_id, array_agg(older.id), array_agg(w.step), @now
          FROM track_version v
         CROSS JOIN unnest(@numbers, @steps) AS w (number, step)
          JOIN track_version older ON older.track_id = v.track_id AND older.number = w.number AND older.id <> v.id
         WHERE v.track_id = @trackId AND v.is_current
         GROUP BY v.id
        ON CONFLICT (version_id) DO UPDATE
           SET from_ids = excluded.from_ids, steps = excluded.steps, after_lead = 0, moved = 0, begun_at = excluded.begun_at, ended_at = NULL
        """;

    // One host at a time works on a move, and on those only whose version it knows.
    private const string TakeSql = """
        SELECT version_id, track_id, from_ids, steps, after_lead
          FROM track_move
         WHERE ended_at IS NULL AND version_id = ANY(@known)
         ORDER BY version_id
         LIMIT 1
           FOR UPDATE SKIP LOCKED
        """;

    // Another version came into force: nobody moves into this one any more.
    internal const string EndSql =
        "UPDATE track_move SET ended_at = @now WHERE track_id = @trackId AND ended_at IS NULL";

    private const string NextSql = """
        SELECT lead_id FROM enrollment
         WHERE track_id = @TrackId AND state IN (0, 3, 4) AND lead_id > @AfterLead
         ORDER BY lead_id
         LIMIT @limit
        """;

    // In the order of all writers: facts rely on it that the enrollments of a lead they have locked stay in their versions.
    private const string LockLeadsSql = "SELECT id FROM lead WHERE id = ANY(@leads) ORDER BY id FOR NO KEY UPDATE";

    private const string RowsSql = """
        SELECT lead_id, id, track_version_id AS versionId, state, entered_at, tokens
          FROM enrollment
         WHERE track_id = @TrackId AND state IN (0, 3, 4) AND lead_id = ANY(@leads)
         ORDER BY lead_id, id
           FOR NO KEY UPDATE
        """;

    // What is due earlier stays so: a due instant is also how others wake an enrollment.
    private const string MoveSql = """
        WITH moved AS (
            UPDATE enrollment e
               SET track_version_id = @versionId, due_at = CASE WHEN e.state IN (0, 4) THEN LEAST(e.due_at, w.due) END
              FROM unnest(@leads, @ids, @dues) AS w (lead_id, id, due)
             WHERE e.lead_id = w.lead_id AND e.id = w.id AND e.state IN (0, 3, 4)
            RETURNING e.lead_id, e.track_id)
        INSERT INTO timeline (recorded_at, lead_id, occurred_at, kind, arguments)
        SELECT @now, moved.lead_id, @now, 'enrollment.moved', jsonb_build_object('track', track.definition_id, 'version', v.number)
          FROM moved
          JOIN track ON track.id = moved.track_id
          JOIN track_version v ON v.id = @versionId
        """;

    private const string AdvanceSql = """
        UPDATE track_move
           SET after_lead = @after, moved = moved + @moved, ended_at = CASE WHEN @isOver THEN @now END
         WHERE version_id = @versionId
        """;

    /// <summary>Where the enrollments of a track stand, up to a limit.</summary>
    public async Task<IReadOnlyList<StandingRow>> StandingsAsync(
        string definitionId,
        int limit,
        CancellationToken cancellationToken
    ) => await database.QueryAsync<StandingRow>(StandingsSql, new { definitionId, limit }, cancellationToken);

    /// <summary>
    /// Looks at the next enrollments of an open move, and moves those for which the rule has a due instant; false if no move is open. One batch
    /// is one transaction: what a crash interrupts is looked at again.
    /// </summary>
    /// <param name="known">The versions that the rule knows.</param>
    /// <param name="limit">How many are looked at.</param>
    /// <param name="now">Business time.</param>
    /// <param name="rule">Who of the batch moves, and when each is next due.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> RunBatchAsync(
        int[] known,
        int limit,
        DateTimeOffset now,
        Func<OpenMove, IReadOnlyList<StandingRow>, IReadOnlyList<MovedRow>> rule,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if ((await transaction.QueryAsync<OpenMove>(TakeSql, new { known }, cancellationToken)) is not [var move])
        {
            return false;
        }

        var leads = (
            await transaction.QueryAsync<long>(
                NextSql,
                new
                {
                    move.TrackId,
                    move.AfterLead,
                    limit,
                },
                cancellationToken
            )
        ).ToArray();
        await transaction.ExecuteAsync(LockLeadsSql, new { leads }, cancellationToken);
        var rows = await transaction.QueryAsync<StandingRow>(RowsSql, new { move.TrackId, leads }, cancellationToken);
        var moved = rule(move, rows);
        var parameters = new
        {
            versionId = move.VersionId,
            leads = moved.Select(row => row.LeadId).ToArray(),
            ids = moved.Select(row => row.Id).ToArray(),
            dues = moved.Select(row => row.DueAt).ToArray(),
            now,
            after = leads.Length > 0 ? leads[^1] : move.AfterLead,
            moved = moved.Count,
            isOver = leads.Length < limit,
        };
        await transaction.ExecuteAsync(MoveSql, parameters, cancellationToken);
        await StepTallies.AddAsync(transaction, CountsOf(move.VersionId, rows, moved), cancellationToken);
        await transaction.ExecuteAsync(AdvanceSql, parameters, cancellationToken);
        Waypoints.Pass("move.committing");
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    // A lead that moves has passed the step in the old version and entered it in the new one.
    private static IEnumerable<(int Version, DateTimeOffset EnteredAt, StepCount Count)> CountsOf(
        int version,
        IReadOnlyList<StandingRow> rows,
        IReadOnlyList<MovedRow> moved
    )
    {
        var ids = moved.Select(row => row.Id).ToHashSet();
        foreach (var row in rows.Where(row => ids.Contains(row.Id)))
        {
            foreach (var token in (row.ReadStanding()?.Tokens ?? []).Where(token => !token.IsEntering))
            {
                yield return (row.VersionId, row.EnteredAt, new StepCount(token.Step, Entered: 0, Passed: 1));
                yield return (version, row.EnteredAt, new StepCount(token.Step, Entered: 1, Passed: 0));
            }
        }
    }
}

/// <summary>A move that is not over.</summary>
public sealed record OpenMove
{
    public int VersionId { get; init; }
    public int TrackId { get; init; }
    public int[] FromIds { get; init; } = [];
    public string[] Steps { get; init; } = [];
    public long AfterLead { get; init; }

    /// <summary>Whether those at a step of a version move.</summary>
    public bool Includes(int versionId, string step) =>
        FromIds.Zip(Steps).Any(pair => pair.First == versionId && pair.Second == step);
}

/// <summary>Where an enrollment stands; what is not asked for is empty.</summary>
public sealed record StandingRow
{
    public long LeadId { get; init; }
    public long Id { get; init; }
    public int VersionId { get; init; }
    public short State { get; init; }
    public DateTimeOffset EnteredAt { get; init; }
    public byte[] Tokens { get; init; } = [];

    /// <summary>Where it stands; null if this program can't read it.</summary>
    public Standing? ReadStanding()
    {
        try
        {
            return TokenCodec.Read(Tokens);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

/// <summary>An enrollment that moves, and when it is next due there; null while it waits for a touch only.</summary>
public sealed record MovedRow(long LeadId, long Id, DateTimeOffset? DueAt);
