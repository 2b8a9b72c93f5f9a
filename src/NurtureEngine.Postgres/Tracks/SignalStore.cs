using Npgsql;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>Signals on their way to enrollments, within the transaction of who gives or takes them.</summary>
internal static class SignalStore
{
    // Enrollments are locked by key before anything else, as every writer does: one that an advance is just ending is then seen
    // as ended. A signal that answers a touch is for that touch's enrollment alone.
    private const string GiveSql = """
        WITH listening AS MATERIALIZED (
            SELECT e.lead_id, e.id, e.track_version_id
              FROM enrollment e
             WHERE (e.lead_id, e.track_version_id) IN (SELECT lead_id, version FROM unnest(@leads, @versions) AS w (lead_id, version))
               AND e.state IN (0, 3, 4)
             ORDER BY e.lead_id, e.id
               FOR NO KEY UPDATE),
        given AS (
            INSERT INTO signal (lead_id, enrollment_id, kind, name, step, visit, at)
            SELECT l.lead_id, l.id, w.kind, w.name, COALESCE(w.step, t.step), w.visit, @now
              FROM unnest(@leads, @versions, @kinds, @names, @steps, @visits, @touches, @enrollments)
                   WITH ORDINALITY AS w (lead_id, version, kind, name, step, visit, touch, enrollment, number)
              JOIN listening l ON l.lead_id = w.lead_id AND l.track_version_id = w.version
              LEFT JOIN touch t ON t.lead_id = w.lead_id AND t.id = w.touch
             WHERE COALESCE(w.enrollment, t.enrollment_id, l.id) = l.id
             ORDER BY w.number
            RETURNING lead_id, enrollment_id)
        UPDATE enrollment e
           SET due_at = LEAST(e.due_at, @now)
         WHERE e.state IN (0, 4) AND (e.lead_id, e.id) IN (SELECT lead_id, enrollment_id FROM given)
        """;

    private const string FindSql = """
        SELECT s.enrollment_id, s.id, s.kind, s.name, s.step, s.visit, s.at
          FROM unnest(@leads, @enrollments) AS w (lead_id, enrollment_id)
          JOIN signal s USING (lead_id, enrollment_id)
         ORDER BY s.id
        """;

    private const string TakeSql = """
        DELETE FROM signal s
         USING unnest(@leads, @enrollments, @ids) AS w (lead_id, enrollment_id, id)
         WHERE s.lead_id = w.lead_id AND s.enrollment_id = w.enrollment_id AND s.id = w.id
        """;

    private const string DropSql = """
        DELETE FROM signal s
         USING unnest(@leads, @enrollments) AS w (lead_id, enrollment_id)
         WHERE s.lead_id = w.lead_id AND s.enrollment_id = w.enrollment_id
        """;

    /// <summary>Gives signals to the leads' enrollments in these versions and makes them due.</summary>
    public static Task GiveAsync(
        NpgsqlTransaction transaction,
        List<(long LeadId, TrackVersionId Version, SignalFor For)> rows,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        rows.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                GiveSql,
                new
                {
                    leads = rows.ToArray(row => row.LeadId),
                    versions = rows.ToArray(row => row.Version.Value),
                    kinds = rows.ToArray(row => row.For.Signal.Kind),
                    names = rows.ToArray(row => row.For.Signal.Name),
                    steps = rows.ToArray(row => row.For.Signal.Step?.Value),
                    visits = rows.ToArray(row => row.For.Signal.Visit),
                    enrollments = rows.ToArray(row => row.For.Enrollment?.Value),
                    touches = rows.ToArray(row => row.For.Touch),
                    now,
                },
                cancellationToken
            );

    /// <summary>The signals of these enrollments, oldest first.</summary>
    public static async Task<ILookup<long, SignalRow>> FindAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<DueEnrollment> rows,
        CancellationToken cancellationToken
    ) =>
        (
            rows.Count == 0
                ? []
                : await transaction.QueryAsync<SignalRow>(
                    FindSql,
                    new { leads = rows.ToArray(row => row.LeadId), enrollments = rows.ToArray(row => row.Id) },
                    cancellationToken
                )
        ).ToLookup(row => row.EnrollmentId);

    /// <summary>Removes signals that a turn has taken in.</summary>
    public static Task TakeAsync(
        NpgsqlTransaction transaction,
        List<(long LeadId, SignalRow Signal)> rows,
        CancellationToken cancellationToken
    ) =>
        rows.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                TakeSql,
                new
                {
                    leads = rows.ToArray(row => row.LeadId),
                    enrollments = rows.ToArray(row => row.Signal.EnrollmentId),
                    ids = rows.ToArray(row => row.Signal.Id),
                },
                cancellationToken
            );

    /// <summary>Removes what enrollments that have ended will never take in.</summary>
    public static Task DropAsync(
        NpgsqlTransaction transaction,
        List<(long LeadId, long EnrollmentId, string Code)> ended,
        CancellationToken cancellationToken
    ) =>
        transaction.ExecuteAsync(
            DropSql,
            new { leads = ended.ToArray(row => row.LeadId), enrollments = ended.ToArray(row => row.EnrollmentId) },
            cancellationToken
        );
}

/// <summary>A signal that waits for its enrollment's next turn.</summary>
public sealed record SignalRow
{
    public long EnrollmentId { get; init; }
    public long Id { get; init; }
    public string Kind { get; init; } = "";
    public string? Name { get; init; }
    public string? Step { get; init; }
    public int? Visit { get; init; }
    public DateTimeOffset At { get; init; }

    public Signal ToSignal() =>
        new(Kind, At)
        {
            Name = Name,
            Step = Step is null ? null : new StepId(Step),
            Visit = Visit,
        };
}
