using NurtureEngine.Core.People;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.Core.Tracks.Moves;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Tracks;

/// <inheritdoc cref="ITrackPublishing" />
internal sealed class TrackPublisher(
    DraftStore drafts,
    TrackStore tracks,
    ITrackDefinitions definitions,
    TrackCheck check,
    ImpactReader impact,
    TrackCatalog catalog,
    CurrentRulebook rulebook,
    WorkSignal signal,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : ITrackPublishing
{
    public async Task<PublishImpact?> ImpactAsync(string definitionId, CancellationToken cancellationToken)
    {
        var draft = await drafts.FindAsync(definitionId, TrackDraft.Designer, cancellationToken);
        await catalog.RefreshAsync(always: false, cancellationToken);
        return draft is not null && check.Compile(draft.Definition) is { } track
            ? await impact.ReadAsync(track, cancellationToken)
            : null;
    }

    public async Task<DraftPublished> PublishAsync(PublishOrder order, CancellationToken cancellationToken)
    {
        if (await drafts.FindAsync(order.DefinitionId, TrackDraft.Designer, cancellationToken) is not { } draft)
        {
            return new DraftPublished(PublishOutcome.NoDraft);
        }

        var problems = await check.ReviewAsync(draft.Definition, cancellationToken);
        if (DraftRule.HindranceOf(draft, order, problems, rulebook.Value.Publishing) is { } hindrance)
        {
            return new DraftPublished(hindrance) { Problems = problems };
        }

        if (order.Moves.Count > 0 && await WouldStrandAsync(order, cancellationToken))
        {
            return new DraftPublished(PublishOutcome.Stranding) { Problems = problems };
        }

        var over = order.Over ?? draft.BaseNumber;
        var entry = AuditEntry.OfTrack(
            business.GetUtcNow(),
            order.Actor,
            "track.published",
            order.DefinitionId,
            new { version = over },
            new
            {
                draft.Authors,
                warnings = problems.Warnings.Count,
                order.Moves,
            }
        );
        var done = await tracks.PublishAsync(
            new TrackPublishing(order.DefinitionId, draft.Definition, entry.At)
            {
                Over = over,
                Draft = draft,
                Moves = order.Moves,
                Entry = entry,
            },
            cancellationToken
        );
        signal.Raise();
        await catalog.RefreshAsync(always: true, cancellationToken);
        return new DraftPublished(
            done switch
            {
                Publication.Published => PublishOutcome.Published,
                Publication.Known => PublishOutcome.Unchanged,
                _ => PublishOutcome.Overtaken,
            }
        );
    }

    public async Task<DraftPublished> RetractAsync(
        string definitionId,
        string actor,
        CancellationToken cancellationToken
    )
    {
        await catalog.RefreshAsync(always: true, cancellationToken);
        var version = await definitions.FindAsync(definitionId, number: null, cancellationToken);
        if (version is not { IsCurrent: true })
        {
            return new DraftPublished(PublishOutcome.NoDraft);
        }

        var leading = catalog
            .Tracks.Current.Where(other =>
                other.Track.DefinitionId != definitionId && other.Track.LeadsTo.Contains(definitionId)
            )
            .Select(other => other.Track.DefinitionId)
            .ToList();
        if (leading.Count > 0)
        {
            return new DraftPublished(PublishOutcome.Needed) { NeededBy = leading };
        }

        var entry = AuditEntry.OfTrack(
            business.GetUtcNow(),
            actor,
            "track.retracted",
            definitionId,
            new { version = version.Number }
        );
        var draft = new TrackDraft
        {
            DefinitionId = definitionId,
            BaseNumber = version.Number,
            Definition = CanonicalDefinition.Of(version.Definition),
            SavedBy = actor,
            SavedAt = entry.At,
        };
        var isDone = await tracks.RetractAsync(draft, entry, cancellationToken);
        await catalog.RefreshAsync(always: true, cancellationToken);
        return new DraftPublished(isDone ? PublishOutcome.Published : PublishOutcome.Overtaken);
    }

    private async Task<bool> WouldStrandAsync(PublishOrder order, CancellationToken cancellationToken)
    {
        var groups = (await ImpactAsync(order.DefinitionId, cancellationToken))?.Groups ?? [];
        return order.Moves.Any(move =>
            groups.Where(group => group.Version == move.Version && group.Step == move.Step).ToList()
                is { Count: > 0 } met
            && met.TrueForAll(group => group.MustStay)
        );
    }
}
