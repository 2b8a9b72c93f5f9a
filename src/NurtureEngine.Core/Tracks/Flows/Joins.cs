using System.Collections.Immutable;

namespace NurtureEngine.Core.Tracks.Flows;

/// <summary>Finds connections into a join that can never all come in one passage of it.</summary>
internal static class Joins
{
    /// <summary>Pairs of connections that need two ports of one step, of which a lead takes one; and that step.</summary>
    /// <param name="graph">The flowchart.</param>
    /// <param name="inbound">The connections into the join.</param>
    /// <param name="takesAll">Whether a step is left by all its ports at once.</param>
    public static IEnumerable<(Connection One, Connection Other, StepId Decision)> Exclusive(
        FlowGraph graph,
        ImmutableArray<Connection> inbound,
        Func<StepId, bool> takesAll
    )
    {
        var needs = inbound.ToDictionary(connection => connection, _ => new List<(StepId Step, string Port)>());
        foreach (var step in graph.Steps.Where(step => !takesAll(step)))
        {
            foreach (var port in graph.Outbound(step).Select(connection => connection.Port).Distinct())
            {
                var reached = ReachedWithout(graph, step, port);
                foreach (var connection in inbound)
                {
                    if (connection.From == step ? connection.Port == port : !reached.Contains(connection.From))
                    {
                        needs[connection].Add((step, port));
                    }
                }
            }
        }

        return inbound
            .SelectMany((one, i) => inbound.Skip(i + 1).Select(other => (one, other)))
            .Select(pair =>
                (
                    pair.one,
                    pair.other,
                    needs[pair.one]
                        .FirstOrDefault(need =>
                            needs[pair.other].Exists(also => also.Step == need.Step && also.Port != need.Port)
                        )
                        .Step
                )
            )
            .Where(found => found.Step.Value is not null);
    }

    /// <summary>Pairs of connections of which the one comes out of a loop, each round anew, and the other does not; and that loop.</summary>
    public static IEnumerable<(Connection One, Connection Other, Connection Loop)> OutOfLoops(
        FlowGraph graph,
        StepId at,
        ImmutableArray<Connection> inbound
    ) =>
        from loop in graph.Steps.SelectMany(step => graph.Outbound(step)).Where(graph.IsBackward)
        where !IsOn(graph, at, loop.From)
        from one in inbound
        where IsOn(graph, loop.To, one.From)
        let other = inbound.FirstOrDefault(connection => !IsOn(graph, loop.To, connection.From))
        where other is not null
        select (one, other, loop);

    private static bool IsOn(FlowGraph graph, StepId passed, StepId step) =>
        passed == step || graph.Ancestors(step).Contains(passed);

    private static HashSet<StepId> ReachedWithout(FlowGraph graph, StepId step, string port)
    {
        var seen = new HashSet<StepId> { graph.Root };
        var open = new Queue<StepId>([graph.Root]);
        while (open.TryDequeue(out var next))
        {
            foreach (
                var connection in graph
                    .Outbound(next)
                    .Where(connection => !graph.IsBackward(connection) && (next != step || connection.Port != port))
            )
            {
                if (seen.Add(connection.To))
                {
                    open.Enqueue(connection.To);
                }
            }
        }

        return seen;
    }
}
