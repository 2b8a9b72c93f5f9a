using System.Collections.Immutable;

namespace NurtureEngine.Core.Tracks.Activities.Branches;

/// <summary>Leaves by the port of the lead's stage in a life cycle, or by <c>Other</c> where the lead has none there.</summary>
public sealed record BranchByStage(StepId Id, string Name, string LifeCycle, ImmutableArray<string> Stages)
    : Step(Id, Name)
{
    private const string Other = "Other";

    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.BranchByStage",
            Category = ActivityCategory.Branches,
            DisplayName = new("Branch by stage", "按阶段分支"),
            Help = new("Goes on by the stage at which the lead is.", "按线索所处阶段分支。"),
            Example = new(
                new("Customers and prospects go separate ways.", "客户与潜在客户分开培育。"),
                ("lifeCycle", "customer")
            ),
            Inputs =
            [
                new("lifeCycle", new("Life cycle", "生命周期"))
                {
                    Help = new("Empty for the track's own.", "留空为轨道自身的生命周期。"),
                    Offer = InputOffer.LifeCycles,
                },
            ],
            Ports = [Other],
            Compile = reader =>
                reader.LifeCycle("lifeCycle") is { } cycle
                    ? new BranchByStage(
                        reader.Id,
                        reader.Name,
                        cycle.Name,
                        [.. cycle.Stages.Select(stage => stage.Name)]
                    )
                    : new BranchByStage(reader.Id, reader.Name, "", []),
            MorePorts = step => ((BranchByStage)step).Stages,
        };

    public override bool ReadsLead => true;

    public override StepResult Enter(Visit visit)
    {
        var stage = visit.Values.Lead.Stages.GetValueOrDefault(LifeCycle)?.Stage;
        return new StepResult.Complete(stage is not null && Stages.Contains(stage) ? stage : Other);
    }
}
