using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Activities.Elsa;

namespace NurtureEngine.Core.Tracks.Reviews;

/// <summary>Tracks that would get the leads of another one, such as the origin of a copy.</summary>
internal static class RivalTracks
{
    /// <summary>
    /// The names of the tracks that start by the same event for the same audience, in the same lane and with at least the same priority: a lead enters
    /// one track of a lane at a time (<see cref="LaneRule" />).
    /// </summary>
    public static IEnumerable<string> Of(Track track, IEnumerable<Track> others)
    {
        var starts = StartsOf(track).ToHashSet();
        return others
            .Where(other =>
                other.DefinitionId != track.DefinitionId
                && other.Settings.Lane is { } lane
                && lane == track.Settings.Lane
                && other.Settings.Priority >= track.Settings.Priority
                && other.Settings.Audience?.Text == track.Settings.Audience?.Text
                && StartsOf(other).Any(starts.Contains)
            )
            .Select(other => other.Name);
    }

    // Two triggers are the same event whatever they are called.
    private static IEnumerable<Step> StartsOf(Track track) =>
        ((track.Steps[track.Root] as Flowchart)?.Graphs.Keys ?? []).Select(start =>
            track.Steps[start] with
            {
                Id = default,
                Name = "",
                Journey = null,
            }
        );
}
