using NurtureEngine.Core.Tracks.Activities.Elsa;
using NurtureEngine.Core.Tracks.Flows;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tracks.Acts;

/// <summary>Moves an enrollment on to a later step, past what lies between.</summary>
public static class StepSkip
{
    /// <summary>
    /// The steps that an enrollment can be moved on to: those that lie ahead on its way. Back it can't go, since what a lead has had is not
    /// sent again and nothing would end the wait for it. In several branches or within a container, and where a step ahead waits for a branch
    /// that would be passed over, other steps count its arrivals.
    /// </summary>
    public static IReadOnlyList<StepId> TargetsOf(Track track, Standing standing)
    {
        if (
            standing.Tokens is not [{ Frame: 0 } token]
            || standing.FramesIn(track) is not [{ Joins.IsEmpty: true } frame]
            || (track.Steps.GetValueOrDefault(track.Root) as Flowchart)?.Graphs.GetValueOrDefault(frame.Start)
                is not { } graph
        )
        {
            return [];
        }

        var behind = graph.Ancestors(token.Step);
        return
        [
            .. graph
                .Steps.Where(step =>
                    step != token.Step
                    && graph.Ancestors(step).Contains(token.Step)
                    && !behind.Contains(step)
                    && !track.IsRepeated(step)
                    && LeadsOnAlone(graph, step)
                )
                .OrderBy(step => step.Value, StringComparer.Ordinal),
        ];
    }

    // A step ahead that can also be reached on another way would wait for an arrival from there.
    private static bool LeadsOnAlone(FlowGraph graph, StepId step)
    {
        var ahead = graph.Steps.Where(other => graph.Ancestors(other).Contains(step)).Append(step).ToHashSet();
        return ahead
            .Where(other => other != step)
            .All(other => graph.ForwardInbound(other).All(line => ahead.Contains(line.From)));
    }

    /// <summary>Where the enrollment then stands; null if it can't be moved there.</summary>
    public static Standing? To(Track track, Standing standing, StepId step) =>
        TargetsOf(track, standing).Contains(step)
            ? standing with
            {
                Tokens = [Token.Entering(step)],
                Frames = [Arrived(track, standing.FramesIn(track)[0], step)],
            }
            : null;

    // As if all that lead to the step had come: it is passed once, and all is even again.
    private static Frame Arrived(Track track, Frame frame, StepId step)
    {
        var inbound = ((Flowchart)track.Steps[track.Root]).Graphs[frame.Start].ForwardInbound(step).Length;
        if (inbound < 2)
        {
            return frame;
        }

        var arrivals = Enumerable
            .Range(0, inbound)
            .Aggregate(Arrivals.None(inbound), (so, branch) => so.With(branch, came: true));
        return frame with { Joins = frame.Joins.SetItem(step, arrivals) };
    }
}
