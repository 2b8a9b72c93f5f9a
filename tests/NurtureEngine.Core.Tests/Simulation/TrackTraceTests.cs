using System.Collections.Immutable;
using NodaTime;
using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Simulation;
using NurtureEngine.Core.Tests.Tracks;

namespace NurtureEngine.Core.Tests.Simulation;

public sealed class TrackTraceTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Without_events_the_lead_enters_at_once_and_time_is_stepped()
    {
        var lines = Trace("T>A A>W W>M M>B", "W delay 3d; M mail", []);

        Assert.Equal(
            [
                "0 enrolled Scenario",
                "0 step T",
                "0 step A",
                "0 line A",
                "0 step W",
                "3 step M",
                "3 email hello",
                "3 step B",
                "3 line B",
                "3 completed Scenario",
            ],
            lines
        );
    }

    [Fact]
    public void Events_move_the_lead_in_and_facts_change_what_is_decided_later()
    {
        var lines = Trace(
            "T>W W>D D.True>A D.False>B",
            "W delay 3d; D decision lead.country == \"DE\"",
            [Moved("MQL", days: 1), Moved("MQL", days: 2, ("country", "DE"))]
        );

        Assert.Equal(
            [
                "1 event lead.stage_changed MQL",
                "1 enrolled Scenario",
                "1 step T",
                "1 step W",
                "2 event lead.stage_changed",
                "4 step D",
                "4 step A",
                "4 line A",
                "4 completed Scenario",
            ],
            lines
        );
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Any_first_event_makes_a_lead_that_nobody_knows_a_new_one(bool isUnknown, bool enters)
    {
        var track = FlowScenario.Compile("T>A", "T created", out var faults)!;
        Assert.Empty(faults);
        var scene = new TraceScene(
            Rulebooks.Default,
            Pools.None,
            new Lead { Key = new ExternalKey("crm", "ann"), ActiveAt = Noon },
            null
        )
        {
            IsUnknown = isUnknown,
        };

        Assert.Equal(
            enters,
            TrackTrace
                .Run(track, scene, [Moved("SQL", days: 1)], Noon, TimeSpan.FromDays(30))
                .Any(line => line.Kind == "enrolled")
        );
    }

    [Fact]
    public void What_lies_beyond_the_horizon_is_not_told() =>
        Assert.Equal("0 step W", Trace("T>W W>A", "W delay 100d", [])[^1]);

    [Fact]
    public void A_fault_ends_the_trace() => Assert.Equal("0 parked fault.raised 0", Trace("T>F", "F fault", [])[^1]);

    [Fact]
    public void A_touch_leaves_at_its_slot_and_the_rest_counts_from_there()
    {
        var track = FlowScenario.Compile("T>M M>W W>A", "M mail; W delay 2d", out _)!;
        var slot = new Slot([IsoDayOfWeek.Thursday], new LocalTime(9, 0));
        var lines = TrackTrace.Run(
            track with
            {
                Settings = track.Settings with { Cadence = new CadenceRules { Slots = [slot] } },
            },
            new TraceScene(Rulebooks.Default, Pools.None, new Lead { Key = new ExternalKey("crm", "ann") }, null),
            [],
            Noon,
            TimeSpan.FromDays(30)
        );

        Assert.Equal(
            ["06-01 12:00 planned email hello for 2026-06-04 09:00", "06-04 09:00 email hello", "06-06 09:00 line A"],
            lines
                .Where(line => line.Kind is "planned" or "email" or "line")
                .Select(line => $"{line.At:MM-dd HH:mm} {line.Kind} {line.Text}")
        );
    }

    [Fact]
    public void A_change_that_reaches_the_goal_ends_the_track_and_who_is_not_of_the_audience_does_not_enter()
    {
        Assert.Equal("0 exited goal.reached", Trace("T>S S>A", "S score 60", [], ("goal", "lead.score >= 50"))[^1]);
        Assert.Equal(
            "1 declined not of the audience",
            Trace("T>A", "", [Moved("MQL", days: 1)], ("audience", "lead.country == \"DE\""))[^1]
        );
    }

    [Fact]
    public void Changes_of_the_lead_hold_for_the_steps_that_follow()
    {
        var lines = Trace(
            "T>S S>D D.True>E E>C C.Met>M D.False>X",
            "S score 60; D decision lead.score >= 60; E evidence Need; C criterion need; M move other",
            []
        );

        Assert.Equal(
            [
                "0 enrolled Scenario",
                "0 step T",
                "0 step S",
                "0 change score +60 (S)",
                "0 step D",
                "0 step E",
                "0 change Need: told us",
                "0 step C",
                "0 step M",
                "0 change on to track other",
                "0 exited track.moved other",
            ],
            lines
        );
    }

    private static List<string> Trace(
        string connections,
        string kinds,
        CrmEvent[] events,
        params (string, System.Text.Json.Nodes.JsonNode)[] settings
    )
    {
        var track = FlowScenario.Compile(connections, kinds, out var faults, settings);
        Assert.Empty(faults);
        var lead = new Lead { Key = new ExternalKey("crm", "ann") };
        return
        [
            .. TrackTrace
                .Run(
                    track!,
                    new TraceScene(Rulebooks.Default, Pools.None, lead, null),
                    events,
                    Noon,
                    TimeSpan.FromDays(30)
                )
                .Select(line => $"{(line.At - Noon).TotalDays:0} {line.Kind} {line.Text}"),
        ];
    }

    private static CrmEvent Moved(string to, int days, params (string Name, string Value)[] fields) =>
        new()
        {
            Type = EventTypes.StageChanged,
            Lead = new ExternalKey("crm", "ann"),
            Stamp = new Stamp(null, Noon.AddDays(days)),
            Stage = new StageChange(null, null, to),
            Fields = fields.ToDictionary(f => f.Name, f => (string?)f.Value).ToImmutableDictionary(),
        };
}
