using NurtureEngine.Core.Handoffs;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Tracks.Activities.Triggers;

/// <summary>Trigger: sales gives a lead back to nurturing without naming a track.</summary>
public sealed record SalesRecycled(StepId Id, string Name) : Step(Id, Name), IEventTrigger
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.SalesRecycled",
            Category = ActivityCategory.Triggers,
            DisplayName = new("Sales recycled", "销售退回"),
            Help = new("Starts when sales gives a lead back to nurturing.", "当销售把线索退回培育时开始。"),
            Example = new(
                new("Nurturing goes on when sales finds that it was too early.", "销售认为时机未到时，继续培育。")
            ),
            IsTrigger = true,
            Compile = reader => new SalesRecycled(reader.Id, reader.Name),
        };

    public bool IsFiredBy(CrmEvent crmEvent, Lead before, Lead after) =>
        crmEvent.Change is { Handoff: HandoffOutcome.Recycled, MoveTo: null };

    public override StepResult Enter(Visit visit) => new StepResult.Complete(Done);
}
