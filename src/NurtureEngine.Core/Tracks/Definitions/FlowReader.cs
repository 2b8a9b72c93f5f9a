using System.Collections.Immutable;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Activities.Elsa;
using NurtureEngine.Core.Tracks.Flows;

namespace NurtureEngine.Core.Tracks.Definitions;

/// <summary>Reads a flowchart's connections and checks that every step can be reached and every loop comes to a rest.</summary>
internal sealed class FlowReader(Dictionary<StepId, CompiledActivity> steps, bool isPublished, List<Diagnostic> faults)
{
    public List<Connection> Connections(JsonShape flowchart, ImmutableArray<StepId> children)
    {
        var connections = new List<Connection>();
        foreach (var shape in flowchart.Objects("connections"))
        {
            var source = shape.RequiredObject("source");
            var target = shape.RequiredObject("target");
            if (
                source?.RequiredText("activity") is not { Length: > 0 } from
                || target?.RequiredText("activity") is not { Length: > 0 } to
            )
            {
                continue;
            }

            var connection = new Connection(new StepId(from), source.Text("port") ?? Step.Done, new StepId(to));
            if (IsSound(connection, children))
            {
                connections.Add(connection);
            }
        }

        foreach (var twice in connections.GroupBy(connection => connection).Where(group => group.Count() > 1))
        {
            Fault(twice.Key.From, $"Port '{twice.Key.Port}' is connected to '{NameOf(twice.Key.To)}' more than once.");
        }

        return [.. connections.Distinct()];
    }

    public void Check(
        string name,
        bool isRoot,
        ImmutableArray<StepId> children,
        List<Connection> connections,
        ImmutableArray<FlowGraph> graphs
    )
    {
        if (graphs.IsEmpty)
        {
            faults.Add(
                isRoot
                    ? new Diagnostic(
                        "root",
                        "The flowchart has no trigger; expected one such as Nurture.LeadStageChanged."
                    )
                    : new Diagnostic($"step '{name}'", "The flowchart is empty.")
            );
            return;
        }

        foreach (var trigger in connections.Select(c => c.To).Distinct().Where(to => steps[to].IsTrigger))
        {
            Fault(trigger, "A trigger starts the track; no connection may lead to it.");
        }

        foreach (var off in children.Where(child => steps[child] is { IsTrigger: true, CanStart: false }))
        {
            Fault(
                off,
                "The trigger is switched off ('canStartWorkflow' is false), so that nobody would enter; switch it on or delete it."
            );
        }

        foreach (var inner in children.Where(child => !isRoot && steps[child].Type is { IsTrigger: true }))
        {
            Fault(inner, "A trigger stands in the outermost flowchart only.");
        }

        foreach (var lost in children.Where(child => graphs.All(graph => !graph.Steps.Contains(child))))
        {
            Fault(lost, "No connection leads here from a trigger or start; connect it or delete it.");
        }

        foreach (var loop in graphs.SelectMany(graph => graph.InvalidLoops).Distinct())
        {
            Fault(
                loop.From,
                $"The loop back to '{NameOf(loop.To)}' can be entered elsewhere than there; expected every way here to come from '{NameOf(loop.To)}'."
            );
        }

        // What is published runs on as it did: its leads would be held, for a join that was so from the beginning.
        foreach (var graph in isPublished ? [] : graphs)
        {
            CheckJoins(graph);
        }

        foreach (var loop in graphs.SelectMany(RestlessLoops).Distinct())
        {
            Fault(
                loop.From,
                $"The loop back to '{NameOf(loop.To)}' has no step that waits; it would never come to a rest."
            );
        }
    }

    // A lead leaves such a step by one of its ports: what comes by another is dead, and a join that waits for all is passed over.
    private void CheckJoins(FlowGraph graph)
    {
        foreach (var join in graph.Steps.Where(step => steps[step].Step is { Join: JoinMode.WaitAll }))
        {
            var inbound = graph.ForwardInbound(join);
            foreach (
                var (one, other, decision) in Joins.Exclusive(graph, inbound, step => steps[step].Step is FlowFork)
            )
            {
                Fault(
                    join,
                    $"WaitAll waits for '{NameOf(one.From)}' and '{NameOf(other.From)}', which can never both come: a lead leaves '{NameOf(decision)}' by one port; expected WaitAny or WaitAllActive."
                );
            }

            foreach (var (one, other, loop) in Joins.OutOfLoops(graph, join, inbound))
            {
                Fault(
                    join,
                    $"WaitAll waits for '{NameOf(one.From)}', which comes out of the loop back to '{NameOf(loop.To)}', and for '{NameOf(other.From)}', which does not: a lead that goes round once never fills it; expected WaitAny behind the loop."
                );
            }
        }
    }

    // A loop is what lies between its beginning and the step that leads back.
    private IEnumerable<Connection> RestlessLoops(FlowGraph graph) =>
        graph
            .Steps.SelectMany(step => graph.Outbound(step))
            .Where(connection =>
                graph.IsBackward(connection)
                && !graph
                    .Ancestors(connection.From)
                    .Append(connection.From)
                    .Where(step => step == connection.To || graph.Ancestors(step).Contains(connection.To))
                    .Any(MayWait)
            );

    // A container waits where one of its steps does; which these are is known to it alone, so it passes for one that does.
    private bool MayWait(StepId step) =>
        steps[step].Step is null or Flowchart or Sequence or If or FlowNode || steps[step].Step!.Waits;

    private bool IsSound(Connection connection, ImmutableArray<StepId> children)
    {
        foreach (var end in new[] { connection.From, connection.To }.Where(end => !children.Contains(end)))
        {
            faults.Add(
                new Diagnostic(
                    "connections",
                    $"A connection from '{connection.From.Value}' to '{connection.To.Value}' names '{end.Value}', which is no activity of the flowchart."
                )
            );
        }

        if (steps.TryGetValue(connection.From, out var compiled) && compiled is { Type: { } type, Step: { } step })
        {
            ImmutableArray<string> ports = [.. type.MorePorts?.Invoke(step) ?? [], .. type.Ports];
            if (!ports.Contains(connection.Port))
            {
                var expected = ports.IsEmpty ? "none, since it ends the flow" : string.Join(", ", ports);
                Fault(connection.From, $"A connection leaves by port '{connection.Port}'; expected {expected}.");
                return false;
            }
        }

        return children.Contains(connection.From) && children.Contains(connection.To);
    }

    private string NameOf(StepId step) => steps.TryGetValue(step, out var compiled) ? compiled.Name : step.Value;

    private void Fault(StepId step, Sentence message) => faults.Add(new Diagnostic($"step '{NameOf(step)}'", message));
}

/// <summary>An activity of a definition; the type is null where it is unknown, the step where it could not be read.</summary>
internal sealed record CompiledActivity(string Name, ActivityType? Type, Step? Step, bool? CanStart)
{
    public bool IsTrigger => Type is { IsTrigger: true } || (Type is { MayTrigger: true } && CanStart == true);
}
