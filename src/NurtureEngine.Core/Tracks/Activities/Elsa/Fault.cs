namespace NurtureEngine.Core.Tracks.Activities.Elsa;

/// <summary>Stops the enrollment on purpose, for a person to look at.</summary>
public sealed record Fault(StepId Id, string Name, string Code) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Elsa.Fault",
            Category = ActivityCategory.Flow,
            DisplayName = new("Fault", "故障"),
            Inputs =
            [
                new("code", new("Code", "代码")),
                new("category", new("Category", "类别")),
                new("faultType", new("Type", "类型")),
                new("message", new("Message", "说明")) { Shape = InputShape.Paragraph },
            ],
            Compile = reader => new Fault(reader.Id, reader.Name, reader.Text("code") ?? "0"),
        };

    public override StepResult Enter(Visit visit) => new StepResult.Fault("fault.raised", Code);
}
