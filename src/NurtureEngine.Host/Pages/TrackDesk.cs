using System.Text;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.People;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Reports;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Pages;

/// <inheritdoc cref="ITrackDesk" />
internal sealed class TrackDesk(
    TrackFigures figures,
    TrackCatalog catalog,
    TrackStore store,
    CurrentRulebook rulebook,
    ITrackDrafts drafts,
    WorkSignal signal,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : ITrackDesk
{
    public async Task<TrackSaved> SaveAsync(
        string definitionId,
        TrackChange change,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var versions = await figures.VersionsAsync(definitionId, cancellationToken);
        if (
            versions.FirstOrDefault(version => version.IsCurrent) is not { } current
            || current.Number != change.Version
        )
        {
            return new TrackSaved(false, [], IsOvertaken: true);
        }

        var definition = JsonNode.Parse(current.Definition)!;
        var faults = TrackChanges.Apply(definition["customProperties"]!["nurture"]!.AsObject(), change);
        var text = definition.ToJsonString(TrackChanges.Readable);
        await catalog.RefreshAsync(always: false, cancellationToken);
        var context = catalog.Contents.ContextUnder(rulebook.Value) with { IsPublished = true };
        TrackCompiler.TryCompile(Encoding.UTF8.GetBytes(text), context, out var found);
        if (faults.Count + found.Length > 0)
        {
            return new TrackSaved(false, [.. faults, .. found]);
        }

        if (rulebook.Value.Publishing.NeedsFourEyes)
        {
            return await DraftAsync(definitionId, text, actor, cancellationToken);
        }

        var entry = AuditEntry.OfTrack(
            business.GetUtcNow(),
            actor,
            "track.published",
            definitionId,
            new { version = current.Number },
            change
        );
        var order = new TrackPublishing(definitionId, text, entry.At) { Over = change.Version, Entry = entry };
        switch (await store.PublishAsync(order, cancellationToken))
        {
            case Publication.Overtaken:
                return new TrackSaved(false, [], IsOvertaken: true);
            case Publication.Known:
                return new TrackSaved(false, [new Diagnostic("", TrackChanges.Unchanged)]);
        }

        signal.Raise();
        return new TrackSaved(true, []);
    }

    // With four eyes, settings are published by someone else, as everything is.
    private async Task<TrackSaved> DraftAsync(
        string definitionId,
        string definition,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var state = await drafts.FindAsync(definitionId, cancellationToken);
        var author = new DraftAuthor(actor, Editor: null);
        return state.Draft is { } other
                ? new TrackSaved(false, [new Diagnostic("", TrackChanges.HasDraft(other.SavedBy))])
            : await drafts.SaveAsync(state, definitionId, definition, author, cancellationToken) is null
                ? new TrackSaved(false, [], IsOvertaken: true)
            : new TrackSaved(true, [], IsDraft: true);
    }
}
