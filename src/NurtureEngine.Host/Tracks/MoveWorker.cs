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
        return await moves.RunBatchAsync(
            [.. tracks.Tracks.Current.Select(track => track.Version.Value)],
            BatchSize,
            now,
            (move, rows) => Decide(move, rows, now),
            cancellationToken
        );
    }

    // What has moved on to a step that was not chosen stays; so does what would be stranded by now.
    private List<MovedRow> Decide(OpenMove move, IReadOnlyList<StandingRow> rows, DateTimeOffset now)
    {
        var to = tracks.Find(new TrackVersionId(move.VersionId))!;
        var rules = move
            .FromIds.Distinct()
            .Select(id => (Id: id, Track: tracks.Find(new TrackVersionId(id))))
            .Where(from => from.Track is not null)
            .ToDictionary(from => from.Id, from => new MoveRule(from.Track!, to));
        var moved = new List<MovedRow>();
        foreach (var row in rows)
        {
            if (
                rules.TryGetValue(row.VersionId, out var rule)
                && row.ReadStanding() is { } standing
                && MoveRule.PlaceOf(standing) is { } place
                && move.Includes(row.VersionId, place.Value)
                && rule.EffectOf(standing) == MoveEffect.Moves
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
