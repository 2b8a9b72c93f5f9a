using Npgsql;

namespace NurtureEngine.Postgres.Touches;

/// <summary>
/// Makes enrollments due whose touch comes to an end. Called before the touches themselves are changed, since enrollments
/// come first in every writer's order of locks; one woken too often only looks and waits on.
/// </summary>
internal static class EnrollmentWake
{
    private const string WakeSql = """
        WITH waiting AS MATERIALIZED (
            SELECT e.lead_id, e.id
              FROM enrollment e
             WHERE e.state IN (0, 4)
               AND (e.lead_id, e.id) IN (SELECT t.lead_id, t.enrollment_id FROM touch t WHERE t.id = ANY(@touches))
             ORDER BY e.lead_id, e.id
               FOR NO KEY UPDATE)
        UPDATE enrollment
           SET due_at = LEAST(enrollment.due_at, @now)
          FROM waiting
         WHERE enrollment.lead_id = waiting.lead_id AND enrollment.id = waiting.id
        """;

    public static Task WakeAsync(
        NpgsqlTransaction transaction,
        Guid[] touches,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        touches.Length == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(WakeSql, new { touches, now }, cancellationToken);
}
