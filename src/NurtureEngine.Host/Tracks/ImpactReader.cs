using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Moves;
using NurtureEngine.Core.Tracks.Running;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Tracks;

/// <summary>Finds out what publishing a version means for those who are in the track.</summary>
internal sealed class ImpactReader(TrackMoves moves, TrackCatalog catalog, ITrackDefinitions definitions)
{
    /// <summary>The groups of those who stand alike.</summary>
    public async Task<PublishImpact> ReadAsync(Track to, CancellationToken cancellationToken)
    {
        await catalog.RefreshAsync(always: true, cancellationToken);
        var rows = await moves.StandingsAsync(to.DefinitionId, PublishImpact.Bound + 1, cancellationToken);
        var numbers = (await definitions.ListVersionsAsync(to.DefinitionId, cancellationToken)).ToDictionary(
            version => version.Id,
            version => version.Number
        );
        var groups = rows.Take(PublishImpact.Bound)
            .Select(row => GroupOf(row, to))
            .OfType<(int Version, StepId Step, MoveEffect Effect)>()
            .CountBy(group => group)
            .Select(group => ShownOf(group.Key, group.Value, numbers[group.Key.Version], to))
            .OrderByDescending(group => group.Count);
        return new PublishImpact([.. groups], rows.Count > PublishImpact.Bound);
    }

    // Versions that this program can't run keep their leads.
    private (int Version, StepId Step, MoveEffect Effect)? GroupOf(StandingRow row, Track to)
    {
        var standing = TokenCodec.Read(row.Tokens);
        return MoveRule.PlaceOf(standing) is { } step && catalog.Find(new TrackVersionId(row.VersionId)) is { } from
            ? (row.VersionId, step, MoveRule.EffectOf(from, to, standing))
            : null;
    }

    private ImpactGroup ShownOf((int Version, StepId Step, MoveEffect Effect) group, int count, int number, Track to)
    {
        var from = catalog.Find(new TrackVersionId(group.Version))!;
        return new ImpactGroup
        {
            Version = number,
            Step = group.Step.Value,
            StepName = from.Steps.GetValueOrDefault(group.Step)?.Name ?? group.Step.Value,
            Count = count,
            Effect = group.Effect,
            Repeated = group.Effect == MoveEffect.Repeats ? MoveRule.RepeatedAt(from, to, group.Step) : [],
        };
    }
}
