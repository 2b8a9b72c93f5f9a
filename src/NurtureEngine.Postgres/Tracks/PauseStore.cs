using Npgsql;
using NurtureEngine.Core.Cadences;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>Pauses a lead, an account or a track, and lets them go on without a burst. Locks: account, lead, enrollment, touch.</summary>
public sealed class PauseStore(NpgsqlDataSource database)
{
    private const string PauseLeadSql =
        "UPDATE lead SET paused_at = @now WHERE id = @id AND paused_at IS NULL RETURNING id";

    private const string ResumeLeadSql =
        "UPDATE lead SET paused_at = NULL WHERE id = @id AND paused_at IS NOT NULL RETURNING id";

    private const string PauseAccountSql =
        "UPDATE account SET paused_at = @now WHERE id = @id AND paused_at IS NULL RETURNING id";

    private const string ResumeAccountSql =
        "UPDATE account SET paused_at = NULL WHERE id = @id AND paused_at IS NOT NULL RETURNING id";

    private const string LockLeadsOfAccountSql =
        "SELECT id FROM lead WHERE account_id = @id ORDER BY id FOR NO KEY UPDATE";

    private const string PauseTrackSql =
        "UPDATE track SET paused_at = @now WHERE definition_id = @id AND paused_at IS NULL RETURNING id";

    private const string ResumeTrackSql = """
        WITH before AS (SELECT id, paused_at FROM track WHERE definition_id = @id AND paused_at IS NOT NULL FOR NO KEY UPDATE)
        UPDATE track SET paused_at = NULL FROM before WHERE track.id = before.id
        RETURNING track.id, before.paused_at
        """;

    // Nobody advances the versions of a paused track; here its overdue enrollments are spread before somebody does.
    private const string SpreadSql = """
        WITH overdue AS MATERIALIZED (
            SELECT e.lead_id, e.id
              FROM track_version v
              JOIN enrollment e ON e.track_version_id = v.id AND e.state = 0 AND e.due_at <= @now
             WHERE v.track_id = @track
             ORDER BY e.lead_id, e.id
               FOR NO KEY UPDATE OF e)
        UPDATE enrollment
           SET due_at = @now + (GREATEST(due_at, @since) - @since)
                             * LEAST(1, extract(epoch FROM @within) / GREATEST(extract(epoch FROM @now - @since)::float8, 1))
          FROM overdue
         WHERE enrollment.lead_id = overdue.lead_id AND enrollment.id = overdue.id
        """;

    private const string PlannedOfTrackSql = """
        SELECT DISTINCT t.lead_id, t.enrollment_id
          FROM touch t
          JOIN enrollment e ON e.lead_id = t.lead_id AND e.id = t.enrollment_id
         WHERE e.track_id = @track AND t.state IN ('planned', 'deferred')
        """;

    // Of those that are held for reasons of their own the touches stay held.
    private const string HeldOfTrackSql = """
        SELECT DISTINCT t.lead_id, t.enrollment_id
          FROM touch t
          JOIN enrollment e ON e.lead_id = t.lead_id AND e.id = t.enrollment_id
         WHERE e.track_id = @track AND t.state = 'deferred' AND t.code = 'enrollment.paused' AND e.held_by IS NULL
        """;

    /// <summary>Pauses a lead; false where there is none of that id that was not paused.</summary>
    public Task<bool> PauseLeadAsync(long id, DateTimeOffset now, CancellationToken cancellationToken) =>
        WithinAsync(
            async transaction =>
            {
                var found = await transaction.QueryAsync<long>(PauseLeadSql, new { id, now }, cancellationToken);
                await HoldAsync(transaction, found, HoldWriter.Lead, now, cancellationToken);
                return found.Count > 0;
            },
            cancellationToken
        );

    /// <summary>Lets a lead go on; false where there is none of that id that was paused.</summary>
    public Task<bool> ResumeLeadAsync(long id, DateTimeOffset now, CancellationToken cancellationToken) =>
        WithinAsync(
            async transaction =>
            {
                var found = await transaction.QueryAsync<long>(ResumeLeadSql, new { id }, cancellationToken);
                await HoldWriter.ReleaseAsync(transaction, found, HoldWriter.Lead, now, cancellationToken);
                return found.Count > 0;
            },
            cancellationToken
        );

