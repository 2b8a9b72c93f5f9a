using System.Collections.Frozen;
using System.Collections.Immutable;
using NurtureEngine.Core.Tracks.Flows;

namespace NurtureEngine.Core.Tracks.Activities.Elsa;

/// <summary>
/// Elsa's flowchart: steps and the connections between them. The graphs are those seen from each step that may start it: its
/// triggers at the root, the one start within another flow.
/// </summary>
public sealed record Flowchart(
    StepId Id,
    string Name,
    ImmutableArray<StepId> Children,
    FrozenDictionary<StepId, FlowGraph> Graphs,
    StepId? First
) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Elsa.Flowchart",
            Category = ActivityCategory.Flow,
            DisplayName = new("Flowchart", "流程图"),
            Help = new("A flow of its own within the track.", "轨道内部的流程图。"),
            Example = new(new("The part for customers, in a box of its own.", "把面向客户的部分放在单独的流程图中。")),
            Compile = reader => reader.Flowchart(),
        };

    public override IEnumerable<StepId> Within => Children;

    public override StepResult Enter(Visit visit) => new StepResult.Open(First);
}
