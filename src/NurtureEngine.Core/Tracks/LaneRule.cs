using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Tracks;

/// <summary>
/// In one track of a lane at a time: of the tracks that want a lead the one of the highest priority enters, and only where it
/// is higher than that of the track the lead is in, which is then left. Tracks without a lane are in nobody's way.
/// </summary>
public static class LaneRule
{
    /// <summary>The exit code of a lead that a higher track of the lane has taken.</summary>
    public const string Taken = "lane.taken";

    /// <summary>Decides for leads that nobody else moves meanwhile.</summary>
    /// <param name="wanted">The ways in that are open: none that the lead has gone before, or is on.</param>
    /// <param name="live">The versions each lead is in, without those it is just leaving.</param>
    /// <param name="yielding">The versions among these that make way for whoever wants the lead.</param>
    /// <param name="tracks">The tracks in force.</param>
    public static LaneDecision Decide(
        IReadOnlyList<NewEnrollment> wanted,
        ILookup<ExternalKey, TrackVersionId> live,
        IReadOnlyCollection<(ExternalKey, TrackVersionId)> yielding,
        TrackSet tracks
    )
    {
        var places = tracks
            .All.Select(track => (track.Version, track.Track.Settings.Lane, track.Track.Settings.Priority))
            .Concat(tracks.Unusable.Select(track => (track.Version, track.Lane, track.Priority)))
            .ToDictionary(place => place.Version, place => (place.Lane, place.Priority));
        var (entering, declined) = (new List<NewEnrollment>(), new List<NewEnrollment>());
        var leaving = new List<TrackExit>();
        foreach (var lane in wanted.GroupBy(way => (way.Lead, places[way.Version].Lane)))
        {
            if (lane.Key.Lane is not { } name)
            {
                entering.AddRange(lane);
                continue;
            }

            var best = lane.OrderByDescending(way => places[way.Version].Priority).ThenBy(way => way.TrackId).First();
            var inside = live[lane.Key.Lead].Where(version => places.GetValueOrDefault(version).Lane == name).ToList();
            if (
                inside.Exists(version =>
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
            leaving.AddRange(inside.Select(version => new TrackExit(lane.Key.Lead, version, Taken)));
        }

        return new LaneDecision(entering, declined, leaving);
    }
}

/// <summary>Who enters, who does not since the lane is taken, and which tracks are left for those who enter.</summary>
public sealed record LaneDecision(
    IReadOnlyList<NewEnrollment> Entering,
    IReadOnlyList<NewEnrollment> Declined,
    IReadOnlyList<TrackExit> Leaving
);
