using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Moves;
using NurtureEngine.Core.Tracks.Running;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Tracks;

/// <summary>Moves enrollments to the version that was published over theirs, as was chosen when it was published.</summary>
internal sealed class MoveWorker(
    TrackMoves moves,
    TrackCatalog tracks,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : ITurn
{
    private const int BatchSize = 1_000;

    public string Name => "move";

    public async Task<bool> RunTurnAsync(CancellationToken cancellationToken)
    {
        await tracks.RefreshAsync(always: false, cancellationToken);
        var now = business.GetUtcNow();
        return await moves.RunBatchAsync(BatchSize, now, (move, rows) => Decide(move, rows, now), cancellationToken);
    }

    // What has moved on to a step that was not chosen stays; so does what would be stranded by now.
    private List<MovedRow>? Decide(OpenMove move, IReadOnlyList<StandingRow> rows, DateTimeOffset now)
    {
        if (tracks.Find(new TrackVersionId(move.VersionId)) is not { } to)
        {
            return null;
        }

        var moved = new List<MovedRow>();
        foreach (var row in rows.Where(row => row.VersionId != move.VersionId))
        {
            var standing = TokenCodec.Read(row.Tokens);
            if (
                MoveRule.PlaceOf(standing) is { } place
                && move.Includes(row.VersionId, place.Value)
                && tracks.Find(new TrackVersionId(row.VersionId)) is { } from
                && MoveRule.EffectOf(from, to, standing) is MoveEffect.Moves or MoveEffect.Repeats
            )
            {
                var enrollment = new Enrollment(new EnrollmentId(row.Id), EnrollmentState.Active, standing)
                {
                    EnteredAt = row.EnteredAt,
                    LeavesAt = row.EnteredAt + to.Settings.TimeLimit,
                };
                moved.Add(new MovedRow(row.LeadId, row.Id, enrollment.DueAt(now)));
            }
        }

        return moved;
    }
}
