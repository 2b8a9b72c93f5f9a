using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Simulation;
using NurtureEngine.Core.Tests.Tracks;
using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Core.Tests.Simulation;

public sealed class TrialTests
{
    private static readonly DateTimeOffset Monday = new(2026, 6, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_lead_goes_the_way_of_its_role_and_of_what_it_does()
    {
        var track = Compile(
            "T>D D.True>M D.False>B M>R R.Replied>C R.TimedOut>E",
            "D decision lead.role == \"Buyer\"; M mail; B mail; C mail; E mail; R reply 5d"
        );
        var buyer = new TrialLead { Role = "Buyer", Start = Monday };
        var reply = new TrialAct(TimeSpan.FromHours(2), "activity.replied", null);

        Assert.Equal(["T", "D", "B", "completed"], Path(track, new TrialLead { Role = "User", Start = Monday }));
        Assert.Equal(["T", "D", "M", "R", "E", "completed"], Path(track, buyer));
        Assert.Equal(["T", "D", "M", "R", "C", "completed"], Path(track, buyer with { Acts = [reply] }));
    }

    [Fact]
    public void A_stage_that_ends_the_track_is_told_and_the_lead_does_not_enter_again()
    {
        var track = Compile("T>M M>W W>B", "M mail; W delay 9d; B mail", ("exitStages", new JsonArray("SQL")));
        var lead = new TrialLead { Start = Monday, Acts = [Moved(1, "SQL"), Moved(2, "MQL")] };

        Assert.Equal(["T", "M", "W", "exited stage.advanced"], Path(track, lead));
    }

    [Fact]
    public void Each_message_holds_the_lead_as_it_is_when_it_leaves()
    {
        var track = Compile("T>S S>M", "S score 60; M mail");
        var message = Assert.Single(
            Run(track, new TrialLead { Start = Monday }).Lines,
            line => line.Content is not null
        );

        Assert.Equal(("M", "hello", 60L), (message.Step, message.Content, message.Lead.Score));
    }

    [Fact]
    public void A_stage_that_the_lead_comes_to_by_what_the_track_does_ends_it()
    {
        var rules = Rulebooks.Default with
        {
            LifeCycles =
            [
                new LifeCycle(
                    "customer",
                    [
                        new Stage("RL", null),
                        new Stage("MQL", null),
                        new Stage("SQL", null) { Rule = new StageRule(50, 0, [], TimeSpan.Zero) },
                    ]
                ),
            ],
        };
        var track = Compile("T>W W>S S>M", "W delay 1d; S score 50; M mail", ("exitStages", new JsonArray("SQL")));
        var trial = Trial.Of(track, rules, Pools.None, new TrialLead { Stage = "MQL", Start = Monday });

        Assert.Equal(["T", "W", "S", "exited stage.advanced"], trial.Path);
    }

    [Fact]
    public void A_lead_moves_within_the_life_cycle_of_the_track()
    {
        var track = Compile(
            "T>M M>W W>B",
            "T created; M mail; W delay 9d; B mail",
            ("lifeCycle", "partner"),
            ("exitStages", new JsonArray("Developed"))
        );
        var lead = new TrialLead { Start = Monday, Acts = [Moved(1, "Developed")] };

        Assert.Equal("exited stage.advanced", Path(track, lead)[^1]);
        Assert.Equal("refused", Run(track, lead with { Acts = [Moved(1, "SQL")] }).Lines.First(IsAnswer).Kind);
    }

    [Fact]
    public void A_track_that_goes_round_for_ever_is_ended_and_says_so()
    {
        var lines = Run(Compile("T>A A>B B>A", "A mail; B mail"), new TrialLead { Start = Monday }).Lines;

        Assert.InRange(lines.Count, TrackTrace.MostLines, TrackTrace.MostLines + 10);
        Assert.Equal(("rest", "long"), (lines[^1].Kind, lines[^1].Code));
    }

    [Fact]
    public void A_lead_that_stays_is_told_to_wait()
    {
        var year = Run(Compile("T>W", "W delay 800d"), new TrialLead { Start = Monday }).Lines[^1];

        Assert.Equal(("rest", "year"), (year.Kind, year.Code));
        Assert.DoesNotContain(
            Run(Compile("T>W", "W delay 8d"), new TrialLead { Start = Monday }).Lines,
            line => line.Kind == "rest"
        );
    }

    [Theory]
    [InlineData("1999-12-31T23:59")]
    [InlineData("9998-12-30T00:00")]
    public void A_moment_at_the_ends_of_the_calendar_is_none(string start) =>
        Assert.Equal(Monday, TrialText.Read($"start={Uri.EscapeDataString(start)}", Monday.AddSeconds(9)).Start);

    private static bool IsAnswer(TraceLine line) => line.Kind is "refused" or "event";

    [Fact]
    public void A_lead_is_the_same_after_it_was_written_and_read()
    {
        var texts = Gen.Elements("", "Buyer", "a&b=c", "客户 +1%", "x|y");
        var acts =
            from minutes in Gen.Choose(0, 500_000)
            from does in Gen.Elements<string>([.. TrialAct.Known])
            select new TrialAct(TimeSpan.FromMinutes(minutes), does, does == "lead.stage_changed" ? "SQL & 中" : null);
        var leads =
            from role in texts
            from tier in texts
            from language in texts
            from list in Gen.ListOf(acts)
            select new TrialLead
            {
                Role = role,
                Tier = tier,
                Language = language,
                Start = Monday.AddMinutes(list.Count),
                Acts = [.. list.Take(TrialLead.MostActs).OrderBy(act => act.After)],
            };

        Prop.ForAll(
                leads.ToArbitrary(),
                lead =>
                {
                    var read = TrialText.Read($"?{TrialText.Write(lead)}&other=1", default);
                    Assert.Equal(lead.Acts, read.Acts);
                    Assert.Equal(lead with { Acts = [] }, read with { Acts = [] });
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("-5|activity.replied|")]
    [InlineData("5|activity.unknown|")]
    [InlineData("5|lead.stage_changed|")]
    [InlineData("99999999999|activity.replied|")]
    [InlineData("5|activity.replied|SQL")]
    public void What_is_no_act_is_left_out(string act) =>
        Assert.Empty(TrialText.Read($"act={Uri.EscapeDataString(act)}&start=tomorrow", Monday).Acts);

    private static TrialAct Moved(int days, string stage) => new(TimeSpan.FromDays(days), "lead.stage_changed", stage);

    private static IReadOnlyList<string> Path(Track track, TrialLead lead) => Run(track, lead).Path;

    private static Trial Run(Track track, TrialLead lead) => Trial.Of(track, Rulebooks.Default, Pools.None, lead);

    private static Track Compile(string flow, string kinds, params (string Name, JsonNode Value)[] settings)
    {
        var track = FlowScenario.Compile(flow, kinds, out var faults, settings);
        Assert.Empty(faults);
        return track!;
    }
}
