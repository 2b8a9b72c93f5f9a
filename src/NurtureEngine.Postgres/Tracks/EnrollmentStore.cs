using Npgsql;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>Takes the enrollments that are due.</summary>
public sealed class EnrollmentStore(NpgsqlDataSource database)
{
    // SKIP LOCKED lets hosts advance side by side; no lease is needed, since nothing outside the database happens before
    // the commit. Versions take their turn by their oldest due enrollment, and each is walked in its own stretch of the index,
    // so that versions this program can't run cost nothing. The outer limit ends the loop: no more is locked than is taken.
    private const string TakeDueSql = """
        SELECT e.lead_id, e.id, e.track_version_id, e.entered_at, e.due_at, e.tokens
          FROM (SELECT w.id
                  FROM unnest(@runnable) AS w (id)
                 CROSS JOIN LATERAL (
                       SELECT due_at
                         FROM enrollment
                        WHERE track_version_id = w.id AND state = 0 AND due_at <= @now
                        ORDER BY due_at
                        LIMIT 1) AS oldest
                 ORDER BY oldest.due_at) AS v
         CROSS JOIN LATERAL (
               SELECT lead_id, id, track_version_id, entered_at, due_at, tokens
                 FROM enrollment
                WHERE track_version_id = v.id AND state = 0 AND due_at <= @now
                ORDER BY due_at
                LIMIT @limit
                  FOR UPDATE SKIP LOCKED) AS e
         LIMIT @limit
        """;

    // It stays due, with its tokens, should somebody else have advanced it meanwhile.
    private const string ParkSql = """
        WITH parked AS (
            UPDATE enrollment SET state = 3, due_at = NULL, code = @code, argument = @argument
             WHERE lead_id = @leadId AND id = @id AND state = 0 AND tokens = @tokens
            RETURNING lead_id, track_id)
        INSERT INTO timeline (recorded_at, lead_id, occurred_at, kind, arguments)
        SELECT @now, parked.lead_id, @now, 'enrollment.parked', jsonb_build_object('track', track.definition_id, 'code', @code)
          FROM parked JOIN track ON track.id = parked.track_id
        """;

    /// <summary>Parks an enrollment as it was taken, in a transaction of its own.</summary>
    public Task ParkAsync(
        DueEnrollment taken,
        string code,
        string? argument,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        database.ExecuteAsync(
            ParkSql,
            new
            {
                taken.LeadId,
                taken.Id,
                taken.Tokens,
                code,
                argument,
                now,
            },
            cancellationToken
        );

    /// <summary>
    /// Takes what is due at <paramref name="now"/> (business time) in the versions that this program can run, for one transaction;
    /// null where nothing is.
    /// </summary>
    public async Task<DueEnrollments?> TakeDueAsync(
        DateTimeOffset now,
        int[] runnable,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        NpgsqlTransaction transaction;
        try
        {
            transaction = await connection.BeginTransactionAsync(cancellationToken);
            var due = await transaction.QueryAsync<DueEnrollment>(
                TakeDueSql,
                new
                {
                    now,
                    runnable,
                    limit,
                },
                cancellationToken
            );
            if (due.Count > 0)
            {
                return new DueEnrollments(connection, transaction, due, now);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await transaction.DisposeAsync();
        await connection.DisposeAsync();
        return null;
    }
}

/// <summary>An enrollment that is due, its tokens still in bytes.</summary>
public sealed record DueEnrollment
{
    public long LeadId { get; init; }
    public long Id { get; init; }
    public int TrackVersionId { get; init; }
    public DateTimeOffset EnteredAt { get; init; }
    public DateTimeOffset DueAt { get; init; }
    public byte[] Tokens { get; init; } = [];

    public TrackVersionId Version => new(TrackVersionId);
}

/// <summary>A row's turn; what the runner decided for it.</summary>
public sealed record AdvancedEnrollment(DueEnrollment Due, Turn Turn, IReadOnlyDictionary<string, int> ContentVersions)
{
    /// <summary>Where it stood before; nowhere if that can't be read.</summary>
    public Standing Before { get; init; } = Standing.Over;

    /// <summary>The signals that the turn was told of.</summary>
    public IEnumerable<SignalRow> Signals { get; init; } = [];
}

/// <summary>The touches among these that have come to an end, one way or the other.</summary>
internal static class SettledTouches
{
    private const string FindSql = """
        SELECT t.id
          FROM unnest(@leads, @touches) AS w (lead_id, id)
          JOIN touch t USING (lead_id, id)
         WHERE t.state IN ('returned', 'expired', 'skipped', 'cancelled', 'accepted', 'rejected', 'uncertain')
        """;

    public static async Task<HashSet<TouchId>> FindAsync(
        NpgsqlTransaction transaction,
        List<(long LeadId, TouchId Touch)> awaited,
        CancellationToken cancellationToken
    )
    {
        if (awaited.Count == 0)
        {
            return [];
        }

        var parameters = new
        {
            leads = awaited.ToArray(row => row.LeadId),
            touches = awaited.ToArray(row => row.Touch.Value),
        };
        var rows = await transaction.QueryAsync<Guid>(FindSql, parameters, cancellationToken);
        return [.. rows.Select(id => new TouchId(id))];
    }
}
