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
    /// <param name="tracks">The tracks in force.</param>
    public static IReadOnlyList<TrackExit> Leaving(
        IReadOnlyList<ExternalKey> leads,
        ILookup<ExternalKey, TrackVersionId> live,
        TrackSet tracks
    )
    {
        var places = tracks
            .All.Select(track =>
                (track.Version, Track: (int?)track.TrackId, track.Track.Settings.Lane, track.Track.Settings.Priority)
            )
            .Concat(tracks.Unusable.Select(track => (track.Version, Track: (int?)null, track.Lane, track.Priority)))
            .ToDictionary(place => place.Version);
        var inside = leads
            .SelectMany(
                (lead, order) => live[lead].Select(version => (Lead: lead, Order: order, Place: places[version]))
            )
            .OrderByDescending(row => row.Place.Priority)
            .ThenBy(row => row.Order)
            .ToList();
        var (taken, lanes, leaving) = (new HashSet<int>(), new HashSet<string>(), new List<TrackExit>());
        foreach (var row in inside)
        {
            var isFree =
                (row.Place.Track is not { } track || !taken.Contains(track))
                && (row.Place.Lane is not { } lane || !lanes.Contains(lane));
            if (!isFree)
            {
                leaving.Add(new TrackExit(row.Lead, row.Place.Version, Merged));
                continue;
            }

            if (row.Place.Track is { } id)
            {
                taken.Add(id);
            }

            if (row.Place.Lane is { } name)
            {
                lanes.Add(name);
            }
        }

        return leaving;
    }
}
