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
            Inputs = [new("condition", new("Condition", "条件")) { Shape = InputShape.Paragraph }],
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
