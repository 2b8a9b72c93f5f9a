namespace NurtureEngine.Core.Tracks.Activities.Elsa;

/// <summary>Elsa's wrapper of one activity within a flowchart; without one it only passes on.</summary>
public sealed record FlowNode(StepId Id, string Name, StepId? Body) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Elsa.FlowNode",
            Category = ActivityCategory.Flow,
            DisplayName = new("Flow node", "流程节点"),
            Help = new("Runs the step within it.", "执行内部步骤。"),
            Example = new(new("A step from a file that another tool has made.", "来自其他工具文件的步骤。")),
            Compile = reader => new FlowNode(reader.Id, reader.Name, reader.Child("body")),
        };

    public override IEnumerable<StepId> Within => Body is { } body ? [body] : [];

    public override StepResult Enter(Visit visit) => new StepResult.Open(Body);
}
