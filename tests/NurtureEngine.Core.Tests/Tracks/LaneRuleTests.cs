using FsCheck;
using FsCheck.Fluent;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tests.Tracks;

public sealed class LaneRuleTests
{
    private static readonly ExternalKey Ann = new("crm", "ann");
    private static readonly Track Plain = FlowScenario.Compile("T>A", "", out _)!;

    [Fact]
    public void The_higher_of_two_enters_and_the_other_is_declined()
    {
        var decision = Decide([(1, "a", 50), (2, "a", 80)], wanted: [1, 2], live: []);

        Assert.Equal("2 | 1 | ", Shown(decision));
    }

    [Fact]
    public void A_higher_track_takes_the_lead_out_of_the_lower_one()
    {
        var decision = Decide([(1, "a", 50), (2, "a", 80)], wanted: [2], live: [1]);

        Assert.Equal("2 |  | 1", Shown(decision));
    }

    [Fact]
    public void A_track_of_the_same_priority_does_not()
    {
        var decision = Decide([(1, "a", 50), (2, "a", 50)], wanted: [2], live: [1]);

        Assert.Equal(" | 2 | ", Shown(decision));
    }

    [Fact]
    public void A_lead_in_a_track_that_can_not_be_run_keeps_its_place_in_the_lane()
    {
        var decision = Decide([(1, "a", 80), (2, "a", 50)], wanted: [2], live: [1], unusable: [1]);

        Assert.Equal(" | 2 | ", Shown(decision));
    }

    [Fact]
    public void A_track_that_makes_way_is_left_whatever_its_priority()
    {
        var decision = Decide([(1, "a", 80), (2, "a", 50)], wanted: [2], live: [1], yielding: [1]);

        Assert.Equal("2 |  | 1", Shown(decision));
    }

    [Fact]
    public void A_track_that_pauses_is_set_aside()
    {
        var decision = Decide([(1, "a", 50), (2, "a", 80)], wanted: [2], live: [1], pausing: [1]);

        Assert.Equal("2 |  | ", Shown(decision));
        Assert.Equal([(Ann, new TrackVersionId(1))], decision.Pausing);
    }

    [Theory]
    [InlineData(60, "", "Somebody else is in the lane, and of those set aside the priority does not count")]
    [InlineData(40, "3", "The track in the lane is of a higher priority")]
    public void A_track_that_is_set_aside_is_in_nobodys_way(int priority, string declined, string _)
    {
        var decision = Decide(
            [(1, "a", 70), (2, "a", 50), (3, "a", priority)],
            wanted: [3],
            live: [1, 2],
            aside: [1],
            pausing: [1]
        );

        Assert.Equal(declined, string.Join(',', Told(decision).Declined));
    }

    [Theory]
    [InlineData(60, "")]
    [InlineData(80, "3")]
    public void Nobody_else_in_the_lane_it_holds_its_place(int priority, string entering)
    {
        var decision = Decide([(1, "a", 70), (3, "a", priority)], wanted: [3], live: [1], aside: [1], pausing: [1]);

        Assert.Equal(entering, string.Join(',', Told(decision).Entering));
        Assert.Empty(decision.Leaving);
    }

    [Theory]
    [InlineData(new[] { 1, 2 }, new[] { 1, 2 }, "2", "Of two set aside the one of the higher priority")]
    [InlineData(new[] { 1, 2, 3 }, new[] { 1, 2 }, "", "Somebody is in the lane")]
    [InlineData(new[] { 1, 4 }, new[] { 1 }, "1", "Another lane does not count")]
    [InlineData(new[] { 1, 2 }, new int[0], "", "Nobody is set aside")]
    public void Who_was_set_aside_goes_on_when_nobody_else_is_in_the_lane(
        int[] live,
        int[] aside,
        string resuming,
        string _
    ) =>
        Assert.Equal(
            resuming,
            string.Join(
                ',',
                LaneRule
                    .Resuming(
                        [.. live.Select(id => (Ann, new TrackVersionId(id)))],
                        Versions(aside),
                        Tracks([(1, "a", 50), (2, "a", 60), (3, "a", 40), (4, "b", 90)])
                    )
                    .Select(row => row.Version.Value)
            )
        );

    [Fact]
    public void Other_lanes_and_tracks_without_one_are_in_nobodys_way()
    {
        var decision = Decide([(1, "a", 90), (2, "b", 10), (3, null, 10), (4, null, 10)], wanted: [2, 3], live: [1, 4]);

        Assert.Equal("2,3 |  | ", Shown(decision));
    }

