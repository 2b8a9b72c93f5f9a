using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using NurtureEngine.Core.People;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Tracks;

/// <inheritdoc cref="ITrackDrafts" />
internal sealed class TrackDrafts(
    DraftStore drafts,
    TrackStore tracks,
    ITrackDefinitions definitions,
    TrackCheck check,
    TrackCatalog catalog,
    CurrentRulebook rulebook,
    WorkSignal signal,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : ITrackDrafts
{
    public async Task<DraftState> FindAsync(string definitionId, CancellationToken cancellationToken) =>
        new(
            await drafts.FindAsync(definitionId, TrackDraft.Designer, cancellationToken),
            await definitions.FindAsync(definitionId, number: null, cancellationToken),
            (await definitions.LastNumbersAsync([definitionId], cancellationToken)).GetValueOrDefault(definitionId)
        );

    public Task<IReadOnlyList<TrackDraft>> ListAsync(CancellationToken cancellationToken) =>
        drafts.ListAsync(TrackDraft.Designer, cancellationToken);

    public Task<TrackDraft?> SaveAsync(
        DraftState read,
        string definitionId,
        string definition,
        DraftAuthor author,
        CancellationToken cancellationToken
    ) =>
        drafts.SaveAsync(
            (read.Draft ?? new TrackDraft { DefinitionId = definitionId, BaseNumber = read.NumberInForce }) with
            {
                Definition = Canonical(definition),
                Editor = author.Editor,
                SavedBy = author.Name,
                SavedAt = business.GetUtcNow(),
            },
            cancellationToken
        );

    public Task<bool> DiscardAsync(string definitionId, string actor, CancellationToken cancellationToken) =>
        drafts.DiscardAsync(
            definitionId,
            TrackDraft.Designer,
            EntryOf("track.draft_discarded", definitionId, actor),
            cancellationToken
        );

    public Task<DraftProblems> CheckAsync(string definition, CancellationToken cancellationToken) =>
        check.CheckAsync(definition, cancellationToken);

    public Task<IReadOnlyDictionary<string, ImmutableArray<string>>> PortsAsync(
        string definition,
        CancellationToken cancellationToken
    ) => check.PortsAsync(definition, cancellationToken);

    public async Task<DraftPublished> PublishAsync(PublishOrder order, CancellationToken cancellationToken)
    {
        if (await drafts.FindAsync(order.DefinitionId, TrackDraft.Designer, cancellationToken) is not { } draft)
        {
            return new DraftPublished(PublishOutcome.NoDraft);
        }

        var problems = await check.CheckAsync(draft.Definition, cancellationToken);
        if (DraftRule.HindranceOf(draft, order, problems, rulebook.Value.Publishing) is { } hindrance)
        {
            return new DraftPublished(hindrance) { Problems = problems };
        }

        var over = order.Over ?? draft.BaseNumber;
        var entry = EntryOf("track.published", order.DefinitionId, order.Actor) with
        {
            Before = JsonSerializer.Serialize(new { version = over }),
            After = JsonSerializer.Serialize(new { draft.Authors, warnings = problems.Warnings.Count }, Web),
        };
        var done = await tracks.PublishAsync(
            new TrackPublishing(order.DefinitionId, draft.Definition, entry.At)
            {
                Over = over,
                Draft = draft,
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
        )
        {
            Problems = problems,
        };
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

        var entry = EntryOf("track.retracted", definitionId, actor) with
        {
            Before = JsonSerializer.Serialize(new { version = version.Number }),
        };
        var draft = new TrackDraft
        {
            DefinitionId = definitionId,
            BaseNumber = version.Number,
            Definition = Canonical(version.Definition),
            SavedBy = actor,
            SavedAt = entry.At,
        };
        var isDone = await tracks.RetractAsync(draft, entry, cancellationToken);
        await catalog.RefreshAsync(always: true, cancellationToken);
        return new DraftPublished(isDone ? PublishOutcome.Published : PublishOutcome.Overtaken);
    }

    private static JsonSerializerOptions Web => JsonSerializerOptions.Web;

    private static string Canonical(string definition)
    {
        var bytes = Encoding.UTF8.GetBytes(definition);
        return Encoding.UTF8.GetString(CanonicalDefinition.TryWrite(bytes) ?? bytes);
    }

    private AuditEntry EntryOf(string act, string definitionId, string actor) =>
        new()
        {
            At = business.GetUtcNow(),
            Actor = actor,
            Act = act,
            Subject = $"track/{definitionId}",
        };
}
