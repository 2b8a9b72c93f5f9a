using System.Globalization;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.Studio.Definitions;

namespace NurtureEngine.Studio.Saving;

/// <summary>What brings definitions into force, and out of it.</summary>
internal static class PublishEndpoints
{
    public static Task<IResult> PublishLatestAsync(
        HttpContext http,
        string definitionId,
        ITrackDrafts drafts,
        ITrackPublishing publishing,
        DesignerRights rights,
        CancellationToken cancellationToken
    ) => PublishAsync(http, definitionId, revision: null, drafts, publishing, rights, cancellationToken);

    /// <summary>Publishes a draft if it is the revision that was saved with the same request; null publishes what is there.</summary>
    internal static async Task<IResult> PublishAsync(
        HttpContext http,
        string definitionId,
        int? revision,
        ITrackDrafts drafts,
        ITrackPublishing publishing,
        DesignerRights rights,
        CancellationToken cancellationToken
    )
    {
        var done = await publishing.PublishAsync(
            new PublishOrder
            {
                DefinitionId = definitionId,
                Actor = rights.ActorOf(http.User),
                Revision = revision,
                AcceptsWarnings = http.Request.Query["warnings"] == "accepted",
            },
            cancellationToken
        );
        var state = await drafts.FindAsync(definitionId, cancellationToken);
        return done.Outcome switch
        {
            PublishOutcome.Published or PublishOutcome.Unchanged => await SaveEndpoints.SavedAsync(
                state,
                drafts,
                cancellationToken
            ),
            // A published track without a draft is as it was asked to be.
            PublishOutcome.NoDraft when state.NumberInForce > 0 => await SaveEndpoints.SavedAsync(
                state,
                drafts,
                cancellationToken
            ),
            var hindrance => SaveEndpoints.Refuse([
                SaveSentences.Of(hindrance),
                .. done.Problems.Faults.Select(fault => $"{fault.Place}: {fault.In(CultureInfo.CurrentUICulture)}"),
                .. done.Problems.Warnings.Select(warning => SaveSentences.In(warning.Sentence)),
            ]),
        };
    }

    public static async Task<IResult> RetractAsync(
        HttpContext http,
        string definitionId,
        ITrackDrafts drafts,
        ITrackPublishing publishing,
        DesignerRights rights,
        CancellationToken cancellationToken
    )
    {
        var done = await publishing.RetractAsync(definitionId, rights.ActorOf(http.User), cancellationToken);
        var state = await drafts.FindAsync(definitionId, cancellationToken);
        return done.Outcome == PublishOutcome.Needed ? SaveEndpoints.Refuse(SaveSentences.Needed(done.NeededBy))
            : done.Outcome != PublishOutcome.Published ? SaveEndpoints.Refuse(SaveSentences.Of(done.Outcome))
            : TypedResults.Ok(
                await DefinitionAnswer.OfAsync(ShownDefinition.Latest(state)!, mayEdit: true, drafts, cancellationToken)
            );
    }

    public static async Task<IResult> DiscardAsync(
        HttpContext http,
        string definitionId,
        ITrackDrafts drafts,
        DesignerRights rights,
        CancellationToken cancellationToken
    )
    {
        var state = await drafts.FindAsync(definitionId, cancellationToken);
        return state.LastNumber > 0 ? SaveEndpoints.Refuse(SaveSentences.KeepsHistory)
            : await drafts.DiscardAsync(
                definitionId,
                state.Draft?.Revision ?? 0,
                rights.ActorOf(http.User),
                cancellationToken
            )
                ? TypedResults.NoContent()
            : TypedResults.NotFound();
    }

    public static async Task<IResult> DiscardVersionAsync(
        HttpContext http,
        string id,
        ITrackDrafts drafts,
        DesignerRights rights,
        CancellationToken cancellationToken
    )
    {
        var seen = DefinitionIds.Read(id, editor: null);
        var draft = (await drafts.ListAsync(cancellationToken)).FirstOrDefault(draft => draft.Id == seen.DraftId);
        return
            draft is not null
            && await drafts.DiscardAsync(
                draft.DefinitionId,
                seen.Revision,
                rights.ActorOf(http.User),
                cancellationToken
            )
            ? TypedResults.NoContent()
            : SaveEndpoints.Refuse(seen.DraftId is null ? SaveSentences.KeepsHistory : SaveSentences.NotThere(id));
    }
}
