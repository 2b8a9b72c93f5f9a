using System.Collections.Immutable;

namespace NurtureEngine.Core.Tracks.Activities.Elsa;

/// <summary>Elsa's sequence: its steps one after the other, in the order of the definition.</summary>
public sealed record Sequence(StepId Id, string Name, ImmutableArray<StepId> Children) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Elsa.Sequence",
            Category = ActivityCategory.Flow,
            DisplayName = new("Sequence", "顺序"),
            Help = new("Runs the steps within it one after the other.", "依次执行内部步骤。"),
            Example = new(
                new(
                    "A short row of steps that is always the same, such as an e-mail and a wait.",
                    "一组固定的步骤，如邮件加等待。"
                )
            ),
            Compile = reader => new Sequence(reader.Id, reader.Name, reader.Children("activities")),
        };

    public override IEnumerable<StepId> Within => Children;

    public override StepResult Enter(Visit visit) => new StepResult.Open(Children.IsEmpty ? null : Children[0]);
}
