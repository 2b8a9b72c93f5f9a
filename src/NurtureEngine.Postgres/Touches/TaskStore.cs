using Npgsql;
using NurtureEngine.Core.Tracks.Activities;

namespace NurtureEngine.Postgres.Touches;

/// <summary>Work for people: made by tracks, closed by whoever did it.</summary>
public sealed class TaskStore(NpgsqlDataSource database)
{
    // The id is derived, so a step that runs again after a lost commit makes the same task.
    private const string AddCallsSql = """
        INSERT INTO task (lead_id, id, kind, subject, due_at, created_at)
        SELECT lead_id, id, 'call', subject, due_at, @now FROM unnest(@leads, @ids, @subjects, @dueAt) AS w (lead_id, id, subject, due_at)
        ON CONFLICT (lead_id, id) DO NOTHING
        """;

    private const string CloseSql = """
        UPDATE task SET state = 'done', done_by = @by, done_at = @now WHERE id = @id AND state = 'open'
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
        List<(long LeadId, CallTask Call)> rows,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        rows.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                AddCallsSql,
                new
                {
                    leads = rows.ToArray(row => row.LeadId),
                    ids = rows.ToArray(row => row.Call.Id.Value),
                    subjects = rows.ToArray(row => row.Call.Subject),
                    dueAt = rows.ToArray(row => row.Call.DueAt),
                    now,
                },
                cancellationToken
            );
}
