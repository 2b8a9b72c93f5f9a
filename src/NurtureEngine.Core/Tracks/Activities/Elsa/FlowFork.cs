using System.Collections.Immutable;

namespace NurtureEngine.Core.Tracks.Activities.Elsa;

/// <summary>Elsa's fork: leaves by all its branches at once.</summary>
public sealed record FlowFork(StepId Id, string Name, ImmutableArray<string> Branches) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Elsa.FlowFork",
            Category = ActivityCategory.Flow,
            DisplayName = new("Fork", "并行分支"),
            Help = new("Goes on by all its branches at once.", "同时走所有分支。"),
            Example = new(
                new("An e-mail and a call at the same time.", "同时发送邮件和致电。"),
                ("branches", "E-mail, Call")
            ),
            Inputs =
            [
                new("branches", new("Branches", "分支"))
                {
                    Shape = InputShape.Ports,
                    Preset = ["A", "B"],
                    Help = new("The names of the ways out.", "出口名称。"),
                },
            ],
            Compile = reader => new FlowFork(reader.Id, reader.Name, reader.Texts("branches")),
            MorePorts = step => ((FlowFork)step).Branches,
        };

    public override StepResult Enter(Visit visit) => new StepResult.Complete(Branches.IsEmpty ? [Done] : Branches);
}
