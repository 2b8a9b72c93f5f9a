using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Activities.Actions;
using NurtureEngine.Core.Tracks.Activities.Elsa;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tracks;

/// <summary>What a track may bring a lead next, as far as its drawing tells: which way the lead will go, nobody knows yet.</summary>
public static class TrackOutlook
{
    /// <summary>
    /// The steps that reach the lead and lie nearest ahead of where the lead stands, one for each way, the nearest first. What has begun to
    /// reach them is not ahead any more. Empty where nothing comes, also in a version that does not know where the lead stands.
    /// </summary>
    public static IReadOnlyList<Step> Ahead(Track track, Standing standing)
    {
        var onward = Onward(track);
        var open = new Queue<StepId>(
            standing.Tokens.SelectMany(token =>
                token.IsEntering || token.IsLookingAgain ? [token.Step] : onward[token.Step]
            )
        );
        var seen = new HashSet<StepId>();
        var found = new List<Step>();
        while (open.TryDequeue(out var id))
        {
            if (!seen.Add(id) || !track.Steps.TryGetValue(id, out var step))
            {
                continue;
            }

            if (step.ReachesLead)
            {
                found.Add(step);
                continue;
            }

            foreach (var next in onward[id])
            {
                open.Enqueue(next);
            }
        }

        return found;
    }

    // Along connections, into containers, and from the last step of a container to what follows it.
    private static ILookup<StepId, StepId> Onward(Track track)
    {
        var flowcharts = track.Steps.Values.OfType<Flowchart>().ToList();
        var connected = flowcharts
            .SelectMany(flowchart => flowchart.Graphs.Values)
            .SelectMany(graph => graph.Steps.SelectMany(step => graph.Outbound(step)))
            .ToLookup(connection => connection.From);
        var containers = track
            .Steps.Values.SelectMany(step => step.Within.Select(inner => (Inner: inner, Outer: step.Id)))
            .ToDictionary(pair => pair.Inner, pair => pair.Outer);
        return track
            .Steps.Values.SelectMany(step => From(step).Distinct().Select(to => (step.Id, To: to)))
            .ToLookup(pair => pair.Id, pair => pair.To);

        IEnumerable<StepId> From(Step step) =>
            step switch
            {
                Finish or Fault or ExitTrack or MoveToTrack or Goal => [],
                // A side that is not there goes straight on.
                If { Then: not null, Else: not null } => step.Within,
                If => step.Within.Concat(After(step.Id)),
                _ when step.Within.Any() => Inside(step),
                _ => After(step.Id),
            };

        IEnumerable<StepId> Inside(Step step) =>
            step switch
            {
                Flowchart flowchart => flowchart.First is { } first ? [first] : [],
                Sequence => step.Within.Take(1),
                _ => step.Within,
            };

        IEnumerable<StepId> After(StepId step)
        {
            var next = connected[step];
            if (!containers.TryGetValue(step, out var outer) || outer == track.Root)
            {
                return next.Select(connection => connection.To);
            }

            if (next.Any())
            {
                // Of a step with several ports one may be without a connection: that way ends the container.
                return next.All(connection => connection.Port == Step.Done)
                    ? next.Select(connection => connection.To)
                    : next.Select(connection => connection.To).Concat(After(outer));
            }

            var siblings = track.Steps[outer] is Sequence sequence
                ? sequence.Within.SkipWhile(sibling => sibling != step).Skip(1).Take(1).ToList()
                : [];
            return siblings.Count > 0 ? siblings : After(outer);
        }
    }
}
