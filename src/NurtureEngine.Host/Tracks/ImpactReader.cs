using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Moves;
using NurtureEngine.Postgres.Reports;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Tracks;

/// <summary>Finds out what publishing a version means for those who are in the track.</summary>
internal sealed class ImpactReader(TrackMoves moves, TrackCatalog catalog, TrackFigures figures)
{
    /// <summary>The groups of those who stand alike.</summary>
    public async Task<PublishImpact> ReadAsync(Track to, CancellationToken cancellationToken)
    {
        await catalog.RefreshAsync(always: true, cancellationToken);
        var rows = await moves.StandingsAsync(to.DefinitionId, PublishImpact.Bound + 1, cancellationToken);
        var numbers = (await figures.NumbersAsync(to.DefinitionId, cancellationToken)).ToDictionary(
            version => version.Id,
            version => version.Number
        );
        // Versions that this program can't run keep their leads.
        var versions = rows.Select(row => row.VersionId)
            .Distinct()
            .Where(numbers.ContainsKey)
            .Select(id => (Id: id, Track: catalog.Find(new TrackVersionId(id))))
            .Where(version => version.Track is not null)
            .ToDictionary(
                version => version.Id,
                version => (Track: version.Track!, Rule: new MoveRule(version.Track!, to))
            );
        var groups = rows.Take(PublishImpact.Bound)
            .Select(row => versions.TryGetValue(row.VersionId, out var version) ? GroupOf(row, version.Rule) : null)
            .OfType<(int Version, StepId Step, MoveEffect Effect)>()
            .CountBy(group => group)
            .Select(group =>
            {
                var (track, rule) = versions[group.Key.Version];
                var (id, step, effect) = group.Key;
                return new ImpactGroup
                {
                    Version = numbers[id],
                    Step = step.Value,
                    StepName = track.Steps.GetValueOrDefault(step)?.Name ?? step.Value,
                    Count = group.Value,
                    Effect = effect,
                    Repeated = effect == MoveEffect.Repeats ? rule.RepeatedAt(step) : [],
                };
            })
            .OrderByDescending(group => group.Count);
        return new PublishImpact([.. groups], rows.Count > PublishImpact.Bound);
    }

    private static (int Version, StepId Step, MoveEffect Effect)? GroupOf(StandingRow row, MoveRule rule) =>
        row.ReadStanding() is { } standing && MoveRule.PlaceOf(standing) is { } step
            ? (row.VersionId, step, rule.EffectOf(standing))
            : null;
}
