namespace NurtureEngine.Core.Tracks.Activities.Elsa;

/// <summary>Elsa's end of the whole workflow: the track is over for the lead, in every branch and nested flow.</summary>
public sealed record Finish(StepId Id, string Name) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Elsa.Finish",
            Category = ActivityCategory.Flow,
            DisplayName = new("Finish", "完成流程"),
            Help = new("Ends the whole track.", "结束整个轨道。"),
            Example = new(new("Ends the track from within a box.", "在内部流程中结束整个轨道。")),
            Ports = [],
            Compile = reader => new Finish(reader.Id, reader.Name),
        };

    public override StepResult Enter(Visit visit) => new StepResult.Finish();
}
