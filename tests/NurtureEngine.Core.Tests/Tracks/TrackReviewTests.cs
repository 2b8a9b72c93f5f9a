using System.Collections.Immutable;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Reviews;

namespace NurtureEngine.Core.Tests.Tracks;

/// <summary>What a team asks before a track goes live.</summary>
public sealed class TrackReviewTests
{
    private const string Kinds = "R role DecisionMaker,User; A mail; B mail; C call 1d";
    private const string ByRole = "T>R R.DecisionMaker>A R.User>B R.Other>B";

    [Fact]
    public void A_track_without_an_end_a_habit_or_roles_is_told_so()
    {
        var codes = Codes(Compile("T>A"), Scene(Content()));

        Assert.Contains("review.no_time_limit", codes);
        Assert.Contains("review.no_successor", codes);
        Assert.Contains("review.no_slot", codes);
        Assert.Contains("review.no_roles", codes);
        Assert.Contains("review.no_journey", codes);
    }

    [Theory]
    [InlineData("nurture", 50, "lead.score > 1", true)]
    [InlineData("nurture", 40, "lead.score > 1", false)]
    [InlineData("other", 50, "lead.score > 1", false)]
    [InlineData("nurture", 50, "lead.score > 2", false)]
    public void A_track_that_gets_the_same_leads_first_is_named(
        string lane,
        int priority,
        string audience,
        bool isRival
    )
    {
        (string, JsonNode)[] own = [("lane", "nurture"), ("audience", "lead.score > 1")];
        var track = Compile("T>A", own);
        var other = Compile("T>B", ("lane", lane), ("priority", priority), ("audience", audience)) with
        {
            DefinitionId = "other",
            Name = "Other",
        };
        var codes = Codes(track, Scene(Content()) with { Others = [track, other] });

        Assert.Equal(isRival, codes.Contains("review.rival"));
    }

    [Fact]
    public void A_content_that_is_not_for_the_only_role_that_comes_is_named()
    {
        var findings = TrackReview.Of(Compile(ByRole), Scene(Content(roles: ["User"])));
        var finding = Assert.Single(findings, finding => finding.Code == "review.other_role");

        Assert.Equal((new StepId("A"), "DecisionMaker"), (finding.Step, finding.Arguments[1]));
        Assert.Contains("is not written for DecisionMaker", finding.Sentence.English, StringComparison.Ordinal);
    }

    [Fact]
    public void A_language_that_other_contents_have_is_missed()
    {
        var findings = TrackReview.Of(Compile("T>A"), Scene(Content()) with { DefaultLanguage = "zh-CN" });

        Assert.Equal(
            ["hello", "zh-CN"],
            Assert.Single(findings, finding => finding.Code == "review.no_language").Arguments
        );
    }

    [Theory]
    [InlineData("""{{ include "button.html" "https://a.example" "A" }}""", "review.")]
    [InlineData(
        """{{ include "button.html" "https://a.example" "A" }}{{ include 'button.html' "https://b.example" "B" }}""",
        "review.several_actions"
    )]
    [InlineData(
        """<a class="button" href="https://a.example">A</a><a class="button" href="/b">B</a>""",
        "review.several_actions"
    )]
    public void More_than_one_button_is_too_many(string html, string code) =>
        Assert.Contains(
            Codes(Compile("T>A"), Scene(Content(html: html))),
            found => found.StartsWith(code, StringComparison.Ordinal)
        );

    [Fact]
    public void Links_that_do_not_work_are_named_and_those_that_leads_make_up_are_not_tried()
    {
        var content = Content(
            html: """<a href="https://a.example/x">A</a><a href="https://b.example/{{ lead.id }}">B</a>"""
        );
        var scene = Scene(content) with
        {
            DeadLinks = new Dictionary<string, string> { ["https://a.example/x"] = "404" },
        };

        Assert.Equal(["https://a.example/x"], TrackReview.LinksOf(content));
        Assert.Contains("review.dead_link", Codes(Compile("T>A"), scene));
    }

    [Theory]
    [InlineData(10, 20, false)]
    [InlineData(30, 20, true)]
    public void Calls_and_approvals_are_held_against_what_the_team_can_do(double entries, int perDay, bool isTooMuch)
    {
        var scene = Scene(Content()) with
        {
            EntriesPerDay = entries,
            ShareToApprove = 1,
            CallsPerDay = perDay,
            ApprovalsPerDay = perDay,
        };
        var codes = Codes(Compile("T>A A>C"), scene);

        Assert.Equal(isTooMuch, codes.Contains("review.calls"));
        Assert.Equal(isTooMuch, codes.Contains("review.approvals"));
    }

    [Fact]
    public void Every_finding_has_a_sentence_in_both_languages()
    {
        foreach (var code in ReviewSentences.Codes)
        {
            var sentence = new ReviewFinding(code, null, "one", "two", "three").Sentence;
            Assert.NotEqual(sentence.English, sentence.Chinese);
            Assert.DoesNotContain("{", sentence.English, StringComparison.Ordinal);
        }
    }

    private static HashSet<string> Codes(Track track, ReviewScene scene) =>
        [.. TrackReview.Of(track, scene).Select(finding => finding.Code)];

    private static ReviewScene Scene(ContentSource content) =>
        new()
        {
            Contents = new Dictionary<string, ContentSource> { ["hello"] = content },
            Pools = Pools.None,
            DefaultLanguage = "en",
        };

    private static ContentSource Content(string html = "<p>Hello</p>", ImmutableArray<string> roles = default) =>
        new()
        {
            Key = "hello",
            Channel = "email",
            Purpose = "marketing",
            Metadata = new ContentMetadata { Roles = roles.IsDefault ? [] : roles },
            Languages = ImmutableSortedDictionary<string, EmailSource>.Empty.Add(
                "en",
                new EmailSource("Hi", "", html, null)
            ),
        };

    private static Track Compile(string connections, params (string Name, JsonNode Value)[] settings)
    {
        var track = FlowScenario.Compile(connections, Kinds, out var faults, settings);
        Assert.Empty(faults);
        return track!;
    }
}
