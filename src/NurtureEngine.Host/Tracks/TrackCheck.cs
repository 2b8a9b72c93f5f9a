using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.Core.Tracks.Reviews;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Rulebooks;

namespace NurtureEngine.Host.Tracks;

/// <summary>Checks a definition against the rulebook, the contents and the other tracks as they are now.</summary>
internal sealed class TrackCheck(TrackCatalog catalog, CurrentRulebook rulebook, IOptions<NurtureOptions> options)
{
    /// <summary>What is wrong with a definition.</summary>
    public async Task<DraftProblems> CheckAsync(string definition, CancellationToken cancellationToken)
    {
        await catalog.RefreshAsync(always: false, cancellationToken);
        var contents = catalog.Contents;
        if (TrackCompiler.TryCompile(Encoding.UTF8.GetBytes(definition), Context, out var faults) is not { } track)
        {
            return new DraftProblems(faults, []);
        }

        var warnings = TrackReview.Of(
            track,
            new ReviewScene
            {
                Contents = contents
                    .Current.Select(content => contents.Find(content.Value)?.Source)
                    .OfType<ContentSource>()
                    .ToDictionary(content => content.Key, StringComparer.Ordinal),
                Pools = contents.Pools,
                DefaultLanguage = rulebook.Value.DefaultLanguage,
            }
        );
        return new DraftProblems(LinksOf(track), warnings);
    }

    /// <summary>A definition's track; null if it has faults.</summary>
    public Track? Compile(string definition) =>
        TrackCompiler.TryCompile(Encoding.UTF8.GetBytes(definition), Context, out _);

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
        new(rulebook.Value, catalog.Contents.Channels, LifeCycle: null)
        {
            Pools = [.. catalog.Contents.Pools.Names],
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
