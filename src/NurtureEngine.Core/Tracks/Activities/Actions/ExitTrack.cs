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
            Help = new("Ends the track for the lead.", "让线索退出轨道。"),
            Example = new(
                new("Who is a competitor leaves at once.", "竞争对手立即退出。"),
                ("reason", "Works for a competitor")
            ),
            Inputs =
            [
                new("reason", new("Reason", "原因"))
                {
                    Shape = InputShape.Paragraph,
                    Help = new("Stands in the lead's record.", "显示在线索记录中。"),
                },
            ],
            Ports = [],
            Compile = reader => new ExitTrack(reader.Id, reader.Name, reader.Text("reason")),
        };

    public override StepResult Enter(Visit visit) => new StepResult.Exit("track.exited", Reason);
}
