using Npgsql;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Postgres.Intake;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>
/// Finds enrollments that are set aside in a lane that nobody else is in, and says so by an event of the engine's own: whatever has kept the word
/// of the other track's end from them, they go on.
/// </summary>
public sealed class LaneRecovery(NpgsqlDataSource database)
{
    private const int Most = 10_000;

    // An end that is on its way to the inbox is said twice, which changes nothing.
    private const string ForgottenSql = """
        WITH own AS MATERIALIZED (SELECT * FROM unnest(@versions, @lanes) AS w (version, lane))
        SELECT a.lead_id, a.id
          FROM enrollment a
          JOIN own ON own.version = a.track_version_id
         WHERE a.held_by @> '{lane}'
           AND NOT EXISTS (
               SELECT FROM enrollment e
                 JOIN own other ON other.version = e.track_version_id
                WHERE e.lead_id = a.lead_id AND other.lane = own.lane AND e.state IN (0, 3, 4) AND NOT COALESCE(e.held_by, '{}') @> '{lane}')
         ORDER BY a.lead_id, a.id
         LIMIT @Most
        """;

    /// <summary>Finds some; how many there were.</summary>
    public async Task<int> RunTurnAsync(TrackSet tracks, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var places = tracks.Places.Where(place => place.Value.Lane is not null).ToList();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var forgotten = await transaction.QueryAsync<(long LeadId, long Id)>(
            ForgottenSql,
            new
            {
                versions = places.ToArray(place => place.Key.Value),
                lanes = places.ToArray(place => place.Value.Lane!),
                Most,
            },
            cancellationToken
        );
        // The hour tells it from what was said of the same one before.
        var hour = (int)(now.ToUnixTimeSeconds() / 3600);
        await OwnEvents.AddAsync(
            transaction,
            forgotten.ConvertAll(row => (row.LeadId, LeadChange.OfFreedLane(new EnrollmentId(row.Id), hour))),
            now,
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return forgotten.Count;
    }
}
