using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Core.Tracks.Activities.Triggers;

/// <summary>Trigger: a lead has done nothing for a while, counted from their last activity or from when they became known.</summary>
public sealed record LeadSilent(StepId Id, string Name, TimeSpan After) : Step(Id, Name), IMomentTrigger
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.LeadSilent",
            Category = ActivityCategory.Triggers,
            DisplayName = new("Lead silent", "线索沉默"),
            Help = new("Starts when nothing was heard of a lead for so long.", "当线索沉默达到指定时长时开始。"),
            Example = new(new("Reactivation after two months of silence.", "沉默两个月后重新激活。"), ("after", "60d")),
            IsTrigger = true,
            Inputs =
            [
                new("after", new("For", "沉默时长"))
                {
                    Help = new("A duration such as 3d, 12h or 1w 2d.", "时长，如 3d、12h 或 1w 2d。"),
                },
            ],
            Compile = reader => new LeadSilent(reader.Id, reader.Name, reader.Duration("after")),
        };

    public string Kind => "lead_silent";

    public string? Field => null;

    public DateTimeOffset? CountsFrom(Lead lead, Rulebook rulebook) => lead.ActiveAt;

    public override StepResult Enter(Visit visit) => new StepResult.Complete(Done);
}
