using System.Collections.Immutable;
using NurtureEngine.Core.Tracks.Activities.Elsa;
using NurtureEngine.Core.Tracks.Flows;

namespace NurtureEngine.Core.Tracks.Running;

/// <summary>
/// What follows when a step is left, as Elsa 3.8's flowchart decides it by default: it counts arrivals over forward
/// connections, passes dead branches on, and lets loops back in without counting.
/// </summary>
internal sealed partial class FlowRun
{
    private void Leave(Token token, ImmutableArray<string> ports)
    {
        if (_lead.TellsWays)
        {
            _decisions.Add(new Decision.Leave(token.Step, ports));
        }

        var frame = _frames.Find(frame => frame.Number == token.Frame)!;
        if (!_track.Steps.TryGetValue(frame.Container, out var container))
        {
            Park("step.missing", frame.Container.Value);
            return;
        }

        if (_track.Steps.GetValueOrDefault(token.Step) is End)
        {
            Close(frame);
            return;
        }

        switch (container)
        {
            case Flowchart flowchart:
                LeaveInFlowchart(flowchart, frame, token, ports);
                break;
            case Sequence sequence when frame.Begun < sequence.Children.Length:
                Replace(frame with { Begun = frame.Begun + 1 });
                _open.Enqueue(Token.Entering(sequence.Children[frame.Begun]) with { Frame = frame.Number });
                break;
            default:
                Close(frame);
                break;
        }
    }

    private void LeaveInFlowchart(Flowchart flowchart, Frame frame, Token token, ImmutableArray<string> ports)
    {
        if (!flowchart.Graphs.TryGetValue(frame.Start, out var graph))
        {
            Park("step.missing", frame.Start.Value);
            return;
        }

        var isFollowed = Follow(graph, frame.Number, token.Step, ports, isCounted: !token.IsBack);
        if (!isFollowed && !IsPending(frame.Number))
        {
            Close(_frames.Find(other => other.Number == frame.Number)!);
        }
    }

    // True where a step was scheduled behind this one.
    private bool Follow(FlowGraph graph, int frame, StepId step, ImmutableArray<string> ports, bool isCounted)
    {
        if (isCounted)
        {
            Count(graph, frame, step, arrivals => arrivals.Passed());
        }

        var isFollowed = false;
        foreach (var connection in graph.Outbound(step))
        {
            var isTaken = ports.Contains(connection.Port);
            if (!graph.IsBackward(connection))
            {
                isFollowed |= Arrive(graph, frame, connection, isTaken);
            }
            else if (isTaken)
            {
                _open.Enqueue(Token.Entering(connection.To) with { Frame = frame, IsBack = true });
                isFollowed = true;
            }
        }

        return isFollowed;
    }

    private bool Arrive(FlowGraph graph, int frame, Connection connection, bool isTaken)
    {
        var target = connection.To;
        var inbound = graph.ForwardInbound(target);
        var mode = _track.Steps.GetValueOrDefault(target)?.Join ?? JoinMode.WaitAllActive;
        var next = isTaken ? Arrival.Enter : Arrival.Skip;
        if (inbound.Length > 1)
        {
            var branch = inbound.IndexOf(connection);
            next = Count(graph, frame, target, arrivals => arrivals.With(branch, isTaken)).Judge(mode, branch);
            if (
                mode == JoinMode.WaitAny
                && _open.Append(_joining).Any(token => token?.Frame == frame && token.Step == target)
            )
            {
                // The first to arrive is about to enter, or is entering while it gives the others up.
                return false;
            }
        }

        switch (next)
        {
            case Arrival.Enter:
                var token = Token.Entering(target) with { Frame = frame };
                _open.Enqueue(token);
                if (mode == JoinMode.WaitAny && inbound.Length > 1)
                {
                    GiveUpBranches(token);
                }

                return true;
            case Arrival.Skip:
                return Follow(graph, frame, target, [], isCounted: true);
            default:
                return false;
        }
    }

    // What has begun in the branches before a join and still runs is cancelled, and counts as a dead arrival. As in Elsa, what
    // is only about to begin does begin.
    private void GiveUpBranches(Token join)
    {
        var frame = _frames.Find(frame => frame.Number == join.Frame)!;
        if (
            _track.Steps.GetValueOrDefault(frame.Container) is not Flowchart flowchart
            || !flowchart.Graphs.TryGetValue(frame.Start, out var graph)
        )
        {
            return;
        }

        var running = _waiting
            .Where(token => token.Frame == frame.Number)
            .Select(token => token.Step)
            .Concat(Within(frame.Number).Select(inner => inner.Container))
            .Distinct()
            .Where(graph.Ancestors(join.Step).Contains)
            .ToList();
        foreach (var step in running)
        {
            foreach (var inner in Within(frame.Number).Where(inner => inner.Container == step).ToList())
            {
                GiveUp(inner.Number);
            }

            CancelWaiting(token => token.Frame == frame.Number && token.Step == step);
            Follow(graph, frame.Number, step, [], isCounted: true);
        }
    }

    private Arrivals Count(FlowGraph graph, int number, StepId step, Func<Arrivals, Arrivals> change)
    {
        var branches = graph.ForwardInbound(step).Length;
        if (branches < 2)
        {
            return Arrivals.None(0);
        }

        var frame = _frames.Find(frame => frame.Number == number)!;
        var arrivals = change(frame.Joins.GetValueOrDefault(step) ?? Arrivals.None(branches));
        Replace(
            frame with
            {
                Joins = arrivals.IsEven ? frame.Joins.Remove(step) : frame.Joins.SetItem(step, arrivals),
            }
        );
        return arrivals;
    }

    private bool IsPending(int frame) =>
        _waiting.Exists(token => token.Frame == frame)
        || _open.Any(token => token.Frame == frame)
        || Within(frame).Any();

    private IEnumerable<Frame> Within(int frame) => _frames.Where(inner => inner.Number != 0 && inner.Parent == frame);

    private void Replace(Frame frame) => _frames[_frames.FindIndex(other => other.Number == frame.Number)] = frame;
}
