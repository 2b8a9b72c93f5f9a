using System.Text.Json.Nodes;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Core.Tests.Tracks;

public sealed class TrackSettingsTests
{
    [Theory]
    [InlineData(null, "MQL", "stage.advanced")]
    [InlineData("RL", "MQL", "stage.advanced")]
    [InlineData(null, "RL", "stage.advanced")]
    [InlineData("SQL", "MQL", "stage.regressed")]
    [InlineData("SQL", "RL", "stage.regressed")]
    [InlineData("RL", "SQL", null)]
    public void A_lead_that_leaves_at_a_stage_has_advanced_or_regressed(string? from, string to, string? expected)
    {
        var track = FlowScenario.Compile("T>A", "", out _)!;
        track = track with { Settings = track.Settings with { ExitStages = ["RL", "MQL"] } };
        var at = new DateTimeOffset(2026, 5, 4, 9, 0, 0, TimeSpan.Zero);
        var stage = new LeadStage(track.Settings.LifeCycle, to, at, new Stamp(null, at));

        Assert.Equal(
            expected,
            track.StageExit([new StageMove(stage, from, IsChange: true, MayTrigger: true)], Rulebooks.Default)
        );
    }

    [Fact]
    public void What_is_expected_is_read_by_its_names()
    {
        var rates = FlowScenario
            .Compile(
                "T>A",
                "",
                out _,
                ("expectedRates", JsonNode.Parse("""{"opened": 25, "clicked": 3.5, "reached": 15}""")!)
            )!
            .Settings.ExpectedRates;

        Assert.Equal(new ExpectedRates(Opened: 25, Clicked: 3.5m, Reached: 15), rates);
    }

    [Theory]
    [InlineData("{}", "goal.reached", null, TrackOutcome.Success)]
    [InlineData("{}", "stage.advanced", "SQL", TrackOutcome.Success)]
    [InlineData("{}", "stage.regressed", "RL", TrackOutcome.Failure)]
    [InlineData("{}", "track.completed", null, TrackOutcome.Neutral)]
    [InlineData("{}", "some.code_of_later", null, TrackOutcome.Neutral)]
    [InlineData("""{"SQL": "neutral"}""", "stage.advanced", "SQL", TrackOutcome.Neutral)]
    [InlineData("""{"SQL": "failure", "stage.advanced": "neutral"}""", "stage.advanced", "SQL", TrackOutcome.Failure)]
    [InlineData("""{"stage.advanced": "neutral"}""", "stage.advanced", "Rev", TrackOutcome.Neutral)]
    [InlineData("""{"track.completed": "success"}""", "track.completed", null, TrackOutcome.Success)]
    public void A_stage_goes_before_a_code_and_what_the_track_says_before_what_is_usual(
        string marked,
        string code,
        string? stage,
        TrackOutcome outcome
    ) =>
        Assert.Equal(
            outcome,
            FlowScenario
                .Compile("T>A", "", out _, ("outcomes", JsonNode.Parse(marked)!))!
                .Settings.Outcomes.Of(code, stage)
        );
}
