using Npgsql;
using NurtureEngine.Core.Tracks.Activities.Actions;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Postgres.Touches;

/// <summary>Work for people: made by tracks, closed by whoever did it.</summary>
public sealed class TaskStore(NpgsqlDataSource database)
{
    // The id is derived, so a step that runs again after a lost commit makes the same task.
    private const string AddCallsSql = """
        INSERT INTO task (lead_id, id, enrollment_id, kind, subject, due_at, created_at)
        SELECT lead_id, id, enrollment_id, 'call', subject, due_at, @now
          FROM unnest(@leads, @ids, @enrollments, @subjects, @dueAt) AS w (lead_id, id, enrollment_id, subject, due_at)
        ON CONFLICT (lead_id, id) DO NOTHING
        """;

    private const string CloseSql = """
        UPDATE task SET state = 'done', closed_by = @by, closed_at = @now WHERE id = @id AND state = 'open'
        """;

    private const string CancelSql = """
        UPDATE task SET state = 'cancelled', closed_at = @now
          FROM unnest(@leads, @enrollments) AS w (lead_id, enrollment_id)
         WHERE task.lead_id = w.lead_id AND task.enrollment_id = w.enrollment_id AND task.state = 'open'
        """;

    /// <summary>Closes a task; false where there is no open one of that id. <paramref name="by"/> names the API key.</summary>
    public async Task<bool> CloseAsync(Guid id, string by, DateTimeOffset now, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            CloseSql,
            new
            {
                id,
                by,
                now,
            },
            cancellationToken
        ) == 1;

    internal static Task AddCallsAsync(
        NpgsqlTransaction transaction,
        List<(DueEnrollment Enrollment, CallTask Call)> rows,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        rows.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                AddCallsSql,
                new
                {
                    leads = rows.ToArray(row => row.Enrollment.LeadId),
                    ids = rows.ToArray(row => row.Call.Id.Value),
                    enrollments = rows.ToArray(row => row.Enrollment.Id),
                    subjects = rows.ToArray(row => row.Call.Subject),
                    dueAt = rows.ToArray(row => row.Call.DueAt),
                    now,
                },
                cancellationToken
            );

    /// <summary>Takes back what enrollments had asked for; one that runs to its end leaves its calls to be made.</summary>
    internal static Task CancelAsync(
        NpgsqlTransaction transaction,
        List<(long LeadId, long EnrollmentId, string Code)> left,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        transaction.ExecuteAsync(
            CancelSql,
            new
            {
                leads = left.ToArray(row => row.LeadId),
                enrollments = left.ToArray(row => row.EnrollmentId),
                now,
            },
            cancellationToken
        );
}
