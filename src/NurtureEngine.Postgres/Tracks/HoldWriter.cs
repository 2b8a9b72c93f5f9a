using Npgsql;
using NurtureEngine.Core.Cadences;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>
/// Holds enrollments and lets them go on, for one of several reasons, in the caller's transaction: the leads are locked, so that
/// none enters a track meanwhile.
/// </summary>
internal static class HoldWriter
{
    public const string Lead = "lead";
    public const string Account = "account";
    public const string Handoff = "handoff";
    public const string Lane = "lane";

    /// <summary>A person has paused this enrollment alone.</summary>
    public const string Person = "person";

    // A parked one is held too, and stays parked: its retry leads to where it is held.
    private const string HoldSql = """
        WITH wanted AS MATERIALIZED (
            SELECT e.lead_id, e.id, e.state
              FROM unnest(@leads, @versions) AS w (lead_id, version)
              JOIN enrollment e ON e.lead_id = w.lead_id AND e.track_version_id = COALESCE(w.version, e.track_version_id)
             WHERE e.state IN (0, 3, 4) AND @reason <> ALL (COALESCE(e.held_by, '{}'))
             ORDER BY e.lead_id, e.id
               FOR NO KEY UPDATE OF e),
        held AS (
            UPDATE enrollment
               SET held_by = COALESCE(enrollment.held_by, '{}') || @reason,
                   state = CASE wanted.state WHEN 0 THEN 4 ELSE wanted.state END,
                   held_at = CASE wanted.state WHEN 0 THEN @now ELSE held_at END
              FROM wanted
             WHERE enrollment.lead_id = wanted.lead_id AND enrollment.id = wanted.id
            RETURNING enrollment.lead_id, enrollment.id, enrollment.track_id),
        told AS (
            INSERT INTO timeline (recorded_at, lead_id, occurred_at, kind, arguments)
            SELECT @now, held.lead_id, @now, 'enrollment.paused', jsonb_build_object('track', track.definition_id, 'by', @reason)
              FROM held JOIN track ON track.id = held.track_id)
        SELECT lead_id, id FROM held
        """;

    // What fell due meanwhile goes on in the order and at the pace in which it would have come, in at most @within.
    private const string ReleaseSql = """
        WITH wanted AS MATERIALIZED (
            SELECT e.lead_id, e.id, e.held_at
              FROM unnest(@leads, @versions) AS w (lead_id, version)
              JOIN enrollment e ON e.lead_id = w.lead_id AND e.track_version_id = COALESCE(w.version, e.track_version_id)
             WHERE e.state IN (0, 3, 4) AND @reason = ANY (e.held_by)
             ORDER BY e.lead_id, e.id
               FOR NO KEY UPDATE OF e),
        released AS (
            UPDATE enrollment
               SET held_by = NULLIF(array_remove(held_by, @reason), '{}'),
                   state = CASE WHEN state = 4 AND held_by = ARRAY[@reason] THEN 0 ELSE state END,
                   held_at = CASE WHEN held_by = ARRAY[@reason] THEN NULL ELSE enrollment.held_at END,
                   due_at = CASE WHEN state = 4 AND held_by = ARRAY[@reason] AND due_at <= @now
                                 THEN @now + (GREATEST(due_at, enrollment.held_at) - enrollment.held_at)
                                           * LEAST(1, extract(epoch FROM @within) / GREATEST(extract(epoch FROM @now - enrollment.held_at)::float8, 1))
                                 ELSE due_at END
              FROM wanted
             WHERE enrollment.lead_id = wanted.lead_id AND enrollment.id = wanted.id
            RETURNING enrollment.lead_id, enrollment.id, enrollment.track_id, enrollment.held_by, COALESCE(wanted.held_at, @now) AS held_at),
        told AS (
            INSERT INTO timeline (recorded_at, lead_id, occurred_at, kind, arguments)
            SELECT @now, released.lead_id, @now, 'enrollment.resumed', jsonb_build_object('track', track.definition_id, 'by', @reason)
              FROM released JOIN track ON track.id = released.track_id)
        SELECT released.lead_id, released.id, released.held_at
          FROM released JOIN track ON track.id = released.track_id
         WHERE released.held_by IS NULL AND track.paused_at IS NULL
        """;

    /// <summary>Holds the leads' enrollments in these versions, or (null) in all, and what they have planned.</summary>
    public static async Task HoldAsync(
        NpgsqlTransaction transaction,
        List<(long LeadId, int? Version)> wanted,
        string reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (wanted.Count == 0)
        {
            return;
        }

        var held = await transaction.QueryAsync<(long LeadId, long Id)>(
            HoldSql,
            new
            {
                leads = wanted.ToArray(row => row.LeadId),
                versions = wanted.ToArray(row => row.Version),
                reason,
                now,
            },
            cancellationToken
        );
        await TouchHold.HoldAsync(transaction, held, now, cancellationToken);
    }

    /// <summary>Lets the leads' enrollments in all versions go on that nothing else holds, and what they have planned.</summary>
    public static Task ReleaseAsync(
        NpgsqlTransaction transaction,
        IEnumerable<long> leads,
        string reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => ReleaseAsync(transaction, [.. leads.Select(lead => (lead, (int?)null))], reason, now, cancellationToken);

    /// <summary>Lets the leads' enrollments in these versions, or (null) in all, go on that nothing else holds, and what they have planned.</summary>
    public static async Task ReleaseAsync(
        NpgsqlTransaction transaction,
        List<(long LeadId, int? Version)> wanted,
        string reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (wanted.Count == 0)
        {
            return;
        }

        var released = await transaction.QueryAsync<(long LeadId, long Id, DateTimeOffset HeldAt)>(
            ReleaseSql,
            new
            {
                leads = wanted.ToArray(row => row.LeadId),
                versions = wanted.ToArray(row => row.Version),
                reason,
                now,
                within = Resumption.Within,
            },
            cancellationToken
        );
        await TouchHold.ReleaseAsync(transaction, released, now, cancellationToken);
    }
}
