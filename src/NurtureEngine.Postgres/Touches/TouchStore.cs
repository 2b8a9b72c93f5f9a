using Npgsql;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Touches;
using NurtureEngine.Postgres.Gates;
using NurtureEngine.Postgres.Intake;

namespace NurtureEngine.Postgres.Touches;

/// <summary>Claims touches that are due, opens the gate's transaction over them, and records the channel's answers.</summary>
public sealed class TouchStore(NpgsqlDataSource database)
{
    // SKIP LOCKED lets hosts claim side by side; the lease brings back a touch whose host died before handing it over. Priority by
    // priority: what is planned for later at a higher one is not walked over.
    private const string ClaimSql = """
        WITH due AS MATERIALIZED (
            SELECT ranked.lead_id, ranked.id
              FROM generate_series(100, 0, -1) AS rank (priority)
             CROSS JOIN LATERAL (
                SELECT lead_id, id
                  FROM touch
                 WHERE state = 'planned' AND touch.channel = @channel AND touch.priority = rank.priority AND due_at <= @now
                   AND NOT EXISTS (SELECT FROM sending_stop WHERE sending_stop.channel = @channel)
                 ORDER BY due_at
                 LIMIT @limit
                   FOR UPDATE OF touch SKIP LOCKED) AS ranked
             LIMIT @limit)
        UPDATE touch
           SET state = 'claimed', lease = @lease, leased_until = clock_timestamp() + @hold
          FROM due
          JOIN lead ON lead.id = due.lead_id
          LEFT JOIN lead_address ON lead_address.lead_id = due.lead_id AND lead_address.channel = @channel
         WHERE touch.lead_id = due.lead_id AND touch.id = due.id
        RETURNING touch.lead_id, touch.id, touch.enrollment_id, touch.step, touch.channel, touch.content_version_id,
                  touch.attempts, touch.approved_at IS NOT NULL AS is_approved, touch.code, touch.priority, touch.due_at,
                  lead_address.address, lead.account_id
        """;

    // First, so that the statement that settles sees under which lead a merge has put the reservation.
    private const string LockSql =
        "SELECT id FROM touch WHERE id = ANY(@ids) AND state = 'handing' AND lease = @lease ORDER BY lead_id, id FOR UPDATE";

    // The lease fences the answer: a host that was too slow finds its touch uncertain and changes nothing. By the touch alone: its lead
    // may have ended in another meanwhile.
    private const string SettleSql = """
        WITH settled AS (
            UPDATE touch
               SET state = w.state, code = w.code, argument = w.argument, lease = NULL, leased_until = NULL,
                   attempts = attempts + w.tries,
                   retry_at = CASE WHEN w.state = 'deferred' THEN clock_timestamp() + w.retry_after END,
                   settled_at = CASE WHEN w.state <> 'deferred' THEN @now END
              FROM unnest(@ids, @states, @codes, @arguments, @tries, @retryAfter)
                   AS w (id, state, code, argument, tries, retry_after)
             WHERE touch.id = w.id AND touch.state = 'handing' AND touch.lease = @lease
            RETURNING touch.lead_id, touch.id, touch.state, touch.code, touch.argument),
        released AS (
            DELETE FROM reservation
             USING settled
             WHERE reservation.lead_id = settled.lead_id AND reservation.touch_id = settled.id
               AND settled.state IN ('rejected', 'deferred'))
        INSERT INTO touch_event (recorded_at, lead_id, touch_id, state, code, argument)
        SELECT @now, lead_id, id, state, code, argument FROM settled
        """;

    /// <summary>
    /// Claims what is due on a channel at <paramref name="now"/> (business time), the most urgent first, for as long as
    /// <paramref name="hold"/> by the database's clock.
    /// </summary>
    public async Task<IReadOnlyList<ClaimedTouch>> ClaimAsync(
        string channel,
        Guid lease,
        TimeSpan hold,
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var claimed = await database.QueryAsync<ClaimedTouch>(
            ClaimSql,
            new
            {
                channel,
                lease,
                hold,
                now,
                limit,
            },
            cancellationToken
        );
        if (claimed.Count > 0)
        {
            Waypoints.Pass("dispatch.claimed");
        }

        return claimed;
    }

    // The gate could not even decide on it, at every attempt the same way: a person has to look.
    private const string GiveUpSql = """
        WITH given_up AS (
            UPDATE touch
               SET state = 'skipped', code = 'gate.failed', argument = @fault, lease = NULL, leased_until = NULL, settled_at = @now
             WHERE lead_id = @LeadId AND id = @Id AND state = 'claimed' AND lease = @lease
            RETURNING lead_id, id)
        INSERT INTO touch_event (recorded_at, lead_id, touch_id, state, code, argument)
        SELECT @now, lead_id, id, 'skipped', 'gate.failed', @fault FROM given_up
        """;

