using Npgsql;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Activities.Triggers;
using NurtureEngine.Postgres.Intake;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>
/// Finds the leads whose moment has come, for triggers of the calendar, and puts their events into the inbox. Each trigger
/// remembers how far it has looked, so that a look costs what it finds.
/// </summary>
public sealed class MomentStore(NpgsqlDataSource database)
{
    // A track that is new looks back at all silence, and at no date that has passed.
    private const string BeginSql = """
        INSERT INTO moment_scan (track_id, step, at, lead_id)
        VALUES (@track, @step, CASE WHEN @field::text IS NULL THEN '1900-01-01Z'::timestamptz ELSE @until END, 0)
        ON CONFLICT DO NOTHING
        """;

    // One host looks at a time; the others have the next trigger meanwhile.
    private const string LockSql =
        "SELECT at, lead_id FROM moment_scan WHERE track_id = @track AND step = @step FOR UPDATE SKIP LOCKED";

    // The place is a parameter, not a join: the index is entered there, and what lies before it is not read.
    private const string SilentSql = """
        SELECT l.id AS lead_id, l.active_at AS at
          FROM lead l
         WHERE (l.active_at, l.id) > (@at, @lead) AND l.active_at <= @until AND l.deleted_at IS NULL
         ORDER BY l.active_at, l.id
         LIMIT @limit
        """;

    private const string DatesSql = """
        SELECT d.lead_id, d.at
          FROM lead_date d
         WHERE d.field = @field AND (d.at, d.lead_id) > (@at, @lead) AND d.at <= @until
         ORDER BY d.at, d.lead_id
         LIMIT @limit
        """;

    private const string AdvanceSql =
        "UPDATE moment_scan SET at = @at, lead_id = @lead WHERE track_id = @track AND step = @step";

    /// <summary>
    /// Looks for the next leads of one trigger at <paramref name="now"/> (business time). True where there may be more.
    /// </summary>
    public async Task<bool> ScanAsync(
        PublishedTrack track,
        StepId step,
        IMomentTrigger trigger,
        int limit,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var scan = new
        {
            track = track.TrackId,
            // A step that becomes another kind of trigger, or counts from another field, begins anew.
            step = $"{trigger.Kind}/{trigger.Field}/{step.Value}",
            field = trigger.Field,
            until = now - trigger.After,
            limit,
        };
        await transaction.ExecuteAsync(BeginSql, scan, cancellationToken);
        var place = await transaction.QueryAsync<(DateTimeOffset At, long Lead)>(LockSql, scan, cancellationToken);
        if (place.Count == 0)
        {
            return false;
        }

        var found = await transaction.QueryAsync<(long LeadId, DateTimeOffset At)>(
            trigger.Field is null ? SilentSql : DatesSql,
            new
            {
                scan.field,
                scan.until,
                scan.limit,
                place[0].At,
                place[0].Lead,
            },
            cancellationToken
        );
        await TellAsync(transaction, found, track.Track.DefinitionId, step, trigger.Kind, now, cancellationToken);
        // A date that is set to what has passed is not told any more; silence that began long ago is.
        if (found.Count > 0 || trigger.Field is not null)
        {
            var (lead, at) = found.Count == limit || trigger.Field is null ? found[^1] : (long.MaxValue, scan.until);
            await transaction.ExecuteAsync(
                AdvanceSql,
                new
                {
                    scan.track,
                    scan.step,
                    lead,
                    at,
                },
                cancellationToken
            );
        }

        await transaction.CommitAsync(cancellationToken);
        return found.Count == limit;
    }

    private static async Task TellAsync(
        NpgsqlTransaction transaction,
        List<(long LeadId, DateTimeOffset At)> found,
        string track,
        StepId step,
        string kind,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (found.Count == 0)
        {
            return;
        }

        var keys = await LeadKeys.FindAsync(transaction, found.Select(row => row.LeadId), cancellationToken);
        await OwnEvents.AddAsync(
            transaction,
            found.ConvertAll(row =>
            {
                var moment = new Moment(kind, track, step, row.At);
                var key = keys[row.LeadId];
                return new OwnEvent(
                    moment.EventIdFor(row.LeadId),
                    key,
                    moment.ToEvent(key, now).Type,
                    EngineEvents.Write(moment, key, now)
                );
            }),
            now,
            cancellationToken
        );
    }
}
