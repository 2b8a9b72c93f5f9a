using System.Collections.Immutable;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Activities.Actions;
using NurtureEngine.Core.Tracks.Activities.Branches;
using NurtureEngine.Core.Tracks.Activities.Elsa;
using NurtureEngine.Host.Contents;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Verbs;

namespace NurtureEngine.IntegrationTests.Shipped;

/// <summary>The tracks and contents that come with the product, compiled.</summary>
internal sealed record ShippedProduct(
    ImmutableArray<Track> Tracks,
    ImmutableDictionary<string, Content> Contents,
    Rulebook Rulebook
)
{
    public static async Task<ShippedProduct> ReadAsync()
    {
        var faults = new List<string>();
        var templates = Path.Combine(Repository.Root, "templates");
        var workbench = await Workbench.OpenAsync([templates], faults, CancellationToken.None);
        var tracks = ImmutableArray.CreateBuilder<Track>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "workflows"), "*.json").Order())
        {
            if (await workbench.CompileAsync(file, faults, CancellationToken.None) is { } track)
            {
                tracks.Add(track);
            }
        }

        var (sources, _) = await TemplatesFolder.ReadAsync(templates, CancellationToken.None);
        Assert.Empty(faults);
        return new ShippedProduct(
            tracks.ToImmutable(),
            sources.ToImmutableDictionary(source => source.Key, source => Content.TryCompile(source, out _)!),
            await ShippedRulebook.ReadAsync(CancellationToken.None)
        );
    }

    public static IEnumerable<SendEmail> Mails(Track track) => track.Steps.Values.OfType<SendEmail>();

    /// <summary>The mails that the branches by role lead to at once, a set for each port.</summary>
    public static IEnumerable<string> ByRole(Track track) =>
        from flow in track.Steps.Values.OfType<Flowchart>()
        from graph in flow.Graphs.Values
        from step in graph.Steps
        where track.Steps[step] is BranchByRole
        from way in graph.Outbound(step)
        where track.Steps[way.To] is SendEmail
        select ((SendEmail)track.Steps[way.To]).ContentKey;

    public static IEnumerable<TStep> Of<TStep>(Track track)
        where TStep : Step => track.Steps.Values.OfType<TStep>();
}
