namespace NurtureEngine.Core.Tracks.Activities.Actions;

/// <summary>The lead leaves the track here, without having reached its end.</summary>
public sealed record ExitTrack(StepId Id, string Name, string? Reason) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.ExitTrack",
            Category = ActivityCategory.Flow,
            DisplayName = new("Exit track", "退出轨道"),
            Inputs = [new("reason", new("Reason", "原因")) { Shape = InputShape.Paragraph }],
            Ports = [],
            Compile = reader => new ExitTrack(reader.Id, reader.Name, reader.Text("reason")),
        };

    public override StepResult Enter(Visit visit) => new StepResult.Exit("track.exited", Reason);
}
