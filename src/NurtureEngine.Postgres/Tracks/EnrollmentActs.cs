using Npgsql;
using NurtureEngine.Core.People;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Acts;
using NurtureEngine.Core.Tracks.Running;
using NurtureEngine.Core.Tracks.Watching;
using NurtureEngine.Postgres.Intake;
using NurtureEngine.Postgres.People;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>Does to one enrollment what people want, with the entry in the audit log in the same transaction. Locks: lead, enrollment, touch.</summary>
public sealed class EnrollmentActs(NpgsqlDataSource database)
{
    private const string LeadOfParkedSql = "SELECT lead_id FROM enrollment WHERE id = @id AND state = 3";

    private const string LockLeadSql = "SELECT id FROM lead WHERE id = @leadId FOR NO KEY UPDATE";

    private const string FindSql = """
        SELECT e.lead_id, e.id, e.track_version_id, e.state, e.entered_at, e.tokens, e.held_by, t.definition_id
          FROM enrollment e
          JOIN track t ON t.id = e.track_id
         WHERE e.lead_id = @leadId AND e.id = @id AND e.state IN (0, 3, 4)
           FOR NO KEY UPDATE OF e
        """;

    // The mail server may defer it, and after that no one would cancel it.
    private const string HandingSql =
        "SELECT id FROM touch WHERE lead_id = @leadId AND enrollment_id = @id AND state = 'handing' LIMIT 1 FOR UPDATE";

    // The tokens of a parked one are as they were when it was parked. One that is held stays held.
    private const string ContinueSql = """
        WITH continued AS (
            UPDATE enrollment
               SET state = CASE WHEN held_by IS NULL THEN 0 ELSE 4 END, held_at = CASE WHEN held_by IS NULL THEN NULL ELSE COALESCE(held_at, @now) END,
                   due_at = @now, tokens = @tokens, code = NULL, argument = NULL
             WHERE lead_id = @leadId AND id = @id
            RETURNING lead_id, track_id)
        INSERT INTO timeline (recorded_at, lead_id, occurred_at, kind, arguments)
        SELECT @now, continued.lead_id, @now, @kind, jsonb_build_object('track', track.definition_id, 'step', @step::text)
          FROM continued JOIN track ON track.id = continued.track_id
        """;

    /// <summary>The lead of a parked enrollment; null if none of that id is parked.</summary>
    public async Task<long?> FindLeadOfParkedAsync(long id, CancellationToken cancellationToken) =>
        (await database.QueryAsync<long>(LeadOfParkedSql, new { id }, cancellationToken)) is [var lead] ? lead : null;

    /// <summary>Does an act; the rule says where an enrollment that is moved on stands then (null: it can't be).</summary>
    public async Task<ActOutcome> DoAsync(
        EnrollmentAct act,
        Func<TrackVersionId, Standing, Standing?> skip,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.QueryAsync<long>(LockLeadSql, new { act.LeadId }, cancellationToken);
        if (
            await transaction.QueryAsync<LiveRow>(FindSql, new { act.LeadId, act.Id }, cancellationToken)
            is not [var row]
        )
        {
            return ActOutcome.Gone;
        }

        if (!await DoAsync(transaction, act, row, skip, now, cancellationToken))
        {
            return ActOutcome.Otherwise;
        }

        await transaction.AuditAsync(EntryOf(act, row, now), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return ActOutcome.Done;
    }

    private static async Task<bool> DoAsync(
        NpgsqlTransaction transaction,
        EnrollmentAct act,
        LiveRow row,
        Func<TrackVersionId, Standing, Standing?> skip,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        // A lead is in a version of a track once at a time.
        List<(long LeadId, int? Version)> one = [(row.LeadId, row.TrackVersionId)];
        var isPaused = row.HeldBy?.Contains(HoldWriter.Person) == true;
        switch (act.Kind)
        {
            case ActKind.Pause when !isPaused:
                await HoldWriter.HoldAsync(transaction, one, HoldWriter.Person, now, cancellationToken);
                return true;
            case ActKind.Resume when isPaused:
                await HoldWriter.ReleaseAsync(transaction, one, HoldWriter.Person, now, cancellationToken);
                return true;
            case ActKind.Retry when row.State == (short)EnrollmentState.Parked:
                await ContinueAsync(transaction, row, row.Tokens, "enrollment.retried", null, now, cancellationToken);
                return true;
            case ActKind.Skip
                when row.Standing is { } standing
                    && skip(new(row.TrackVersionId), standing) is { } ahead
                    && (
                        await transaction.QueryAsync<Guid>(HandingSql, new { row.LeadId, row.Id }, cancellationToken)
                    ).Count == 0:
                await SkipAsync(transaction, act, row, standing, ahead, now, cancellationToken);
                return true;
            case ActKind.Exit:
                await EnrollmentWriter.ExitAsync(
                    transaction,
                    [(row.LeadId, new(default, new(row.TrackVersionId), "person.removed"))],
                    now,
                    cancellationToken
                );
                await OwnEvents.AddAsync(
                    transaction,
                    await FreedLanes.FindAsync(transaction, [(row.LeadId, new(row.Id))], cancellationToken),
                    now,
                    cancellationToken
                );
                return true;
            default:
                return false;
        }
    }

    private static async Task SkipAsync(
        NpgsqlTransaction transaction,
        EnrollmentAct act,
        LiveRow row,
        Standing before,
        Standing ahead,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        List<(long LeadId, long EnrollmentId, string Code)> left = [(row.LeadId, row.Id, "person.skipped")];
        await ContinueAsync(
            transaction,
            row,
            TokenCodec.Write(ahead),
            "enrollment.skipped",
            act.Step,
            now,
            cancellationToken
        );
        await TouchCancel.OfEnrollmentsAsync(transaction, left, now, cancellationToken);
        await TaskStore.CancelAsync(transaction, left, now, cancellationToken);
        await StepTallies.AddAsync(
            transaction,
            before
                .Tokens.Where(token => !token.IsEntering)
                .Select(token => (row.TrackVersionId, row.EnteredAt, new StepCount(token.Step, Entered: 0, Passed: 1))),
            cancellationToken
        );
    }

    private static Task ContinueAsync(
        NpgsqlTransaction transaction,
        LiveRow row,
        byte[] tokens,
        string kind,
        string? step,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        transaction.ExecuteAsync(
            ContinueSql,
            new
            {
                row.LeadId,
                row.Id,
                tokens,
                kind,
                step,
                now,
            },
            cancellationToken
        );

    // The reason is the actor's own words, for the log alone.
    private static AuditEntry EntryOf(EnrollmentAct act, LiveRow row, DateTimeOffset now) =>
        AuditEntry.OfEnrollment(
            now,
            act.Actor,
            $"enrollment.{act.Kind.ToString().ToLowerInvariant()}",
            (row.LeadId, row.Id),
            new
            {
                track = row.DefinitionId,
                reason = act.Reason,
                step = act.Step,
            }
        );

    private sealed record LiveRow
    {
        public long LeadId { get; init; }
        public long Id { get; init; }
        public int TrackVersionId { get; init; }
        public short State { get; init; }
        public DateTimeOffset EnteredAt { get; init; }
        public byte[] Tokens { get; init; } = [];
        public string[]? HeldBy { get; init; }
        public string DefinitionId { get; init; } = "";

        public Standing? Standing => new StandingRow { Tokens = Tokens }.ReadStanding();
    }
}
