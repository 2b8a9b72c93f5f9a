namespace NurtureEngine.Core.Tracks.Activities.Elsa;

/// <summary>Gives a variable of the track a text, to be asked for later by conditions and templates.</summary>
public sealed record SetVariable(StepId Id, string Name, string Variable, TextValue Value) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Elsa.SetVariable",
            Category = ActivityCategory.Flow,
            DisplayName = new("Set variable", "设置变量"),
            Help = new("Gives a variable of the track another value.", "为轨道变量赋值。"),
            Example = new(
                new(
                    "Remembers which way the lead went, for a condition further on.",
                    "记住线索走的路径，供后面的条件使用。"
                ),
                ("variable", "choice"),
                ("value", "yes")
            ),
            Inputs =
            [
                new("variable", new("Variable", "变量"))
                {
                    Shape = InputShape.Variable,
                    Help = new("A variable of the track.", "轨道变量。"),
                },
                new("value", new("Value", "值"))
                {
                    Shape = InputShape.Paragraph,
                    Help = new("May read the lead with {{ }}.", "可用 {{ }} 读取线索。"),
                },
            ],
            Compile = reader => new SetVariable(
                reader.Id,
                reader.Name,
                reader.Variable("variable"),
                reader.TextValue("value")
            ),
        };

    public override bool ReadsLead => Value is TextValue.Scripted;

    public override StepResult Enter(Visit visit) =>
        Value.In(visit.Values) is { } text
            ? new StepResult.Complete(Done) { Variable = (Variable, text) }
            : new StepResult.Fault("value.missing", Name);
}
