namespace NurtureEngine.Core.Tracks.Activities.Waits;

/// <summary>Elsa's delay: waits for a while, counted from the arrival.</summary>
public sealed record Delay(StepId Id, string Name, TimeSpan For) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Elsa.Delay",
            Category = ActivityCategory.Waits,
            DisplayName = new("Delay", "等待"),
            Help = new("Waits for some time.", "等待一段时间。"),
            Example = new(new("Three days between two e-mails.", "两封邮件之间等待三天。"), ("timeSpan", "3d")),
            Inputs =
            [
                new("timeSpan", new("Duration", "时长"))
                {
                    Help = new("A duration such as 3d, 12h or 1w 2d.", "时长，如 3d、12h 或 1w 2d。"),
                },
            ],
            Compile = reader => new Delay(reader.Id, reader.Name, reader.Duration("timeSpan")),
        };

    public override bool Waits => true;

    public override bool TakesTime => true;

    public override StepResult Enter(Visit visit) => new StepResult.Sleep(visit.Now + For);
}
