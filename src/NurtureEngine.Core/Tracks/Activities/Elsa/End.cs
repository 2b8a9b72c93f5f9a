namespace NurtureEngine.Core.Tracks.Activities.Elsa;

/// <summary>Elsa's terminal node: completes the flow that it stands in as soon as it is reached, whatever else still runs there.</summary>
public sealed record End(StepId Id, string Name) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Elsa.End",
            Category = ActivityCategory.Flow,
            DisplayName = new("End", "结束"),
            Help = new("Ends the flow.", "结束流程。"),
            Example = new(
                new("The last step within a box; the track goes on behind it.", "内部流程的最后一步；轨道在其后继续。")
            ),
            Ports = [],
            Compile = reader => new End(reader.Id, reader.Name),
        };

    public override StepResult Enter(Visit visit) => new StepResult.Complete(Done);
}
