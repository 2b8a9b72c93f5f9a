using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Tracks;

/// <summary>
/// What leads leave when they become one: a lead is in a track once, and in one track of a lane at a time. Of two the one of the higher
/// priority stays, else that of the lead who stays; the other one ends, or is set aside where the track says so.
/// </summary>
public static class MergeRule
{
    /// <summary>The exit code of what a merged lead can't be in twice.</summary>
    public const string Merged = "lead.merged";

    /// <param name="leads">The leads, the one who stays first.</param>
    /// <param name="live">The versions each is in.</param>
    /// <param name="aside">The versions among these that were set aside in their lane, where they are in nobody's way.</param>
    /// <param name="tracks">The tracks in force.</param>
    public static MergeDecision Decide(
        IReadOnlyList<ExternalKey> leads,
        ILookup<ExternalKey, TrackVersionId> live,
        IReadOnlySet<(ExternalKey, TrackVersionId)> aside,
        TrackSet tracks
    )
    {
        var places = tracks.Places;
        var inside = leads
            .SelectMany(
                (lead, order) =>
                    live[lead]
                        .Select(version =>
                            (
                                Lead: lead,
                                Order: order,
                                Version: version,
                                IsAside: aside.Contains((lead, version)),
                                Place: places[version]
                            )
                        )
            )
            .OrderBy(row => row.IsAside)
            .ThenByDescending(row => row.Place.Priority)
            .ThenBy(row => row.Order);
        var (taken, lanes) = (new HashSet<int>(), new HashSet<string>());
        var (leaving, pausing) = (new List<TrackExit>(), new List<(ExternalKey, TrackVersionId)>());
        foreach (var row in inside)
        {
            var (track, lane) = (row.Place.TrackId, row.IsAside ? null : row.Place.Lane);
            var isTwice = track is { } one && taken.Contains(one);
            var isTaken = lane is { } name && lanes.Contains(name);
            if (isTwice || isTaken && row.Place.WhenTaken == WhenTaken.End)
            {
                leaving.Add(new TrackExit(row.Lead, row.Version, Merged));
                continue;
            }

            if (isTaken)
            {
                pausing.Add((row.Lead, row.Version));
            }

            if (track is { } id)
            {
                taken.Add(id);
            }

            if (lane is not null)
            {
                lanes.Add(lane);
            }
        }

        return new MergeDecision(leaving, pausing);
    }
}

/// <summary>What merged leads leave, and what is set aside in its lane.</summary>
public sealed record MergeDecision(
    IReadOnlyList<TrackExit> Leaving,
    IReadOnlyList<(ExternalKey Lead, TrackVersionId Version)> Pausing
);
