namespace NurtureEngine.Core.Tracks.Activities.Elsa;

/// <summary>Elsa's decision: leaves by <c>True</c> or <c>False</c>. What can't be told stops the enrollment, with the step's name.</summary>
public sealed record FlowDecision(StepId Id, string Name, Predicate Condition) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Elsa.FlowDecision",
            Category = ActivityCategory.Branches,
            DisplayName = new("Decision", "判断"),
            Help = new("Goes on by whether a condition holds.", "按条件是否成立分支。"),
            Example = new(
                new("Leads in Germany go on by True.", "德国的线索走“是”。"),
                ("condition", "lead.country == \"DE\"")
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
            Ports = ["True", "False"],
            Compile = reader => new FlowDecision(reader.Id, reader.Name, reader.Predicate("condition")),
        };

    public override bool ReadsLead => Condition is Predicate.Scripted;

    public override StepResult Enter(Visit visit) =>
        Condition.Holds(visit.Values) switch
        {
            true => new StepResult.Complete("True"),
            false => new StepResult.Complete("False"),
            null => new StepResult.Fault("condition.failed", Name),
        };
}