    /// <summary>Skips a claimed touch that the gate fails on; <paramref name="fault"/> holds no personal data.</summary>
    public async Task GiveUpAsync(
        ClaimedTouch touch,
        Guid lease,
        string fault,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await EnrollmentWake.WakeAsync(transaction, [touch.Id], now, cancellationToken);
        var parameters = new
        {
            touch.LeadId,
            touch.Id,
            lease,
            fault,
            now,
        };
        await transaction.ExecuteAsync(GiveUpSql, parameters, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private const string ReleaseSql = """
        UPDATE touch
           SET state = 'deferred', code = @code, argument = NULL, lease = NULL, leased_until = NULL,
               retry_at = clock_timestamp() + w.wait
          FROM unnest(@leads, @ids, @waits) AS w (lead_id, id, wait)
         WHERE touch.lead_id = w.lead_id AND touch.id = w.id AND state = 'claimed' AND lease = @lease
        """;

    /// <summary>Gives claimed touches back untried, to be claimed again after a while (by the database's clock).</summary>
    public Task ReleaseAsync(
        IReadOnlyList<(ClaimedTouch Touch, TimeSpan Wait)> touches,
        Guid lease,
        string code,
        CancellationToken cancellationToken
    ) =>
        touches.Count == 0
            ? Task.CompletedTask
            : database.ExecuteAsync(
                ReleaseSql,
                new
                {
                    leads = touches.ToArray(row => row.Touch.LeadId),
                    ids = touches.ToArray(row => row.Touch.Id),
                    waits = touches.ToArray(row => row.Wait),
                    lease,
                    code,
                },
                cancellationToken
            );

    /// <summary>Opens the gate's transaction over touches of one claim. The caller disposes it.</summary>
    public async Task<GateTransaction> OpenGateAsync(
        IReadOnlyList<ClaimedTouch> touches,
        GateLook look,
        Guid lease,
        CancellationToken cancellationToken
    )
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            return await GateTransaction.OpenAsync(connection, transaction, touches, look, lease, cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Records what the channel answered, and wakes the enrollments that waited for it, in one transaction.</summary>
    public async Task SettleAsync(
        IReadOnlyList<SettledTouch> touches,
        Guid lease,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await EnrollmentWake.WakeAsync(
            transaction,
            [.. touches.Where(touch => touch.Outcome.State != TouchState.Deferred).Select(touch => touch.Id)],
            now,
            cancellationToken
        );
        await transaction.QueryAsync<Guid>(
            LockSql,
            new { ids = touches.ToArray(touch => touch.Id), lease },
            cancellationToken
        );
        await transaction.ExecuteAsync(
            SettleSql,
            new
            {
                ids = touches.ToArray(touch => touch.Id),
                states = touches.ToArray(touch => touch.Outcome.State),
                codes = touches.ToArray(touch => touch.Outcome.Code),
                arguments = touches.ToArray(touch => touch.Outcome.Argument),
                tries = touches.ToArray(touch => touch.IsTried ? 1 : 0),
                retryAfter = touches.ToArray(touch => touch.Outcome.RetryAfter),
                lease,
                now,
            },
            cancellationToken
        );
        await FeedbackStore.AppendAsync(
            transaction,
            [
                .. touches
                    .Where(touch => touch.Outcome.Bounce is not null)
                    .Select(touch => new Feedback(touch.Outcome.Bounce!.Value, touch.Id, touch.Outcome.Argument)),
            ],
            now,
            cancellationToken
        );
        Waypoints.Pass("dispatch.settling");
        await transaction.CommitAsync(cancellationToken);
        Waypoints.Pass("dispatch.settled");
    }
}

/// <summary>A touch in this host's hands.</summary>
public sealed record ClaimedTouch
{
    public long LeadId { get; init; }
    public Guid Id { get; init; }
    public long EnrollmentId { get; init; }
    public string Step { get; init; } = "";
    public string Channel { get; init; } = "";
    public int ContentVersionId { get; init; }
    public int Attempts { get; init; }
    public bool IsApproved { get; init; }

    /// <summary>Why it was given back when it was claimed before; null where it was not.</summary>
    public string? Code { get; init; }

    public int Priority { get; init; }
    public DateTimeOffset DueAt { get; init; }

    /// <summary>The lead's address when it was claimed, trimmed, lower case; null where there is none.</summary>
    public string? Address { get; init; }

    /// <summary>The lead's account when it was claimed; null where there is none.</summary>
    public long? AccountId { get; init; }
}

/// <summary>What became of a touch that was in hand, whether an attempt was made at all, and whether the connection was lost at it.</summary>
public sealed record SettledTouch(long LeadId, Guid Id, Settlement Outcome, bool IsTried, bool IsLost);
