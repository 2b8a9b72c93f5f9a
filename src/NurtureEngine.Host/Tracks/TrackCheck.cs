using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Simulation;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.Core.Tracks.Reviews;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Reports;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Tracks;

/// <summary>Checks a definition against the rulebook, the contents and the other tracks as they are now.</summary>
internal sealed class TrackCheck(
    TrackCatalog catalog,
    CurrentRulebook rulebook,
    LinkHealth links,
    TrackFigures figures,
    TrialStore trials,
    IOptions<NurtureOptions> options,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
)
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    // A link that does not answer in this time is reported by the next check.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What is wrong with a definition, as far as is known at once.</summary>
    public Task<DraftProblems> CheckAsync(string definition, CancellationToken cancellationToken) =>
        CheckAsync(definition, TimeSpan.Zero, cancellationToken);

    /// <summary>Likewise; links that are not known yet are tried for some seconds.</summary>
    public Task<DraftProblems> ReviewAsync(string definition, CancellationToken cancellationToken) =>
        CheckAsync(definition, Patience, cancellationToken);

    private async Task<DraftProblems> CheckAsync(
        string definition,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        await catalog.RefreshAsync(always: false, cancellationToken);
        var contents = catalog.Contents;
        if (TrackCompiler.TryCompile(Encoding.UTF8.GetBytes(definition), Context, out var faults) is not { } track)
        {
            return new DraftProblems(faults, []);
        }

        var sources = contents
            .Current.Select(content => contents.Find(content.Value)?.Source)
            .OfType<ContentSource>()
            .ToDictionary(content => content.Key, StringComparer.Ordinal);
        var scene = await WithCapacityAsync(
            track,
            new ReviewScene
            {
                Contents = sources,
                Pools = contents.Pools,
                DefaultLanguage = rulebook.Value.DefaultLanguage,
                Others = [.. catalog.Tracks.Current.Select(other => other.Track)],
            },
            cancellationToken
        );
        var used = track.Steps.Values.SelectMany(scene.ContentsOf).SelectMany(TrackReview.LinksOf);
        scene = scene with { DeadLinks = await links.FindDeadAsync(used, patience, cancellationToken) };
        return new DraftProblems(
            LinksOf(track),
            [.. await TrialsAsync(track, cancellationToken), .. TrackReview.Of(track, scene)]
        );
    }

    // Asked only where the team has said what it can do.
    private async Task<ReviewScene> WithCapacityAsync(
        Track track,
        ReviewScene scene,
        CancellationToken cancellationToken
    )
    {
        var rules = rulebook.Value.Publishing;
        if (rules is { ApprovalsPerDay: null, CallsPerDay: null })
        {
            return scene;
        }

        var entries = await figures.EntriesAsync(
            track.DefinitionId,
            $"{rulebook.Value.DefaultTier}",
            business.GetUtcNow() - Month,
            cancellationToken
        );
        return scene with
        {
            EntriesPerDay = entries.Count / Month.TotalDays,
            ShareToApprove = entries.Count == 0 ? 0 : (double)entries.ToApprove / entries.Count,
            ApprovalsPerDay = rules.ApprovalsPerDay,
            CallsPerDay = rules.CallsPerDay,
        };
    }

    /// <summary>A definition's track; null if it has faults.</summary>
    public Track? Compile(string definition) => Compile(definition, out _);

    /// <summary>Likewise, with its faults.</summary>
    public Track? Compile(string definition, out IReadOnlyList<Diagnostic> faults)
    {
        var track = TrackCompiler.TryCompile(Encoding.UTF8.GetBytes(definition), Context, out var found);
        faults = found;
        return track;
    }

    /// <summary>How a saved test lead fares in a track; null for one that can't be run.</summary>
    public TrialScore ScoreOf(TrialRow row, Track? track)
    {
        var lead = TrialText.Read(row.Lead, DateTimeOffset.UnixEpoch);
        if (track is null)
        {
            return new TrialScore(row.Name, lead, null, null);
        }

        var path = Trial.Of(track, rulebook.Value, catalog.Contents.Pools, lead).Path;
        var same = path.Zip(row.Expected).TakeWhile(pair => pair.First == pair.Second).Count();
        return same == path.Count && same == row.Expected.Length
            ? new TrialScore(row.Name, lead, true, null)
            : new TrialScore(row.Name, lead, false, path.ElementAtOrDefault(same) ?? row.Expected[same]);
    }

    private async Task<IReadOnlyList<ReviewFinding>> TrialsAsync(Track track, CancellationToken cancellationToken)
    {
        var rows = await trials.ListAsync(track.DefinitionId, cancellationToken);
        var parted = rows.Select(row => ScoreOf(row, track)).Where(score => score.IsAsExpected == false).ToList();
        return parted.Count == 0
            ? []
            :
            [
                new ReviewFinding(
                    "review.trials",
                    null,
                    $"{rows.Count - parted.Count}",
                    $"{rows.Count}",
                    string.Join(", ", parted.Select(score => score.Name))
                ),
            ];
    }

    /// <summary>The ports of the activities whose ports follow from their inputs.</summary>
    public async Task<IReadOnlyDictionary<string, ImmutableArray<string>>> PortsAsync(
        string definition,
        CancellationToken cancellationToken
    )
    {
        await catalog.RefreshAsync(always: false, cancellationToken);
        return TrackCompiler.PortsOf(Encoding.UTF8.GetBytes(definition), Context);
    }

    private CompileContext Context =>
        catalog.Contents.ContextUnder(rulebook.Value) with
        {
            Targets = options.Value.Webhooks.Targets.Keys,
        };

    private List<Diagnostic> LinksOf(Track track)
    {
        List<Track> all =
        [
            .. catalog
                .Tracks.Current.Select(current => current.Track)
                .Where(other => other.DefinitionId != track.DefinitionId),
            track,
        ];
        return
        [
            .. TrackLinks.Check(all, all.Select(each => each.DefinitionId).ToHashSet(StringComparer.Ordinal))[track],
        ];
    }
}
