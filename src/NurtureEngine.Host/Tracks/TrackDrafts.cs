using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using NurtureEngine.Core.People;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.Core.Tracks.Moves;
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
    ImpactReader impact,
    TrackCatalog catalog,
    CurrentRulebook rulebook,
    WorkSignal signal,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : ITrackDrafts
{
    private const int Tries = 5;

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

    public async Task<string> NewIdAsync(string name, CancellationToken cancellationToken)
    {
        var plain = TrackCopy.IdFrom(name) ?? $"track-{Guid.NewGuid().ToString("N")[..8]}";
        var id = plain;
        for (var number = 2; !(await FindAsync(id, cancellationToken)).IsNew; number++)
        {
            id = $"{plain}-{number}";
        }

        return id;
    }

    public async Task<string?> CopyAsync(
        string definitionId,
        string name,
        string actor,
        CancellationToken cancellationToken
    )
    {
        if ((await FindAsync(definitionId, cancellationToken)).Definition is not { } source)
        {
            return null;
        }

        // Another person may take the same name at the same moment; the next free id is theirs.
        for (var tried = 0; tried < Tries; tried++)
        {
            var id = await NewIdAsync(name, cancellationToken);
            var state = await FindAsync(id, cancellationToken);
            var author = new DraftAuthor(actor, Editor: null);
            if (await SaveAsync(state, id, TrackCopy.Of(source, id, name), author, cancellationToken) is not null)
            {
                return id;
            }
        }

        throw new InvalidOperationException($"No free id was found for a track of the name '{name}'.");
    }

    public async Task<bool> RevertAsync(
        string definitionId,
        int number,
        DraftAuthor author,
        CancellationToken cancellationToken
    )
    {
        if (await definitions.FindAsync(definitionId, number, cancellationToken) is not { } version)
        {
            return false;
        }

        for (var tried = 0; tried < Tries; tried++)
        {
            var state = await FindAsync(definitionId, cancellationToken);
            if (await SaveAsync(state, definitionId, version.Definition, author, cancellationToken) is not null)
            {
                return true;
            }
        }

        throw new InvalidOperationException($"The draft of '{definitionId}' was saved by others again and again.");
    }

    public Task<bool> DiscardAsync(string definitionId, string actor, CancellationToken cancellationToken) =>
        drafts.DiscardAsync(
            definitionId,
            TrackDraft.Designer,
            EntryOf("track.draft_discarded", definitionId, actor),
            cancellationToken
        );

    public Task<IReadOnlyList<TrackDraft>> ListFilesAsync(CancellationToken cancellationToken) =>
        drafts.ListAsync(TrackDraft.File, cancellationToken);

    public Task<bool> TakeFileAsync(string definitionId, string actor, CancellationToken cancellationToken) =>
        drafts.TakeFileAsync(definitionId, EntryOf("track.file_taken", definitionId, actor), cancellationToken);

    public Task<bool> DeclineFileAsync(string definitionId, string actor, CancellationToken cancellationToken) =>
        drafts.DiscardAsync(
            definitionId,
            TrackDraft.File,
            EntryOf("track.file_declined", definitionId, actor),
            cancellationToken
        );

    public Task<DraftProblems> CheckAsync(string definition, CancellationToken cancellationToken) =>
        check.CheckAsync(definition, cancellationToken);

    public Task<IReadOnlyDictionary<string, ImmutableArray<string>>> PortsAsync(
        string definition,
        CancellationToken cancellationToken
    ) => check.PortsAsync(definition, cancellationToken);

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

        var problems = await check.CheckAsync(draft.Definition, cancellationToken);
        if (DraftRule.HindranceOf(draft, order, problems, rulebook.Value.Publishing) is { } hindrance)
        {
            return new DraftPublished(hindrance) { Problems = problems };
        }

        if (order.Moves.Count > 0 && await WouldStrandAsync(order, cancellationToken))
        {
            return new DraftPublished(PublishOutcome.Stranding) { Problems = problems };
        }

        var over = order.Over ?? draft.BaseNumber;
        var entry = EntryOf("track.published", order.DefinitionId, order.Actor) with
        {
            Before = JsonSerializer.Serialize(new { version = over }),
            After = JsonSerializer.Serialize(
                new
                {
                    draft.Authors,
                    warnings = problems.Warnings.Count,
                    order.Moves,
                },
                Web
            ),
        };
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

    private async Task<bool> WouldStrandAsync(PublishOrder order, CancellationToken cancellationToken)
    {
        var groups = (await ImpactAsync(order.DefinitionId, cancellationToken))?.Groups ?? [];
        return order.Moves.Any(move =>
            groups.Where(group => group.Version == move.Version && group.Step == move.Step).ToList()
                is { Count: > 0 } met
            && met.TrueForAll(group => group.MustStay)
        );
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
