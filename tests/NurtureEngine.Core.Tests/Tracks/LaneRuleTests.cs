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
    public void Other_lanes_and_tracks_without_one_are_in_nobodys_way()
    {
        var decision = Decide([(1, "a", 90), (2, "b", 10), (3, null, 10), (4, null, 10)], wanted: [2, 3], live: [1, 4]);

        Assert.Equal("2,3 |  | ", Shown(decision));
    }

    [Fact]
    public void Whoever_wants_a_lead_it_is_never_in_two_tracks_of_a_lane()
    {
        var tracks =
            from lanes in Gen.Elements("a", "b", null).ListOf(6)
            from priorities in Gen.Choose(0, 3).ListOf(6)
            from wants in Gen.Choose(0, 2).ListOf(6)
            select (lanes, priorities, wants);

        Prop.ForAll(
                tracks.ToArbitrary(),
                drawn =>
                {
                    var all = Enumerable
                        .Range(0, 6)
                        .Select(i => (i + 1, (string?)drawn.lanes[i], drawn.priorities[i]))
                        .ToArray();
                    // One lead is in at most one track of a lane to begin with.
                    var live = Enumerable
                        .Range(0, 6)
                        .Where(i => drawn.wants[i] == 1)
                        .GroupBy(i => drawn.lanes[i] ?? $"{i}")
                        .Select(group => group.First() + 1)
                        .ToArray();
                    int[] wanted = [.. Enumerable.Range(0, 6).Where(i => drawn.wants[i] == 2).Select(i => i + 1)];
                    var decision = Decide(all, wanted, live);
                    var (entering, declined, leaving) = Told(decision);
                    var after = live.Except(leaving).Concat(entering).Select(i => drawn.lanes[i - 1]).OfType<string>();

                    Assert.Equal(after.Distinct().Count(), after.Count());
                    Assert.Equal(wanted.Order(), entering.Concat(declined).Order());
                }
            )
            .QuickCheckThrowOnFailure();
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
        int[]? yielding = null
    )
    {
        var track = FlowScenario.Compile("T>A", "", out _)!;
        var published = tracks
            .Select(each => new PublishedTrack(
                each.Id,
                new TrackVersionId(each.Id),
                track with
                {
                    Settings = track.Settings with { Lane = each.Lane, Priority = each.Priority },
                }
            ))
            .ToList();
        return LaneRule.Decide(
            [
                .. wanted.Select(id => new NewEnrollment(
                    Ann,
                    id,
                    new TrackVersionId(id),
                    "once",
                    "crm/1",
                    Standing.At(track.Root, new StepId("T"))
                )),
            ],
            live.ToLookup(_ => Ann, id => new TrackVersionId(id)),
            [.. (yielding ?? []).Select(id => (Ann, new TrackVersionId(id)))],
            new TrackSet(
                published,
                published.FindAll(track => unusable?.Contains(track.TrackId) != true),
                [
                    .. tracks
                        .Where(track => unusable?.Contains(track.Id) == true)
                        .Select(track => new UnusableTrack(new TrackVersionId(track.Id), track.Lane, track.Priority)),
                ]
            )
        );
    }
}