    [Fact]
    public void Whoever_wants_a_lead_it_is_active_in_one_track_of_a_lane_at_most()
    {
        var tracks =
            from lanes in Gen.Elements("a", "b", null).ListOf(6)
            from priorities in Gen.Choose(0, 3).ListOf(6)
            from wants in Gen.Choose(0, 3).ListOf(6)
            from pauses in Gen.Elements(true, false).ListOf(6)
            from yields in Gen.Elements(true, false).ListOf(6)
            select (lanes, priorities, wants, pauses, yields);

        Prop.ForAll(
                tracks.ToArbitrary(),
                drawn =>
                {
                    var all = Enumerable
                        .Range(0, 6)
                        .Select(i => (i + 1, (string?)drawn.lanes[i], drawn.priorities[i]))
                        .ToArray();
                    // One lead is active in at most one track of a lane to begin with; others may be set aside.
                    var active = Enumerable
                        .Range(0, 6)
                        .Where(i => drawn.wants[i] == 1)
                        .GroupBy(i => drawn.lanes[i] ?? $"{i}")
                        .Select(group => group.First() + 1)
                        .ToArray();
                    int[] aside = [.. Ids(i => drawn.wants[i] == 3 && drawn.lanes[i] is not null)];
                    int[] wanted = [.. Ids(i => drawn.wants[i] == 2)];
                    var decision = Decide(
                        all,
                        wanted,
                        [.. active, .. aside],
                        yielding: [.. Ids(i => drawn.yields[i])],
                        aside: aside,
                        pausing: [.. Ids(i => drawn.pauses[i])]
                    );
                    var (entering, declined, leaving) = Told(decision);
                    var paused = decision.Pausing.Select(row => row.Version.Value).ToArray();
                    var after = active.Except(leaving).Except(paused).Concat(entering).ToArray();
                    var resuming = LaneRule.Resuming(
                        [.. after.Concat(aside).Concat(paused).Select(id => (Ann, new TrackVersionId(id)))],
                        Versions([.. aside, .. paused]),
                        Tracks(all)
                    );
                    var busy = after.Concat(resuming.Select(row => row.Version.Value)).Select(i => drawn.lanes[i - 1]);

                    Assert.Equal(wanted.Order(), entering.Concat(declined).Order());
                    Assert.DoesNotContain(leaving, aside.Contains);
                    Assert.Equal(busy.OfType<string>().Distinct().Count(), busy.OfType<string>().Count());
                    // Nobody waits for an empty lane.
                    Assert.Empty(aside.Concat(paused).Select(i => drawn.lanes[i - 1]).Except(busy));
                }
            )
            .QuickCheckThrowOnFailure();

        static IEnumerable<int> Ids(Func<int, bool> isMeant) =>
            Enumerable.Range(0, 6).Where(isMeant).Select(i => i + 1);
    }

    [Theory]
    [InlineData(false, "1", "")]
    [InlineData(true, "", "1")]
    public void Of_merged_leads_the_lower_track_ends_or_is_set_aside(bool pauses, string leaving, string pausing)
    {
        var bea = new ExternalKey("crm", "bea");
        var decision = MergeRule.Decide(
            [Ann, bea],
            new[] { (Ann, 1), (bea, 2) }.ToLookup(row => row.Item1, row => new TrackVersionId(row.Item2)),
            Versions(null),
            Tracks([(1, "a", 50), (2, "a", 80)], pausing: pauses ? [1] : null)
        );

        Assert.Equal(leaving, string.Join(',', decision.Leaving.Select(exit => exit.Version!.Value.Value)));
        Assert.Equal(pausing, string.Join(',', decision.Pausing.Select(row => row.Version.Value)));
    }

    [Fact]
    public void A_track_that_can_not_be_run_is_set_aside_too_where_it_says_so()
    {
        var definition = System.Text.Encoding.UTF8.GetBytes(
            """{"customProperties": {"nurture": {"lane": "a", "priority": 30, "whenTaken": "pause"}}}"""
        );
        var track = UnusableTrack.Read(new TrackVersionId(1), definition);

        Assert.Equal(("a", 30, WhenTaken.Pause), (track.Lane, track.Priority, track.WhenTaken));
    }

    private static string Shown(LaneDecision decision)
    {
        var (entering, declined, leaving) = Told(decision);
        return $"{string.Join(',', entering)} | {string.Join(',', declined)} | {string.Join(',', leaving)}";
    }

    private static (int[] Entering, int[] Declined, int[] Leaving) Told(LaneDecision decision) =>
        (
            [.. decision.Entering.Select(way => way.TrackId).Order()],
            [.. decision.Declined.Select(way => way.TrackId).Order()],
            [.. decision.Leaving.Select(exit => exit.Version!.Value.Value).Order()]
        );

    private static LaneDecision Decide(
        (int Id, string? Lane, int Priority)[] tracks,
        int[] wanted,
        int[] live,
        int[]? unusable = null,
        int[]? yielding = null,
        int[]? aside = null,
        int[]? pausing = null
    ) =>
        LaneRule.Decide(
            [
                .. wanted.Select(id => new NewEnrollment(
                    Ann,
                    id,
                    new TrackVersionId(id),
                    "once",
                    "crm/1",
                    Standing.At(Plain.Root, new StepId("T"))
                )),
            ],
            live.ToLookup(_ => Ann, id => new TrackVersionId(id)),
            Versions(aside),
            Versions(yielding),
            Tracks(tracks, unusable, pausing)
        );

    private static HashSet<(ExternalKey, TrackVersionId)> Versions(int[]? ids) =>
        [.. (ids ?? []).Select(id => (Ann, new TrackVersionId(id)))];

    private static TrackSet Tracks(
        (int Id, string? Lane, int Priority)[] tracks,
        int[]? unusable = null,
        int[]? pausing = null
    )
    {
        var published = tracks
            .Select(each => new PublishedTrack(
                each.Id,
                new TrackVersionId(each.Id),
                Plain with
                {
                    Settings = Plain.Settings with
                    {
                        Lane = each.Lane,
                        Priority = each.Priority,
                        WhenTaken = pausing?.Contains(each.Id) == true ? WhenTaken.Pause : WhenTaken.End,
                    },
                }
            ))
            .ToList();
        return new TrackSet(
            published,
            published.FindAll(track => unusable?.Contains(track.TrackId) != true),
            [
                .. tracks
                    .Where(track => unusable?.Contains(track.Id) == true)
                    .Select(track => new UnusableTrack(new TrackVersionId(track.Id), track.Lane, track.Priority)),
            ]
        );
    }
}
