using Npgsql;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Running;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>Enrolls leads and ends enrollments, within the transaction of the facts that cause it.</summary>
internal static class EnrollmentWriter
{
    // The lead's row is locked by the caller, so that no other enrollment of it can appear meanwhile; the unique indexes
    // would refuse it.
    private const string EnrollSql = """
        WITH free AS MATERIALIZED (
            SELECT w.*, nextval(pg_get_serial_sequence('enrollment', 'id')) AS id
              FROM unnest(@leads, @tracks, @versions, @occasions, @causes, @tokens) AS w (lead_id, track_id, version_id, occasion, cause, tokens)
             WHERE NOT EXISTS (
                   SELECT 1 FROM enrollment e WHERE e.track_id = w.track_id AND e.lead_id = w.lead_id AND e.state IN (0, 3, 4))),
        fresh AS (
            INSERT INTO occasion (lead_id, track_id, key, cause, enrollment_id, at)
            SELECT lead_id, track_id, occasion, cause, id, @now FROM free
            ON CONFLICT DO NOTHING
            RETURNING enrollment_id),
        enrolled AS (
            INSERT INTO timeline (recorded_at, lead_id, occurred_at, kind, arguments)
            SELECT @now, free.lead_id, @now, 'enrollment.started', jsonb_build_object('track', track.definition_id)
              FROM free
              JOIN fresh ON fresh.enrollment_id = free.id
              JOIN track ON track.id = free.track_id)
        INSERT INTO enrollment (lead_id, id, track_id, track_version_id, state, held_by, held_at, due_at, entered_at, tokens)
        SELECT free.lead_id, free.id, track_id, version_id, CASE WHEN held.by IS NULL THEN 0 ELSE 4 END, held.by,
               CASE WHEN held.by IS NOT NULL THEN @now END, @now, @now, tokens
          FROM free
          JOIN fresh ON fresh.enrollment_id = free.id
          JOIN lead ON lead.id = free.lead_id
          LEFT JOIN account ON account.id = lead.account_id
         CROSS JOIN LATERAL (
               SELECT NULLIF(array_remove(ARRAY[CASE WHEN lead.paused_at IS NOT NULL THEN 'lead' END,
                                                CASE WHEN account.paused_at IS NOT NULL THEN 'account' END], NULL), '{}') AS by) AS held
        """;

    private const string LiveSql =
        $"SELECT lead_id, track_version_id, '{HoldWriter.Lane}' = ANY (COALESCE(held_by, '{{}}')) FROM enrollment WHERE lead_id = ANY(@leads) AND state IN (0, 3, 4)";

    // The ways in that are not used up, and on which the lead is not already.
    private const string OpenSql = """
        SELECT w.number
          FROM unnest(@leads, @tracks, @occasions, @numbers) AS w (lead_id, track_id, occasion, number)
         WHERE NOT EXISTS (
               SELECT 1 FROM occasion o WHERE o.lead_id = w.lead_id AND o.track_id = w.track_id AND o.key = w.occasion)
           AND NOT EXISTS (
               SELECT 1 FROM enrollment e WHERE e.track_id = w.track_id AND e.lead_id = w.lead_id AND e.state IN (0, 3, 4))
        """;

    private const string DeclineSql = """
        INSERT INTO timeline (recorded_at, lead_id, occurred_at, kind, arguments)
        SELECT @now, w.lead_id, @now, 'enrollment.declined', jsonb_build_object('track', track.definition_id, 'code', 'lane.occupied')
          FROM unnest(@leads, @tracks) AS w (lead_id, track_id)
          JOIN track ON track.id = w.track_id
        """;

    // Locked before they are changed, by key: a statement that waits for a row sees what the other transaction has made of it
    // only in its next statement, and touches that an advance has just planned must be cancelled too.
    private const string LockSql = """
        SELECT e.lead_id, e.id, w.code, w.stage
          FROM unnest(@leads, @versions, @codes, @stages) AS w (lead_id, version, code, stage)
          JOIN enrollment e ON e.lead_id = w.lead_id AND e.track_version_id = COALESCE(w.version, e.track_version_id)
         WHERE e.state IN (0, 3, 4)
         ORDER BY e.lead_id, e.id
           FOR NO KEY UPDATE OF e
        """;

    private const string ExitSql = """
        WITH ended AS (
            UPDATE enrollment e
               SET state = 2, due_at = NULL, held_by = NULL, held_at = NULL, tokens = '', code = w.code, argument = w.stage, ended_at = @now
              FROM unnest(@leads, @ids, @codes, @stages) AS w (lead_id, id, code, stage)
             WHERE e.lead_id = w.lead_id AND e.id = w.id AND e.state IN (0, 3, 4)
            RETURNING e.lead_id, e.track_id, e.code)
        INSERT INTO timeline (recorded_at, lead_id, occurred_at, kind, arguments)
        SELECT @now, ended.lead_id, @now, 'enrollment.ended', jsonb_build_object('track', track.definition_id, 'code', ended.code)
          FROM ended
          JOIN track ON track.id = ended.track_id
        """;

