using NurtureEngine.Core.Tracks.Activities.Branches;
using NurtureEngine.Core.Tracks.Activities.Elsa;
using NurtureEngine.Core.Tracks.Flows;

namespace NurtureEngine.Core.Tracks.Reviews;

/// <summary>For which roles a step is, by the branches that lead to it.</summary>
internal static class RoleBranches
{
    /// <summary>The roles of a branch by role that alone leads to the step; none where every role comes here.</summary>
    public static IEnumerable<string> RolesAt(Track track, StepId step) =>
        track.Steps[track.Root] is Flowchart root
            ? root.Graphs.Values.SelectMany(graph => RolesAt(track, graph, step)).Distinct(StringComparer.Ordinal)
            : [];

    private static IEnumerable<string> RolesAt(Track track, FlowGraph graph, StepId step)
    {
        foreach (var branch in graph.Steps.Select(id => track.Steps[id]).OfType<BranchByRole>())
        {
            var ports = graph
                .Outbound(branch.Id)
                .Where(line => line.To == step || Reaches(graph, line.To, step))
                .Select(line => line.Port)
                .Distinct(StringComparer.Ordinal)
                .ToList();
            if (ports is [var only] && branch.Roles.Contains(only))
            {
                yield return only;
            }
        }
    }

    private static bool Reaches(FlowGraph graph, StepId from, StepId to) => graph.Ancestors(to).Contains(from);
}
