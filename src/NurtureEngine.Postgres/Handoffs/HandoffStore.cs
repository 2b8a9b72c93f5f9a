using Npgsql;
using NurtureEngine.Core.Handoffs;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Postgres.Intake;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Postgres.Handoffs;

/// <summary>Leads given to sales, and what sales says.</summary>
public sealed class HandoffStore(NpgsqlDataSource database)
{
    private const string AddSql = """
        INSERT INTO handoff (lead_id, id, enrollment_id, step, visit, owner, subject, brief, created_at, due_at)
        SELECT lead_id, id, enrollment_id, step, visit, owner, subject, brief, @now, due_at
          FROM unnest(@leads, @ids, @enrollments, @steps, @visits, @owners, @subjects, @briefs, @dueAt)
               AS w (lead_id, id, enrollment_id, step, visit, owner, subject, brief, due_at)
        ON CONFLICT (lead_id, id) DO NOTHING
        """;

    // Guarded by the old state: of two answers at the same time one holds.
    private const string SettleSql = """
        WITH settled AS (
            UPDATE handoff
               SET state = @to, settled_by = @by, settled_at = @now, reason = @reason
             WHERE id = @id AND state = ANY(@from)
            RETURNING lead_id, enrollment_id, step, visit)
        SELECT s.lead_id, s.enrollment_id, s.step, s.visit, t.definition_id
          FROM settled s
          JOIN enrollment e ON e.lead_id = s.lead_id AND e.id = s.enrollment_id
          JOIN track t ON t.id = e.track_id
        """;

    private const string FreeSql = """
        SELECT w.lead_id
          FROM unnest(@leads) AS w (lead_id)
         WHERE NOT EXISTS (SELECT 1 FROM handoff h WHERE h.lead_id = w.lead_id AND h.state IN ('offered', 'accepted'))
        """;

    private const string ListSql = """
        SELECT lead_id, id, enrollment_id, state, owner, subject, brief, created_at, due_at, settled_by, settled_at, reason
          FROM handoff
         WHERE (lead_id, id) > (@afterLead, @afterId) AND (@state::text IS NULL OR state = @state)
         ORDER BY lead_id, id
         LIMIT @limit + 1
        """;

    private const string FindSql = """
        SELECT lead_id, id, enrollment_id, state, owner, subject, brief, created_at, due_at, settled_by, settled_at, reason
          FROM handoff
         WHERE id = @id
        """;

    /// <summary>
    /// Writes down what sales says, and tells the lead's tracks by way of the inbox; false where the hand-off is no longer in a
    /// state that allows it. Recycling may name the track that the lead goes on to.
    /// </summary>
    public async Task<bool> SettleAsync(HandoffAnswer answer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var settled = await transaction.QueryAsync<SettledRow>(
            SettleSql,
            new
            {
                answer.Id,
                answer.By,
                answer.Reason,
                to = answer.Outcome,
                from = HandoffOutcome.Before(answer.Outcome),
                now,
            },
            cancellationToken
        );
        if (settled.Count == 0)
        {
            return false;
        }

        await OwnEvents.AddAsync(
            transaction,
            [
                .. settled.Select(row =>
                    (
                        row.LeadId,
                        new LeadChange(new EnrollmentId(row.EnrollmentId), new StepId(row.Step), row.Visit)
                        {
                            Handoff = answer.Outcome,
                            From = row.DefinitionId,
                            MoveTo = answer.Track,
                        }
                    )
                ),
            ],
            now,
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>The hand-offs behind a key, by lead; <paramref name="state"/> null means all.</summary>
    public async Task<Page<HandoffRow, (long, Guid)>> ListAsync(
        string? state,
        (long Lead, Guid Id)? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var rows = await database.QueryAsync<HandoffRow>(
            ListSql,
            new
            {
                state,
                afterLead = after?.Lead ?? 0,
                afterId = after?.Id ?? Guid.Empty,
                limit,
            },
            cancellationToken
        );
        return Page.Of(rows, limit, row => (row.LeadId, row.Id));
    }

    /// <summary>A hand-off; null where there is none of that id.</summary>
    public async Task<HandoffRow?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<HandoffRow>(FindSql, new { id }, cancellationToken);

    /// <summary>Those of these leads that sales has not, or has given back.</summary>
    internal static async Task<List<long>> FindFreeAsync(
        NpgsqlTransaction transaction,
        long[] leads,
        CancellationToken cancellationToken
    ) => leads.Length == 0 ? [] : await transaction.QueryAsync<long>(FreeSql, new { leads }, cancellationToken);

    internal static Task AddAsync(
        NpgsqlTransaction transaction,
        List<(DueEnrollment Enrollment, Handoff Handoff)> rows,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        rows.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                AddSql,
                new
                {
                    leads = rows.ToArray(row => row.Enrollment.LeadId),
                    ids = rows.ToArray(row => row.Handoff.Id.Value),
                    enrollments = rows.ToArray(row => row.Enrollment.Id),
                    steps = rows.ToArray(row => row.Handoff.Step.Value),
                    visits = rows.ToArray(row => row.Handoff.Visit),
                    owners = rows.ToArray(row => row.Handoff.Owner),
                    subjects = rows.ToArray(row => row.Handoff.Brief.Subject),
                    briefs = rows.ToArray(row => row.Handoff.Brief.Text),
                    dueAt = rows.ToArray(row => row.Handoff.DueAt),
                    now,
                },
                cancellationToken
            );

    private sealed record SettledRow
    {
        public long LeadId { get; init; }
        public long EnrollmentId { get; init; }
        public string Step { get; init; } = "";
        public int Visit { get; init; }
        public string DefinitionId { get; init; } = "";
    }
}

/// <summary>What sales says to a hand-off: who, what, and why; with the track to go on to where they recycle the lead.</summary>
public sealed record HandoffAnswer(Guid Id, string Outcome, string By, string? Reason, string? Track);

/// <summary>A hand-off as it stands. Holds personal data.</summary>
public sealed record HandoffRow
{
    public long LeadId { get; init; }
    public Guid Id { get; init; }
    public long EnrollmentId { get; init; }
    public string State { get; init; } = "";
    public string? Owner { get; init; }
    public string Subject { get; init; } = "";
    public string Brief { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public string? SettledBy { get; init; }
    public DateTimeOffset? SettledAt { get; init; }
    public string? Reason { get; init; }
}