    // All at once and by key, as every writer does; what is then done to them one after the other can't cross another writer.
    private const string LockLiveSql = """
        SELECT id FROM enrollment WHERE lead_id = ANY(@leads) AND state IN (0, 3, 4) ORDER BY lead_id, id FOR NO KEY UPDATE
        """;

    /// <summary>Locks what leads are in, before any of it is changed.</summary>
    public static Task LockLiveAsync(
        NpgsqlTransaction transaction,
        long[] leads,
        CancellationToken cancellationToken
    ) =>
        leads.Length == 0
            ? Task.CompletedTask
            : transaction.QueryAsync<long>(LockLiveSql, new { leads }, cancellationToken);

    /// <summary>The versions that leads are in, and whether each was set aside in its lane.</summary>
    public static async Task<List<(long LeadId, TrackVersionId Version, bool IsAside)>> FindLiveAsync(
        NpgsqlTransaction transaction,
        long[] leads,
        CancellationToken cancellationToken
    ) =>
        (
            await transaction.QueryAsync<(long LeadId, int Version, bool IsAside)>(
                LiveSql,
                new { leads },
                cancellationToken
            )
        ).ConvertAll(row => (row.LeadId, new TrackVersionId(row.Version), row.IsAside));

    /// <summary>Those of these enrollments that a lead's occasions still let in.</summary>
    public static async Task<List<NewEnrollment>> FindOpenAsync(
        NpgsqlTransaction transaction,
        List<(long LeadId, NewEnrollment Enrollment)> rows,
        CancellationToken cancellationToken
    )
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var wanted = new
        {
            leads = rows.ToArray(row => row.LeadId),
            tracks = rows.ToArray(row => row.Enrollment.TrackId),
            occasions = rows.ToArray(row => row.Enrollment.Occasion),
            numbers = Enumerable.Range(0, rows.Count).ToArray(),
        };
        var open = await transaction.QueryAsync<int>(OpenSql, wanted, cancellationToken);
        return open.ConvertAll(number => rows[number].Enrollment);
    }

    /// <summary>Writes down that leads did not enter, since another track of the lane has them.</summary>
    public static Task DeclineAsync(
        NpgsqlTransaction transaction,
        List<(long LeadId, NewEnrollment Enrollment)> rows,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        rows.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                DeclineSql,
                new
                {
                    leads = rows.ToArray(row => row.LeadId),
                    tracks = rows.ToArray(row => row.Enrollment.TrackId),
                    now,
                },
                cancellationToken
            );

    public static Task EnrollAsync(
        NpgsqlTransaction transaction,
        List<(long LeadId, NewEnrollment Enrollment)> rows,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        rows.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                EnrollSql,
                new
                {
                    leads = rows.ToArray(row => row.LeadId),
                    tracks = rows.ToArray(row => row.Enrollment.TrackId),
                    versions = rows.ToArray(row => row.Enrollment.Version.Value),
                    occasions = rows.ToArray(row => row.Enrollment.Occasion),
                    causes = rows.ToArray(row => row.Enrollment.Cause),
                    tokens = rows.ToArray(row => TokenCodec.Write(row.Enrollment.Standing)),
                    now,
                },
                cancellationToken
            );

    public static async Task ExitAsync(
        NpgsqlTransaction transaction,
        List<(long LeadId, TrackExit Exit)> rows,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (rows.Count == 0)
        {
            return;
        }

        var wanted = new
        {
            leads = rows.ToArray(row => row.LeadId),
            versions = rows.ToArray(row => row.Exit.Version?.Value),
            codes = rows.ToArray(row => row.Exit.Code),
            stages = rows.ToArray(row => row.Exit.Stage),
        };
        var locked = await transaction.QueryAsync<(long LeadId, long Id, string Code, string? Stage)>(
            LockSql,
            wanted,
            cancellationToken
        );
        if (locked.Count == 0)
        {
            return;
        }

        var ended = locked.ConvertAll(row => (row.LeadId, row.Id, row.Code));

        var exits = new
        {
            leads = ended.ToArray(row => row.LeadId),
            ids = ended.ToArray(row => row.Id),
            codes = ended.ToArray(row => row.Code),
            stages = locked.ToArray(row => row.Stage),
            now,
        };
        await transaction.ExecuteAsync(ExitSql, exits, cancellationToken);
        await TouchCancel.OfEnrollmentsAsync(transaction, ended, now, cancellationToken);
        await TaskStore.CancelAsync(transaction, ended, now, cancellationToken);
        await SignalStore.DropAsync(transaction, ended, cancellationToken);
    }
}
