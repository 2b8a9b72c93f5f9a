using System.Text.Json.Nodes;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Definitions;

namespace NurtureEngine.Core.Tracks.Drafts;

/// <summary>Whether a draft may be saved over what is stored.</summary>
public static class DraftRule
{
    /// <summary>
    /// A save is refused if its client has not seen what it would overwrite. The page that saved last may save again, whatever revision it
    /// has seen: it does not wait for the answer to one save before the next.
    /// </summary>
    public static SaveRefusal RefusalOf(DraftState stored, Seen seen)
    {
        if (stored.Draft is { } draft)
        {
            var isOwn = seen.Editor is not null && seen.Editor == draft.Editor;
            var isUpToDate = seen.DraftId == draft.Id && seen.Revision == draft.Revision;
            return isOwn || isUpToDate ? SaveRefusal.None
                : seen is { DraftId: null, VersionId: null } ? SaveRefusal.IdTaken
                : SaveRefusal.SavedByOther;
        }

        if (seen.DraftId is not null)
        {
            return SaveRefusal.DraftGone;
        }

        return stored.IsNew ? SaveRefusal.None
            : seen.VersionId is null ? SaveRefusal.IdTaken
            : seen.VersionId == stored.Version?.Id ? SaveRefusal.None
            : SaveRefusal.PublishedSince;
    }

    /// <summary>Why a draft can't be published as it is; null if it can.</summary>
    public static PublishOutcome? HindranceOf(
        TrackDraft draft,
        PublishOrder order,
        DraftProblems problems,
        PublishingRules rules
    ) =>
        order.Revision is { } revision && revision != draft.Revision ? PublishOutcome.Overtaken
        : problems.Faults.Count > 0 ? PublishOutcome.Faulty
        : rules.NeedsFourEyes && draft.Authors.Contains(order.Actor) ? PublishOutcome.NeedsOther
        : problems.Warnings.Count > 0 && !order.AcceptsWarnings ? PublishOutcome.NeedsConsent
        : null;

    /// <summary>
    /// What a save would destroy that no one deletes on purpose: all steps at once, as an editor does that could not show them, or steps of
    /// types that this program does not know. Null for nothing.
    /// </summary>
    public static DraftLoss? LossOf(JsonObject stored, JsonObject saved)
    {
        var before = ActivitiesOf(stored);
        var after = ActivitiesOf(saved).Select(activity => $"{activity["id"]}").ToHashSet(StringComparer.Ordinal);
        if (before.Count > 0 && after.Count == 0)
        {
            return new DraftLoss(IsEmptied: true, []);
        }

        var dropped = before
            .Where(activity =>
                !ActivityTypes.All.ContainsKey($"{activity["type"]}") && !after.Contains($"{activity["id"]}")
            )
            .Select(activity => $"{activity["name"] ?? activity["id"]}")
            .ToList();
        return dropped.Count > 0 ? new DraftLoss(IsEmptied: false, dropped) : null;
    }

    private static List<JsonObject> ActivitiesOf(JsonObject definition) =>
        definition["root"] is JsonObject root ? [.. ActivityNodes.AllWithin(root)] : [];
}

/// <summary>What a save would destroy.</summary>
/// <param name="IsEmptied">Whether no step would be left.</param>
/// <param name="Dropped">The names of steps of unknown types that would be gone.</param>
public sealed record DraftLoss(bool IsEmptied, IReadOnlyList<string> Dropped);
