using Dapper;
using Npgsql;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Tracks.Running;

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
                   SELECT 1 FROM enrollment e WHERE e.track_id = w.track_id AND e.lead_id = w.lead_id AND e.state IN (0, 3))),
        fresh AS (
            INSERT INTO occasion (lead_id, track_id, key, cause, enrollment_id, at)
            SELECT lead_id, track_id, occasion, cause, id, @now FROM free
            ON CONFLICT DO NOTHING
            RETURNING enrollment_id)
        INSERT INTO enrollment (lead_id, id, track_id, track_version_id, state, due_at, entered_at, tokens)
        SELECT lead_id, id, track_id, version_id, 0, @now, @now, tokens FROM free JOIN fresh ON fresh.enrollment_id = free.id
        """;

    // What is already being handed over can't be called back; everything before that is cancelled with its enrollment.
    private const string ExitSql = """
        WITH gone AS (
            UPDATE enrollment e
               SET state = 2, due_at = NULL, tokens = '', reason = w.code, ended_at = @now
              FROM unnest(@leads, @tracks, @codes) AS w (lead_id, track_id, code)
             WHERE e.lead_id = w.lead_id AND e.track_id = COALESCE(w.track_id, e.track_id) AND e.state IN (0, 3)
            RETURNING e.lead_id, e.id, w.code),
        cancelled AS (
            UPDATE touch t
               SET state = 'cancelled', code = gone.code, lease = NULL, leased_until = NULL, hold_until = NULL, settled_at = @now
              FROM gone
             WHERE t.lead_id = gone.lead_id AND t.enrollment_id = gone.id
               AND t.state IN ('planned', 'awaiting_approval', 'deferred', 'claimed')
            RETURNING t.lead_id, t.id, gone.code)
        INSERT INTO touch_event (recorded_at, lead_id, touch_id, state, code)
        SELECT @now, lead_id, id, 'cancelled', code FROM cancelled
        """;

    public static Task EnrollAsync(
        NpgsqlTransaction transaction,
        List<(long LeadId, NewEnrollment Enrollment)> rows,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        rows.Count == 0
            ? Task.CompletedTask
            : ExecuteAsync(
                transaction,
                EnrollSql,
                new
                {
                    leads = rows.ToArray(row => row.LeadId),
                    tracks = rows.ToArray(row => row.Enrollment.TrackId),
                    versions = rows.ToArray(row => row.Enrollment.Version.Value),
                    occasions = rows.ToArray(row => row.Enrollment.Occasion),
                    causes = rows.ToArray(row => row.Enrollment.Cause),
                    tokens = rows.ToArray(row => TokenCodec.Write(row.Enrollment.Tokens)),
                    now,
                },
                cancellationToken
            );

    public static Task ExitAsync(
        NpgsqlTransaction transaction,
        List<(long LeadId, TrackExit Exit)> rows,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        rows.Count == 0
            ? Task.CompletedTask
            : ExecuteAsync(
                transaction,
                ExitSql,
                new
                {
                    leads = rows.ToArray(row => row.LeadId),
                    tracks = rows.ToArray(row => row.Exit.TrackId),
                    codes = rows.ToArray(row => row.Exit.Code),
                    now,
                },
                cancellationToken
            );

    private static Task ExecuteAsync(
        NpgsqlTransaction transaction,
        string sql,
        object parameters,
        CancellationToken cancellationToken
    ) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken)
        );
}
