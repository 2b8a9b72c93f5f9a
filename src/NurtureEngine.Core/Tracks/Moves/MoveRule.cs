using System.Collections.Immutable;
using NurtureEngine.Core.Tracks.Activities.Elsa;
using NurtureEngine.Core.Tracks.Flows;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tracks.Moves;

/// <summary>
/// What would become of enrollments that moved from one version to another, standing where they stand. An enrollment moves only if the new
/// version leads it on exactly as if it had come to its step there.
/// </summary>
public sealed class MoveRule(Track from, Track to)
{
    private readonly Dictionary<(StepId Step, StepId Start), MoveEffect> _known = [];

    /// <summary>The step where an enrollment stands; of several branches, the first. Null for one that stands nowhere.</summary>
    public static StepId? PlaceOf(Standing standing) => standing.Tokens.IsEmpty ? null : standing.Tokens[0].Step;

    /// <summary>What would become of an enrollment. One that stands in several branches can't move: the versions may count its arrivals differently.</summary>
    public MoveEffect EffectOf(Standing standing)
    {
        if (from.Settings.Lane != to.Settings.Lane)
        {
            return MoveEffect.OtherLane;
        }

        if (standing.Tokens is not [var token])
        {
            return MoveEffect.Branches;
        }

        var frames = standing.FramesIn(from);
        if (frames is not [{ Joins.IsEmpty: true } only])
        {
            return Judge(token, frames);
        }

        // Nearly all stand so, and those of one step fare alike.
        var key = (token.Step, only.Start);
        return _known.TryGetValue(key, out var effect) ? effect : _known[key] = Judge(token, frames);
    }

    /// <summary>The steps that someone who stands at a step may have passed and would come to again, by name.</summary>
    public IReadOnlyList<string> RepeatedAt(StepId step)
    {
        var passed = Graphs(from).SelectMany(graph => graph.Ancestors(step)).ToHashSet();
        return
        [
            .. Graphs(to)
                .SelectMany(graph => AheadOf(graph, step))
                .Distinct()
                // A step on a loop of both versions counts its visits.
                .Where(ahead => passed.Contains(ahead) && !(from.IsRepeated(ahead) && to.IsRepeated(ahead)))
                .Select(ahead => to.Steps[ahead].Name)
                .Order(StringComparer.Ordinal),
        ];
    }

    private MoveEffect Judge(Token token, ImmutableArray<Frame> frames)
    {
        if (!IsSame(token.Step))
        {
            return MoveEffect.StepGone;
        }

        // From the innermost container outwards: in each, one step is where the enrollment is.
        var place = token.Step;
        for (var number = token.Frame; ; number = frames[number].Parent)
        {
            if (JudgeFrame(frames[number], place) is { } effect)
            {
                return effect;
            }

            if (number == 0)
            {
                return MoveEffect.Moves;
            }

            place = frames[number].Container;
        }
    }

    private MoveEffect? JudgeFrame(Frame frame, StepId place)
    {
        if (!IsSame(frame.Container))
        {
            return MoveEffect.StepGone;
        }

        if (to.Steps[frame.Container] is not Flowchart flow)
        {
            // A sequence knows only how many of its steps were begun.
            return to.Steps[frame.Container].Within.SequenceEqual(from.Steps[frame.Container].Within)
                ? null
                : MoveEffect.StepGone;
        }

        var before = (from.Steps[frame.Container] as Flowchart)?.Graphs.GetValueOrDefault(frame.Start);
        return before is null || !flow.Graphs.TryGetValue(frame.Start, out var after) || !after.Steps.Contains(place)
                ? MoveEffect.StepGone
            : !JoinsAlike(before, after, frame, place) ? MoveEffect.Branches
            : RepeatedAt(place).Count > 0 ? MoveEffect.Repeats
            : null;
    }

    // What else arrives at the steps ahead, and what has arrived there, must be the same: a branch that never reports would end the enrollment.
    private static bool JoinsAlike(FlowGraph before, FlowGraph after, Frame frame, StepId place)
    {
        var (old, now) = (AheadOf(before, place).ToHashSet(), AheadOf(after, place).ToHashSet());
        return frame.Joins.Keys.All(join => before.ForwardInbound(join).SequenceEqual(after.ForwardInbound(join)))
            && now.All(step =>
                Elsewhere(after, now, place, step) is { Count: 0 }
                || (
                    before.ForwardInbound(step).SequenceEqual(after.ForwardInbound(step))
                    && Elsewhere(after, now, place, step).SetEquals(Elsewhere(before, old, place, step))
                )
            );
    }

    private static HashSet<StepId> Elsewhere(FlowGraph graph, HashSet<StepId> ahead, StepId place, StepId step) =>
        [
            .. graph
                .ForwardInbound(step)
                .Select(line => line.From)
                .Where(source => source != place && !ahead.Contains(source)),
        ];

    private static IEnumerable<StepId> AheadOf(FlowGraph graph, StepId place)
    {
        // Loops lead back, so that what can be reached is more than what lies below.
        var seen = new HashSet<StepId>();
        var open = new Queue<StepId>([place]);
        while (open.TryDequeue(out var step))
        {
            foreach (var next in graph.Outbound(step).Select(line => line.To).Where(seen.Add))
            {
                open.Enqueue(next);
            }
        }

        return seen;
    }

    private static IEnumerable<FlowGraph> Graphs(Track track) =>
        track.Steps.Values.OfType<Flowchart>().SelectMany(flow => flow.Graphs.Values);

    private bool IsSame(StepId step) =>
        from.Steps.TryGetValue(step, out var before)
        && to.Steps.TryGetValue(step, out var after)
        && before.GetType() == after.GetType();
}

/// <summary>What would become of an enrollment that moved to another version.</summary>
public enum MoveEffect
{
    /// <summary>It goes on at the same step.</summary>
    Moves,

    /// <summary>It would come to steps again that it has passed; since a touch has the id of its enrollment, step and visit, these would be nothing.</summary>
    Repeats,

    /// <summary>It would be stranded: the other version has no such step.</summary>
    StepGone,

    /// <summary>It would be stranded: it is in several branches, or branches meet ahead of it in another way.</summary>
    Branches,

    /// <summary>It would be stranded: the other version is in another lane.</summary>
    OtherLane,
}
