using System.Collections.Frozen;
using NurtureEngine.Core.Tracks.Activities.Elsa;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tracks.Moves;

/// <summary>What would become of an enrollment that moved from its version to another one, standing where it stands.</summary>
public static class MoveRule
{
    /// <summary>The step where an enrollment stands; of several branches, the first. Null for one that stands nowhere.</summary>
    public static StepId? PlaceOf(Standing standing) => standing.Tokens.IsEmpty ? null : standing.Tokens[0].Step;

    /// <summary>
    /// What would become of it. One in several branches, or waiting for branches to join, would be stranded: the other version may count them
    /// otherwise.
    /// </summary>
    public static MoveEffect EffectOf(Track from, Track to, Standing standing)
    {
        if (standing.Tokens is not [var token])
        {
            return MoveEffect.Branches;
        }

        var frames = standing.FramesIn(from);
        if (frames.Any(frame => !frame.Joins.IsEmpty))
        {
            return MoveEffect.Branches;
        }

        var isSame =
            IsSame(from, to, token.Step)
            && frames.All(frame =>
                IsSame(from, to, frame.Container)
                && (
                    to.Steps[frame.Container] is not Flowchart flow
                    || flow.Graphs.TryGetValue(frame.Start, out var graph)
                        && (frame.Number != token.Frame || graph.Steps.Contains(token.Step))
                )
            );
        return !isSame ? MoveEffect.StepGone
            : RepeatedAt(from, to, token.Step).Count > 0 ? MoveEffect.Repeats
            : MoveEffect.Moves;
    }

    /// <summary>The messages and calls that someone at a step has had in the one version and comes to again in the other, by name.</summary>
    public static IReadOnlyList<string> RepeatedAt(Track from, Track to, StepId step)
    {
        var passed = Graphs(from).SelectMany(graph => graph.Ancestors(step)).ToFrozenSet();
        // On a loop of the old version they come again anyway.
        var again = Graphs(from)
            .SelectMany(graph => graph.Steps.Where(other => graph.Ancestors(other).Contains(step)))
            .ToFrozenSet();
        return
        [
            .. Graphs(to)
                .SelectMany(graph => graph.Steps.Where(other => graph.Ancestors(other).Contains(step)))
                .Distinct()
                .Where(ahead => passed.Contains(ahead) && !again.Contains(ahead) && !from.IsRepeated(ahead))
                .Select(ahead => to.Steps[ahead])
                .Where(ahead => ahead.ReachesLead)
                .Select(ahead => ahead.Name)
                .Order(StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<Flows.FlowGraph> Graphs(Track track) =>
        track.Steps.Values.OfType<Flowchart>().SelectMany(flow => flow.Graphs.Values);

    private static bool IsSame(Track from, Track to, StepId step) =>
        from.Steps.TryGetValue(step, out var before)
        && to.Steps.TryGetValue(step, out var after)
        && before.GetType() == after.GetType();
}

/// <summary>What would become of an enrollment that moved to another version.</summary>
public enum MoveEffect
{
    /// <summary>It goes on at the same step.</summary>
    Moves,

    /// <summary>It goes on, and passes messages or calls again that it has had. None is sent twice: a touch has the id of its enrollment, step and visit.</summary>
    Repeats,

    /// <summary>It would be stranded: the other version has no such step.</summary>
    StepGone,

    /// <summary>It would be stranded: it is in several branches.</summary>
    Branches,
}
