using System.Collections.Immutable;
using NurtureEngine.Core.People;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Tracks;

/// <inheritdoc cref="ITrackDrafts" />
internal sealed class TrackDrafts(
    DraftStore drafts,
    ITrackDefinitions definitions,
    TrackCheck check,
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
                Definition = CanonicalDefinition.Of(definition),
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
    ) =>
        (await FindAsync(definitionId, cancellationToken)).Definition is { } source
            ? await NewAsync(name, actor, id => TrackCopy.Of(source, id, name), cancellationToken)
            : null;

    public Task<string> BeginAsync(string name, string actor, CancellationToken cancellationToken) =>
        NewAsync(name, actor, id => TrackCopy.Blank(id, name), cancellationToken);

    public async Task<bool> RevertAsync(
        string definitionId,
        int number,
        int revision,
        DraftAuthor author,
        CancellationToken cancellationToken
    )
    {
        var state = await FindAsync(definitionId, cancellationToken);
        return (state.Draft?.Revision ?? 0) == revision
            && await definitions.FindAsync(definitionId, number, cancellationToken) is { } version
            && await SaveAsync(state, definitionId, version.Definition, author, cancellationToken) is not null;
    }

    public Task<bool> DiscardAsync(
        string definitionId,
        int revision,
        string actor,
        CancellationToken cancellationToken
    ) =>
        drafts.DiscardAsync(
            definitionId,
            TrackDraft.Designer,
            revision,
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
            revision: null,
            EntryOf("track.file_declined", definitionId, actor),
            cancellationToken
        );

    public Task<DraftProblems> CheckAsync(string definition, CancellationToken cancellationToken) =>
        check.CheckAsync(definition, cancellationToken);

    public Task<DraftProblems> ReviewAsync(string definition, CancellationToken cancellationToken) =>
        check.ReviewAsync(definition, cancellationToken);

    public Task<IReadOnlyDictionary<string, ImmutableArray<string>>> PortsAsync(
        string definition,
        CancellationToken cancellationToken
    ) => check.PortsAsync(definition, cancellationToken);

    private async Task<string> NewAsync(
        string name,
        string actor,
        Func<string, string> definitionOf,
        CancellationToken cancellationToken
    )
    {
        // Another person may take the same name at the same moment; the next free id is theirs.
        for (var tried = 0; tried < Tries; tried++)
        {
            var id = await NewIdAsync(name, cancellationToken);
            var author = new DraftAuthor(actor, Editor: null);
            // Saved as a new one only, whoever has begun another in between.
            var nothing = new DraftState(null, null, 0);
            if (await SaveAsync(nothing, id, definitionOf(id), author, cancellationToken) is not null)
            {
                return id;
            }
        }

        throw new InvalidOperationException($"No free id was found for a track of the name '{name}'.");
    }

    private AuditEntry EntryOf(string act, string definitionId, string actor) =>
        AuditEntry.OfTrack(business.GetUtcNow(), actor, act, definitionId);
}
