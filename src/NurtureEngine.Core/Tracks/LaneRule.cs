using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Tracks;

/// <summary>
/// In one track of a lane at a time: of the tracks that want a lead the one of the highest priority enters, and only where it
/// is higher than that of the track the lead is in, which is then left or set aside. Tracks without a lane are in nobody's way.
/// </summary>
public static class LaneRule
{
    /// <summary>The exit code of a lead that a higher track of the lane has taken.</summary>
    public const string Taken = "lane.taken";

    /// <summary>Decides for leads that nobody else moves meanwhile.</summary>
    /// <param name="wanted">The ways in that are open: none that the lead has gone before, or is on.</param>
    /// <param name="live">The versions each lead is in, without those it is just leaving.</param>
    /// <param name="aside">The versions among these that were set aside for another one of the lane.</param>
    /// <param name="yielding">The versions among these that make way for whoever wants the lead.</param>
    /// <param name="tracks">The tracks in force.</param>
    public static LaneDecision Decide(
        IReadOnlyList<NewEnrollment> wanted,
        ILookup<ExternalKey, TrackVersionId> live,
        IReadOnlySet<(ExternalKey, TrackVersionId)> aside,
        IReadOnlyCollection<(ExternalKey, TrackVersionId)> yielding,
        TrackSet tracks
    )
    {
        var places = tracks.Places;
        var (entering, declined) = (new List<NewEnrollment>(), new List<NewEnrollment>());
        var (leaving, pausing) = (new List<TrackExit>(), new List<(ExternalKey, TrackVersionId)>());
        foreach (var lane in wanted.GroupBy(way => (way.Lead, places[way.Version].Lane)))
        {
            if (lane.Key.Lane is not { } name)
            {
                entering.AddRange(lane);
                continue;
            }

            var best = lane.OrderByDescending(way => places[way.Version].Priority).ThenBy(way => way.TrackId).First();
            var inside = live[lane.Key.Lead]
                .Where(version => places.GetValueOrDefault(version)?.Lane == name)
                .ToLookup(version => aside.Contains((lane.Key.Lead, version)));
            // Whoever is set aside holds the lane where nobody else does any more.
            var holding = inside[false].Any() ? inside[false] : inside[true];
            if (
                holding.Any(version =>
                    !yielding.Contains((lane.Key.Lead, version))
                    && places[version].Priority >= places[best.Version].Priority
                )
            )
            {
                declined.AddRange(lane);
                continue;
            }

            entering.Add(best);
            declined.AddRange(lane.Where(way => way != best));
            foreach (var version in inside[false])
            {
                if (places[version].WhenTaken == WhenTaken.Pause && !yielding.Contains((lane.Key.Lead, version)))
                {
                    pausing.Add((lane.Key.Lead, version));
                }
                else
                {
                    leaving.Add(new TrackExit(lane.Key.Lead, version, Taken));
                }
            }
        }

        return new LaneDecision(entering, declined, leaving, pausing);
    }

    /// <summary>Who goes on: in a lane that nobody else is in, of those set aside the one of the highest priority.</summary>
    /// <param name="live">The versions each lead is in.</param>
    /// <param name="aside">The versions among these that are set aside.</param>
    /// <param name="tracks">The tracks in force.</param>
    public static IReadOnlyList<(ExternalKey Lead, TrackVersionId Version)> Resuming(
        IReadOnlyCollection<(ExternalKey Lead, TrackVersionId Version)> live,
        IReadOnlySet<(ExternalKey, TrackVersionId)> aside,
        TrackSet tracks
    )
    {
        if (aside.Count == 0)
        {
            return [];
        }

        var places = tracks.Places;
        return
        [
            .. live.Where(row => places[row.Version].Lane is not null)
                .GroupBy(row => (row.Lead, places[row.Version].Lane))
                .Where(lane => lane.All(aside.Contains))
                .Select(lane =>
                    lane.OrderByDescending(row => places[row.Version].Priority).ThenBy(row => row.Version.Value).First()
                ),
        ];
    }
}

/// <summary>
/// Who enters, who does not since the lane is taken, and which tracks are left or set aside for those who enter.
/// </summary>
public sealed record LaneDecision(
    IReadOnlyList<NewEnrollment> Entering,
    IReadOnlyList<NewEnrollment> Declined,
    IReadOnlyList<TrackExit> Leaving,
    IReadOnlyList<(ExternalKey Lead, TrackVersionId Version)> Pausing
);
