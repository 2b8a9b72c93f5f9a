namespace NurtureEngine.Core.Tracks.Activities.Elsa;

/// <summary>Elsa's conditional with the steps inside it; an absent side does nothing.</summary>
public sealed record If(StepId Id, string Name, Predicate Condition, StepId? Then, StepId? Else) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Elsa.If",
            Category = ActivityCategory.Branches,
            DisplayName = new("If", "条件"),
            Help = new("Runs one of two steps within it.", "执行两个内部步骤之一。"),
            Example = new(
                new("One step for customers, another one for everybody else.", "客户执行一个步骤，其他人执行另一个。"),
                ("condition", "lead.stages.customer == \"Rev\"")
            ),
            Inputs =
            [
                new("condition", new("Condition", "条件"))
                {
                    Shape = InputShape.Paragraph,
                    Help = new(
                        "A condition over the lead, such as lead.score >= 60.",
                        "关于线索的条件，如 lead.score >= 60。"
                    ),
                },
            ],
            Compile = reader => new If(
                reader.Id,
                reader.Name,
                reader.Predicate("condition"),
                reader.Child("then"),
                reader.Child("else")
            ),
        };

    public override bool ReadsLead => Condition is Predicate.Scripted;

    public override IEnumerable<StepId> Within => new[] { Then, Else }.OfType<StepId>();

    public override StepResult Enter(Visit visit) =>
        Condition.Holds(visit.Values) switch
        {
            true => new StepResult.Open(Then),
            false => new StepResult.Open(Else),
            null => new StepResult.Fault("condition.failed", Name),
        };
}
