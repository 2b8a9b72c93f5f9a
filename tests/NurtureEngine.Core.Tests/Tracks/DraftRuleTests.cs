using System.Text.Json.Nodes;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.Core.Tracks.Reviews;

namespace NurtureEngine.Core.Tests.Tracks;

/// <summary>Whether a draft may be saved, and published.</summary>
public sealed class DraftRuleTests
{
    private static readonly TrackDefinition InForce = new(12, "drip", 3, IsCurrent: true, default, "{}", null);
    private static readonly TrackDraft Draft = new()
    {
        Id = 5,
        Revision = 2,
        Editor = "mine",
        Authors = ["ann"],
    };

    [Theory]
    // Nothing there yet; the version that was seen; another one; none that was seen.
    [InlineData(false, false, null, null, 0, "mine", SaveRefusal.None)]
    [InlineData(true, false, 12, null, 0, "mine", SaveRefusal.None)]
    [InlineData(true, false, 11, null, 0, "mine", SaveRefusal.PublishedSince)]
    [InlineData(true, false, null, null, 0, "mine", SaveRefusal.IdTaken)]
    [InlineData(true, false, null, 5L, 2, "mine", SaveRefusal.DraftGone)]
    // The page that saved last, whatever it has seen; another that is up to date, or is not.
    [InlineData(true, true, 12, null, 0, "mine", SaveRefusal.None)]
    [InlineData(true, true, null, 5L, 1, "mine", SaveRefusal.None)]
    [InlineData(true, true, null, 5L, 2, "other", SaveRefusal.None)]
    [InlineData(true, true, null, 5L, 1, "other", SaveRefusal.SavedByOther)]
    [InlineData(true, true, 12, null, 0, "other", SaveRefusal.SavedByOther)]
    [InlineData(true, true, null, 5L, 2, null, SaveRefusal.None)]
    [InlineData(true, true, null, null, 0, null, SaveRefusal.IdTaken)]
    public void A_save_overwrites_only_what_was_seen(
        bool isPublished,
        bool hasDraft,
        int? version,
        long? draft,
        int revision,
        string? editor,
        SaveRefusal refusal
    )
    {
        var stored = new DraftState(hasDraft ? Draft : null, isPublished ? InForce : null, isPublished ? 3 : 0);

        Assert.Equal(refusal, DraftRule.RefusalOf(stored, new Seen(version, draft, revision, editor)));
    }

    [Theory]
    [InlineData(null, false, false, "bea", false, null)]
    [InlineData(1, false, false, "bea", false, PublishOutcome.Overtaken)]
    [InlineData(2, true, false, "bea", true, PublishOutcome.Faulty)]
    [InlineData(2, false, true, "bea", false, PublishOutcome.NeedsConsent)]
    [InlineData(2, false, true, "bea", true, null)]
    [InlineData(2, false, false, "ann", true, PublishOutcome.NeedsOther)]
    public void A_draft_is_published_as_it_was_looked_at(
        int? revision,
        bool isFaulty,
        bool hasWarnings,
        string actor,
        bool accepts,
        PublishOutcome? hindrance
    )
    {
        var problems = new DraftProblems(
            isFaulty ? [new Diagnostic("root", "is wrong")] : [],
            hasWarnings ? [new ReviewFinding("review.no_slot", null)] : []
        );
        var order = new PublishOrder
        {
            DefinitionId = "drip",
            Actor = actor,
            Revision = revision,
            AcceptsWarnings = accepts,
        };

        Assert.Equal(
            hindrance,
            DraftRule.HindranceOf(Draft, order, problems, new PublishingRules { NeedsFourEyes = true })
        );
    }

    [Fact]
    public void A_copy_has_an_id_and_a_name_of_its_own_and_all_its_steps()
    {
        const string Origin =
            """{"id":"drip-v1","definitionId":"drip","name":"Drip","customProperties":{"nurture":{"type":"drip","owner":"ann"}},"root":{"id":"r","activities":[{"id":"a"}]},"future":1}""";
        var copy = JsonNode.Parse(TrackCopy.Of(Origin, "spring", "Spring"))!;

        Assert.Equal(("spring", "Spring"), ((string?)copy["definitionId"], (string?)copy["name"]));
        Assert.Equal("""{"type":"drip"}""", copy["customProperties"]!["nurture"]!.ToJsonString());
        Assert.Equal("a", (string?)copy["root"]!["activities"]![0]!["id"]);
        Assert.Equal(1, (int)copy["future"]!);
    }

    [Theory]
    [InlineData("Spring campaign 2027", "spring-campaign-2027")]
    [InlineData("  Été & été  ", "t-t")]
    [InlineData("春季活动", null)]
    public void An_id_comes_from_the_name_if_that_has_one(string name, string? id) =>
        Assert.Equal(id, TrackCopy.IdFrom(name));
}
