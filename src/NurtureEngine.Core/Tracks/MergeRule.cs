using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Tracks;

/// <summary>
/// What leads leave when they become one: a lead is in a track once, and in one track of a lane at a time. Of two the one of the higher
/// priority stays, else that of the lead who stays.
/// </summary>
public static class MergeRule
{
    /// <summary>The exit code of what a merged lead can't be in twice.</summary>
    public const string Merged = "lead.merged";

    /// <param name="leads">The leads, the one who stays first.</param>
    /// <param name="live">The versions each is in.</param>
    /// <param name="aside">The versions among these that were set aside in their lane, where they are in nobody's way.</param>
    /// <param name="tracks">The tracks in force.</param>
    public static IReadOnlyList<TrackExit> Leaving(
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
        var (taken, lanes, leaving) = (new HashSet<int>(), new HashSet<string>(), new List<TrackExit>());
        foreach (var row in inside)
        {
            var (track, lane) = (row.Place.TrackId, row.IsAside ? null : row.Place.Lane);
            if (track is { } one && taken.Contains(one) || lane is { } name && lanes.Contains(name))
            {
                leaving.Add(new TrackExit(row.Lead, row.Version, Merged));
                continue;
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

        return leaving;
    }
}
