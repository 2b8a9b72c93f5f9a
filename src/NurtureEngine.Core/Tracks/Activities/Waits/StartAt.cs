namespace NurtureEngine.Core.Tracks.Activities.Waits;

/// <summary>Waits for an instant; one that has passed holds nothing up.</summary>
public sealed record StartAt(StepId Id, string Name, DateTimeOffset At) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Elsa.StartAt",
            Category = ActivityCategory.Waits,
            DisplayName = new("Start at", "定时开始"),
            Help = new("Waits for a date and time.", "等待到指定日期时间。"),
            Example = new(
                new("All wait until the day of the launch.", "全部等到发布日。"),
                ("dateTime", "2027-03-01T09:00:00+08:00")
            ),
            Inputs =
            [
                new("dateTime", new("Date and time", "日期时间"))
                {
                    Help = new("Such as 2026-06-01T09:00:00Z.", "如 2026-06-01T09:00:00Z。"),
                },
            ],
            Compile = reader => new StartAt(reader.Id, reader.Name, reader.Instant("dateTime")),
        };

    public override bool Waits => true;

    public override StepResult Enter(Visit visit) =>
        At <= visit.Now ? new StepResult.Complete(Done) : new StepResult.Sleep(At);
}
