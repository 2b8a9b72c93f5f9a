using System.Text.Json.Nodes;
using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Activities.Actions;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Reports;

namespace NurtureEngine.Host.Pages;

/// <inheritdoc cref="ITrackBoard" />
internal sealed class TrackBoard(
    TrackFigures figures,
    ITrackDefinitions definitions,
    TrackCatalog catalog,
    CurrentRulebook rulebook,
    ChannelSet channels,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : ITrackBoard
{
    public async Task<IReadOnlyList<TrackLine>> ListAsync(CancellationToken cancellationToken)
    {
        var versions = await figures.VersionsAsync(track: null, cancellationToken);
        await RefreshAsync(versions, cancellationToken);
        return await LinesAsync(versions, cancellationToken);
    }

    public async Task<TrackSheet?> FindAsync(string definitionId, CancellationToken cancellationToken)
    {
        var versions = await figures.VersionsAsync(definitionId, cancellationToken);
        await RefreshAsync([.. versions.Where(version => version.IsCurrent)], cancellationToken);
        if (
            (versions.FirstOrDefault(version => version.IsCurrent) ?? (versions.Count > 0 ? versions[0] : null))
            is not { } current
        )
        {
            return null;
        }

        var line = (await LinesAsync([current], cancellationToken))[0];
        var track = TrackOf(current);
        return new TrackSheet(
            line,
            TrackChanges.Read(current.Definition, current.Number),
            rulebook.Value.FindLifeCycle(track?.Settings.LifeCycle)?.Stages.Select(stage => stage.Name).ToList() ?? [],
            (string?)JsonNode.Parse(current.Definition)?["description"],
            [.. EndsOf(definitionId, track?.Settings, await figures.EndsAsync(cancellationToken))],
            ContentsOf(track),
            [
                .. versions.Select(version => new TrackVersionLine(
                    version.Number,
                    version.PublishedAt,
                    version.IsCurrent,
                    version.Active
                )),
            ]
        );
    }

    public async Task<IReadOnlyList<(string Id, string Name)>> NamesAsync(CancellationToken cancellationToken)
    {
        await catalog.RefreshAsync(always: false, cancellationToken);
        return [.. catalog.Tracks.Current.Select(track => (track.Track.DefinitionId, track.Track.Name))];
    }

    public async Task<IReadOnlyList<(string DefinitionId, string Name, string Type, string? Description)>> ShapesAsync(
        CancellationToken cancellationToken
    )
    {
        await catalog.RefreshAsync(always: false, cancellationToken);
        var current = await definitions.ListCurrentAsync(cancellationToken);
        return
        [
            .. current
                .Select(version =>
                {
                    var track = catalog.Find(new TrackVersionId(version.Id));
                    var description = JsonNode.Parse(version.Definition)?["description"]?.ToString();
                    return (
                        version.DefinitionId,
                        track?.Name ?? version.DefinitionId,
                        track?.Settings.Type ?? "",
                        description
                    );
                })
                .OrderBy(shape => shape.Item2, StringComparer.Ordinal),
        ];
    }

    public Task<IReadOnlyList<TrackEnrollment>> EnrollmentsAsync(
        string definitionId,
        string? state,
        LeadReach reach,
        long? before,
        int limit,
        CancellationToken cancellationToken
    ) => figures.EnrollmentsAsync(definitionId, state, reach, before, limit, cancellationToken);

    // A version that was published a moment ago may not be in the catalog yet.
    private async Task RefreshAsync(IReadOnlyList<TrackVersionFigures> versions, CancellationToken cancellationToken)
    {
        await catalog.RefreshAsync(always: false, cancellationToken);
        if (versions.Any(version => TrackOf(version) is null))
        {
            await catalog.RefreshAsync(always: true, cancellationToken);
        }
    }

    private async Task<List<TrackLine>> LinesAsync(
        IReadOnlyList<TrackVersionFigures> versions,
        CancellationToken cancellationToken
    )
    {
        var coming = await figures.ComingAsync(channels.Names, business.GetUtcNow().AddDays(7), cancellationToken);
        var isCut = coming.Values.Sum() >= TrackFigures.Bound;
        var ends = await figures.EndsAsync(cancellationToken);
        return
        [
            .. versions
                .Select(version =>
                {
                    var track = TrackOf(version);
                    var ways = EndsOf(version.Track, track?.Settings, ends).ToList();
                    return new TrackLine
                    {
                        DefinitionId = version.Track,
                        Name = track?.Name ?? version.Track,
                        Type = track?.Settings.Type ?? "",
                        Version = version.Number,
                        PublishedAt = version.PublishedAt,
                        State =
                            !version.IsCurrent ? "retracted"
                            : version.IsPaused ? "paused"
                            : track is null ? "parked"
                            : "active",
                        Active = version.Enrolled ?? 0,
                        Coming = coming.GetValueOrDefault(version.Track),
                        IsComingCut = isCut,
                        Ended = ways.Sum(way => way.Count),
                        Successes = ways.Where(way => way.Outcome == TrackOutcome.Success).Sum(way => way.Count),
                        Owner = track?.Settings.Owner,
                    };
                })
                .OrderBy(line => line.Name, StringComparer.Ordinal),
        ];
    }

    // Exit stages are listed even if no lead has left by them yet.
    private static IEnumerable<TrackEnd> EndsOf(
        string definitionId,
        TrackSettings? settings,
        IReadOnlyList<TrackEndRow> rows
    )
    {
        var outcomes = settings?.Outcomes ?? TrackOutcomes.Usual;
        var happened = rows.Where(row => row.Track == definitionId)
            .Select(row => new TrackEnd(row.Code, row.Stage, outcomes.Of(row.Code, row.Stage), row.Count))
            .OrderByDescending(end => end.Count)
            .ToList();
        return happened.Concat(
            (settings?.ExitStages ?? [])
                .Where(stage => !happened.Exists(end => end.Stage == stage))
                .Select(stage => new TrackEnd("stage.advanced", stage, outcomes.Of("stage.advanced", stage), 0))
        );
    }

    private List<TrackContent> ContentsOf(Track? track) =>
        [
            .. (track?.Steps.Values ?? [])
                .SelectMany(step =>
                    step switch
                    {
                        SendEmail mail => [mail.ContentKey],
                        ContentPool pool => catalog.Contents.Pools.PiecesOf(pool.Pool),
                        _ => Enumerable.Empty<string>(),
                    }
                )
                .Distinct()
                .Select(key => (Key: key, Version: catalog.Contents.Current.GetValueOrDefault(key)))
                .Select(content =>
                    catalog.Contents.Find(content.Version) is { } found
                        ? new TrackContent(
                            content.Key,
                            content.Version,
                            found.Source.Channel,
                            [.. found.Source.Languages.Keys],
                            found.Source.Languages.Values.First().Subject
                        )
                        : new TrackContent(content.Key, content.Version, "", [], "")
                ),
        ];

    private Track? TrackOf(TrackVersionFigures version) => catalog.Find(new TrackVersionId(version.Id));
}