    /// <summary>Pauses an account with all its leads; false where there is none of that id that was not paused.</summary>
    public Task<bool> PauseAccountAsync(long id, DateTimeOffset now, CancellationToken cancellationToken) =>
        WithinAsync(
            async transaction =>
            {
                var found = await transaction.QueryAsync<long>(PauseAccountSql, new { id, now }, cancellationToken);
                var leads = found.Count == 0 ? [] : await LeadsOfAsync(transaction, id, cancellationToken);
                await HoldAsync(transaction, leads, HoldWriter.Account, now, cancellationToken);
                return found.Count > 0;
            },
            cancellationToken
        );

    /// <summary>Lets an account go on; leads that are paused themselves stay so. False where there is none that was paused.</summary>
    public Task<bool> ResumeAccountAsync(long id, DateTimeOffset now, CancellationToken cancellationToken) =>
        WithinAsync(
            async transaction =>
            {
                var found = await transaction.QueryAsync<long>(ResumeAccountSql, new { id }, cancellationToken);
                var leads = found.Count == 0 ? [] : await LeadsOfAsync(transaction, id, cancellationToken);
                await HoldWriter.ReleaseAsync(transaction, leads, HoldWriter.Account, now, cancellationToken);
                return found.Count > 0;
            },
            cancellationToken
        );

    /// <summary>Pauses a track, by its definition id: leads go on to enter, and nothing is done for them. False where there is none to pause.</summary>
    public Task<bool> PauseTrackAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        WithinAsync(
            async transaction =>
            {
                var found = await transaction.QueryAsync<int>(PauseTrackSql, new { id, now }, cancellationToken);
                foreach (var track in found)
                {
                    var planned = await transaction.QueryAsync<(long LeadId, long EnrollmentId)>(
                        PlannedOfTrackSql,
                        new { track },
                        cancellationToken
                    );
                    await TouchHold.HoldAsync(transaction, planned, now, cancellationToken);
                }

                return found.Count > 0;
            },
            cancellationToken
        );

    /// <summary>Lets a track go on; false where there is none of that definition id that was paused.</summary>
    public Task<bool> ResumeTrackAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        WithinAsync(
            async transaction =>
            {
                var found = await transaction.QueryAsync<(int Id, DateTimeOffset PausedAt)>(
                    ResumeTrackSql,
                    new { id },
                    cancellationToken
                );
                foreach (var (track, since) in found)
                {
                    var parameters = new
                    {
                        track,
                        since,
                        now,
                        within = Resumption.Within,
                    };
                    await transaction.ExecuteAsync(SpreadSql, parameters, cancellationToken);
                    var held = await transaction.QueryAsync<(long LeadId, long EnrollmentId)>(
                        HeldOfTrackSql,
                        new { track },
                        cancellationToken
                    );
                    await TouchHold.ReleaseAsync(
                        transaction,
                        held.ConvertAll(row => (row.LeadId, row.EnrollmentId, since)),
                        now,
                        cancellationToken
                    );
                }

                return found.Count > 0;
            },
            cancellationToken
        );

    private static Task HoldAsync(
        NpgsqlTransaction transaction,
        List<long> leads,
        string reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        HoldWriter.HoldAsync(transaction, leads.ConvertAll(lead => (lead, (int?)null)), reason, now, cancellationToken);

    private static Task<List<long>> LeadsOfAsync(
        NpgsqlTransaction transaction,
        long account,
        CancellationToken cancellationToken
    ) => transaction.QueryAsync<long>(LockLeadsOfAccountSql, new { id = account }, cancellationToken);

    private async Task<bool> WithinAsync(Func<NpgsqlTransaction, Task<bool>> act, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var isDone = await act(transaction);
        await transaction.CommitAsync(cancellationToken);
        return isDone;
    }
}
