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
            Help = new("Stops the lead here with an error for a person to look at.", "在此以错误停止，等待人工处理。"),
            Example = new(
                new("A stop for a case that should never happen.", "用于不应出现的情况。"),
                ("code", "no_offer"),
                ("message", "There is no offer for {{ lead.country }}.")
            ),
            Inputs =
            [
                new("code", new("Code", "代码")) { Help = new("A word by which the error is known.", "错误代码。") },
                new("category", new("Category", "类别")) { Help = new("A group of errors.", "错误类别。") },
                new("faultType", new("Type", "类型")) { Help = new("A kind of error.", "错误类型。") },
                new("message", new("Message", "说明"))
                {
                    Shape = InputShape.Paragraph,
                    Help = new("What a person should know.", "给处理人的说明。"),
                },
            ],
            Compile = reader => new Fault(reader.Id, reader.Name, reader.Text("code") ?? "0"),
        };

    public override StepResult Enter(Visit visit) => new StepResult.Fault("fault.raised", Code);
}
