using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Activities.Actions;
using NurtureEngine.Core.Tracks.Activities.Elsa;

namespace NurtureEngine.Core.Tracks.Definitions;

/// <summary>
/// What one definition can't tell by itself: whether the tracks that it sends leads to are there, and whether leads would be sent
/// round in a circle without a rest.
/// </summary>
public static class TrackLinks
{
    /// <summary>The faults of each track.</summary>
    /// <param name="tracks">The tracks that are looked at together.</param>
    /// <param name="known">The definition ids of all tracks that leads can be sent to.</param>
    public static ILookup<Track, Diagnostic> Check(IReadOnlyList<Track> tracks, IReadOnlyCollection<string> known)
    {
        var next = tracks
            .GroupBy(track => track.DefinitionId, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.SelectMany(AtOnce).ToHashSet(StringComparer.Ordinal));
        var unknown = tracks.SelectMany(track =>
            track
                .LeadsTo.Where(target => !known.Contains(target))
                .Distinct(StringComparer.Ordinal)
                .Select(target => (track, Unknown(target, known)))
        );
        var endless = tracks.Where(track => LeadsBack(track.DefinitionId, next)).Select(track => (track, Endless));
        return unknown.Concat(endless).ToLookup(fault => fault.Item1, fault => fault.Item2);
    }

    private static Diagnostic Endless { get; } =
        new(
            "tracks",
            "The track sends leads on, and back to itself, without a wait between; expected a delay, a slot or another wait on the way."
        );

    private static Diagnostic Unknown(string target, IEnumerable<string> known) =>
        new(
            "tracks",
            $"'{target}', which leads are sent on to, is no track; expected one of {string.Join(", ", known.Order(StringComparer.Ordinal))}."
        );

    private static bool LeadsBack(string id, Dictionary<string, HashSet<string>> next)
    {
        var (reached, open) = (new HashSet<string>(StringComparer.Ordinal), new Queue<string>([id]));
        while (open.TryDequeue(out var track))
        {
            foreach (var target in next.GetValueOrDefault(track)?.Where(reached.Add) ?? [])
            {
                open.Enqueue(target);
            }
        }

        return reached.Contains(id);
    }

    // The tracks that a lead who enters may be in at the same moment.
    private static IEnumerable<string> AtOnce(Track track)
    {
        if (track.Steps[track.Root] is not Flowchart root)
        {
            yield break;
        }

        var isAtEnd = false;
        var (reached, open) = (new HashSet<StepId>(root.Graphs.Keys), new Queue<StepId>(root.Graphs.Keys));
        while (open.TryDequeue(out var step))
        {
            var onward = root.Graphs.Values.SelectMany(graph => graph.Outbound(step)).ToList();
            var passes = Inside(track, step).All(inner => !inner.TakesTime);
            isAtEnd |= passes && (onward.Count == 0 || track.Steps[step] is End or Finish);
            foreach (var connection in onward.Where(connection => passes && reached.Add(connection.To)))
            {
                open.Enqueue(connection.To);
            }
        }

        foreach (var move in reached.SelectMany(step => Inside(track, step)).OfType<MoveToTrack>())
        {
            yield return move.Target;
        }

        if (isAtEnd && track.Settings.Successor is { } successor)
        {
            yield return successor;
        }
    }

    private static IEnumerable<Step> Inside(Track track, StepId step) =>
        track.Steps[step].Within.SelectMany(inner => Inside(track, inner)).Append(track.Steps[step]);
}
