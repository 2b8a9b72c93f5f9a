using System.Text.Json.Nodes;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.Studio.Definitions;

namespace NurtureEngine.Studio.Saving;

/// <summary>Saves what Elsa Studio sends as a draft.</summary>
internal sealed class DraftSaving(ITrackDrafts drafts)
{
    // One page may send its next save before the first is answered; each try reads anew.
    private const int Tries = 5;

    /// <summary>Saves a model as the draft of its track; a model without an id makes a track.</summary>
    public async Task<DraftSaved> SaveAsync(JsonObject model, DraftAuthor author, CancellationToken cancellationToken)
    {
        if (ModelShape.FaultOf(model) is { } fault)
        {
            return DraftSaved.Refused(fault);
        }

        var definitionId =
            ModelBody.TextOf(model, "definitionId")
            ?? await drafts.NewIdAsync(ModelBody.TextOf(model, "name")!, cancellationToken);
        var seen = DefinitionIds.Read(ModelBody.TextOf(model, "id"), author.Editor);
        for (var tried = 0; tried < Tries; tried++)
        {
            var state = await drafts.FindAsync(definitionId, cancellationToken);
            if (DraftRule.RefusalOf(state, seen) is var refusal and not SaveRefusal.None)
            {
                return DraftSaved.Refused(SaveSentences.Of(refusal, state.Draft));
            }

            var stored = state.Definition is { } text ? JsonNode.Parse(text)!.AsObject() : null;
            var merged = ModelMerge.Merge(stored ?? Blank(definitionId, model), model);
            if (stored is not null && DraftRule.LossOf(stored, merged) is { } loss)
            {
                return DraftSaved.Refused(SaveSentences.Of(loss));
            }

            if (stored is not null && JsonNode.DeepEquals(Sorted(stored), Sorted(merged)))
            {
                return new DraftSaved(state, null);
            }

            if (
                await drafts.SaveAsync(state, definitionId, ModelBody.TextOf(merged), author, cancellationToken) is
                { } draft
            )
            {
                return new DraftSaved(state with { Draft = draft }, null);
            }
        }

        return DraftSaved.Refused(SaveSentences.Busy);
    }

    /// <summary>
    /// Saves a definition from a file as the draft of its track, whatever version it comes from. Refused if there is a draft: its author decides
    /// about that first.
    /// </summary>
    public async Task<DraftSaved> ImportAsync(
        JsonObject definition,
        DraftAuthor author,
        CancellationToken cancellationToken
    )
    {
        if (ModelShape.FaultOf(definition) is { } fault)
        {
            return DraftSaved.Refused(fault);
        }

        var definitionId =
            ModelBody.TextOf(definition, "definitionId")
            ?? await drafts.NewIdAsync(ModelBody.TextOf(definition, "name")!, cancellationToken);
        var state = await drafts.FindAsync(definitionId, cancellationToken);
        if (state.Draft is { } other)
        {
            return DraftSaved.Refused(SaveSentences.HasDraft(definitionId, other.SavedBy));
        }

        var whole = definition.DeepClone().AsObject();
        whole["definitionId"] = definitionId;
        whole.Remove("links");
        return
            await drafts.SaveAsync(state, definitionId, ModelBody.TextOf(whole), author, cancellationToken) is { } draft
            ? new DraftSaved(state with { Draft = draft }, null)
            : DraftSaved.Refused(SaveSentences.Busy);
    }

    private static JsonObject Blank(string definitionId, JsonObject model) =>
        JsonNode.Parse(TrackCopy.Blank(definitionId, ModelBody.TextOf(model, "name")!))!.AsObject();

    // In which order Studio lists the steps means nothing.
    private static JsonNode? Sorted(JsonObject definition) =>
        JsonNode.Parse(CanonicalDefinition.Of(ModelBody.TextOf(definition)));
}

/// <summary>What came of a save.</summary>
/// <param name="State">What is stored now; null where it was refused.</param>
/// <param name="Refusal">Why it was refused, in the reader's language; null where it was not.</param>
internal sealed record DraftSaved(DraftState? State, string? Refusal)
{
    public static DraftSaved Refused(string sentence) => new(null, sentence);
}
