namespace NurtureEngine.Core.Tracks.Activities.Elsa;

/// <summary>Elsa's milestone at the beginning of a flowchart.</summary>
public sealed record Start(StepId Id, string Name) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Elsa.Start",
            Category = ActivityCategory.Flow,
            DisplayName = new("Start", "开始"),
            Help = new("Where a flow within the track begins.", "内部流程的起点。"),
            Example = new(new("The first step within a box.", "内部流程的第一步。")),
            Compile = reader => new Start(reader.Id, reader.Name),
        };

    public override StepResult Enter(Visit visit) => new StepResult.Complete(Done);
}
