using System.Collections.Immutable;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Tracks.Activities;

namespace NurtureEngine.Core.Tracks.Definitions;

/// <summary>Reads a flowchart's connections and checks that every step can be reached and none is joined.</summary>
internal static class FlowReader
{
    public static ImmutableDictionary<(StepId, string), ImmutableArray<StepId>> Read(
        JsonShape root,
        Dictionary<string, CompiledActivity> steps,
        List<Diagnostic> faults
    )
    {
        var connections = new List<(string From, string Port, string To)>();
        foreach (var shape in root.Objects("connections"))
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

            var port = source.Text("port") ?? Step.Done;
            if (IsSound(from, port, to, steps, faults))
            {
                connections.Add((from, port, to));
            }
        }

        CheckJoins(connections, steps, faults);
        CheckReach(connections, steps, faults);
        return connections
            .GroupBy(c => (new StepId(c.From), c.Port))
            .ToImmutableDictionary(
                group => group.Key,
                group => group.Select(c => new StepId(c.To)).Distinct().ToImmutableArray()
            );
    }

    private static bool IsSound(
        string from,
        string port,
        string to,
        Dictionary<string, CompiledActivity> steps,
        List<Diagnostic> faults
    )
    {
        foreach (var end in new[] { from, to }.Where(end => !steps.ContainsKey(end)))
        {
            faults.Add(
                new Diagnostic(
                    "connections",
                    $"A connection from '{from}' to '{to}' names '{end}', which is no activity of the flowchart."
                )
            );
        }

        if (steps.TryGetValue(from, out var step) && step.Type is { } type && !type.Ports.Contains(port))
        {
            var expected = type.Ports.IsEmpty ? "none, since it ends the flow" : string.Join(", ", type.Ports);
            faults.Add(
                new Diagnostic($"step '{step.Name}'", $"A connection leaves by port '{port}'; expected {expected}.")
            );
            return false;
        }

        return steps.ContainsKey(from) && steps.ContainsKey(to);
    }

    private static void CheckJoins(
        List<(string From, string Port, string To)> connections,
        Dictionary<string, CompiledActivity> steps,
        List<Diagnostic> faults
    )
    {
        foreach (var joined in connections.Distinct().GroupBy(c => c.To).Where(group => group.Count() > 1))
        {
            faults.Add(
                new Diagnostic(
                    $"step '{steps[joined.Key].Name}'",
                    $"{joined.Count()} connections arrive here, and joins can't be run yet; expected one."
                )
            );
        }

        foreach (
            var trigger in connections.Where(c => steps[c.To].Type is { IsTrigger: true }).Select(c => c.To).Distinct()
        )
        {
            faults.Add(
                new Diagnostic(
                    $"step '{steps[trigger].Name}'",
                    "A trigger starts the track; no connection may lead to it."
                )
            );
        }
    }

    private static void CheckReach(
        List<(string From, string Port, string To)> connections,
        Dictionary<string, CompiledActivity> steps,
        List<Diagnostic> faults
    )
    {
        var triggers = steps.Where(step => step.Value.Type is { IsTrigger: true }).Select(step => step.Key).ToList();
        if (triggers.Count == 0)
        {
            faults.Add(
                new Diagnostic("root", "The flowchart has no trigger; expected one such as Nurture.LeadStageChanged.")
            );
            return;
        }

        var reached = new HashSet<string>(triggers, StringComparer.Ordinal);
        var open = new Queue<string>(triggers);
        var next = connections.ToLookup(c => c.From, c => c.To);
        while (open.TryDequeue(out var from))
        {
            foreach (var to in next[from].Where(reached.Add))
            {
                open.Enqueue(to);
            }
        }

        foreach (var lost in steps.Where(step => !reached.Contains(step.Key)))
        {
            faults.Add(
                new Diagnostic(
                    $"step '{lost.Value.Name}'",
                    "No connection leads here from a trigger; connect it or delete it."
                )
            );
        }
    }
}
