using System.Collections.Frozen;
using System.Collections.Immutable;

namespace NurtureEngine.Core.Tracks.Flows;

/// <summary>
/// A flowchart as it is seen from the step that starts it. As in Elsa 3.8, a connection is forward unless it closes a loop when
/// the chart is walked from its start in breadth; arrivals are counted over the forward connections only.
/// </summary>
public sealed class FlowGraph
{
    private readonly FrozenDictionary<StepId, ImmutableArray<Connection>> _outbound;
    private readonly FrozenDictionary<StepId, ImmutableArray<Connection>> _inbound;
    private readonly FrozenDictionary<StepId, FrozenSet<StepId>> _ancestors;

    private FlowGraph(StepId root, IReadOnlyList<Connection> connections, HashSet<(StepId From, StepId To)> forward)
    {
        Root = root;
        _outbound = Grouped(connections, connection => connection.From);
        _inbound = Grouped(connections.Where(c => forward.Contains((c.From, c.To))), connection => connection.To);
        Steps = _inbound.Keys.Append(root).ToFrozenSet();
        _ancestors = Steps.ToFrozenDictionary(step => step, step => Upwards(step).ToFrozenSet());
        InvalidLoops =
        [
            .. connections.Where(c => Steps.Contains(c.From) && IsBackward(c) && !IsOnEveryWayTo(c.To, c.From)),
        ];
    }

    public StepId Root { get; }

    /// <summary>The steps that a lead may come to more than once: those that lie on a loop, and those behind it.</summary>
    public IEnumerable<StepId> Repeatable
    {
        get
        {
            var begun = Steps.SelectMany(step => Outbound(step)).Where(IsBackward).Select(loop => loop.To).ToHashSet();
            return Steps.Where(step => begun.Contains(step) || Ancestors(step).Any(begun.Contains));
        }
    }

    /// <summary>What can be reached from the start.</summary>
    public FrozenSet<StepId> Steps { get; }

    /// <summary>Loops that can be entered elsewhere than where they begin; Elsa can't run those.</summary>
    public ImmutableArray<Connection> InvalidLoops { get; }

    public static FlowGraph From(StepId root, IReadOnlyList<Connection> connections)
    {
        var forward = new HashSet<(StepId, StepId)>();
        var onward = connections.ToLookup(connection => connection.From, connection => connection.To);
        var after = new Dictionary<StepId, HashSet<StepId>>();
        var open = new Queue<StepId>([root]);
        var seen = new HashSet<StepId> { root };
        while (open.TryDequeue(out var step))
        {
            foreach (var target in onward[step].Distinct().Where(target => !Leads(after, target, step)))
            {
                forward.Add((step, target));
                (after.TryGetValue(step, out var targets) ? targets : after[step] = []).Add(target);
                if (seen.Add(target))
                {
                    open.Enqueue(target);
                }
            }
        }

        return new FlowGraph(root, connections, forward);
    }

    public ImmutableArray<Connection> Outbound(StepId step) => _outbound.GetValueOrDefault(step, []);

    /// <summary>The connections over which arrivals at a step are counted, in the definition's order.</summary>
    public ImmutableArray<Connection> ForwardInbound(StepId step) => _inbound.GetValueOrDefault(step, []);

    public bool IsBackward(Connection connection) => !ForwardInbound(connection.To).Contains(connection);

    /// <summary>The steps from which forward connections lead to this one.</summary>
    public FrozenSet<StepId> Ancestors(StepId step) => _ancestors.GetValueOrDefault(step, FrozenSet<StepId>.Empty);

    private HashSet<StepId> Upwards(StepId step)
    {
        var found = new HashSet<StepId>();
        var open = new Queue<StepId>([step]);
        while (open.TryDequeue(out var next))
        {
            foreach (var connection in ForwardInbound(next).Where(connection => found.Add(connection.From)))
            {
                open.Enqueue(connection.From);
            }
        }

        return found;
    }

    // Whether the start can't be reached from a step upwards without passing the other.
    private bool IsOnEveryWayTo(StepId passed, StepId step)
    {
        if (step == passed)
        {
            return true;
        }

        var seen = new HashSet<StepId> { step };
        var open = new Queue<StepId>([step]);
        while (open.TryDequeue(out var next))
        {
            if (next == Root)
            {
                return false;
            }

            foreach (var up in ForwardInbound(next).Select(c => c.From).Where(up => up != passed && seen.Add(up)))
            {
                open.Enqueue(up);
            }
        }

        return true;
    }

    private static bool Leads(Dictionary<StepId, HashSet<StepId>> after, StepId from, StepId to)
    {
        var seen = new HashSet<StepId> { from };
        var open = new Stack<StepId>([from]);
        while (open.TryPop(out var next))
        {
            if (next == to)
            {
                return true;
            }

            foreach (var step in after.GetValueOrDefault(next, []).Where(seen.Add))
            {
                open.Push(step);
            }
        }

        return false;
    }

    private static FrozenDictionary<StepId, ImmutableArray<Connection>> Grouped(
        IEnumerable<Connection> connections,
        Func<Connection, StepId> key
    ) => connections.GroupBy(key).ToFrozenDictionary(group => group.Key, group => group.ToImmutableArray());
}
