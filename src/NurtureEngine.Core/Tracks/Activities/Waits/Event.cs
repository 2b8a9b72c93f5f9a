using System.Collections.Immutable;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Tracks.Activities.Triggers;

namespace NurtureEngine.Core.Tracks.Activities.Waits;

/// <summary>
/// Elsa's event: waits for an event of the lead by its type, such as <c>activity.demo_requested</c>; marked as a start it is a
/// trigger.
/// </summary>
public sealed record Event(StepId Id, string Name, string EventName, bool IsStart) : Step(Id, Name), IEventTrigger
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Elsa.Event",
            Category = ActivityCategory.Waits,
            DisplayName = new("Event", "事件"),
            Help = new("Waits for an event that another system reports.", "等待其他系统报告的事件。"),
            Example = new(
                new("The shop reports that a trial was opened.", "商城报告试用已开通。"),
                ("eventName", "activity.trial_opened")
            ),
            MayTrigger = true,
            Inputs =
            [
                new("eventName", new("Event type", "事件类型")) { Help = new("The event's type.", "事件类型。") },
            ],
            Compile = Read,
        };

    public override ImmutableSortedDictionary<string, string> Awaits =>
        IsStart ? NoSignals : NoSignals.Add(EventName, Done);

    public override bool Waits => !IsStart;

    public override bool TakesTime => !IsStart;

    public override bool IsEndless => !IsStart;

    public bool IsFiredBy(CrmEvent crmEvent, Lead before, Lead after) => IsStart && crmEvent.Type == EventName;

    public override StepResult Enter(Visit visit) =>
        IsStart ? new StepResult.Complete(Done) : new StepResult.Listen(Until: null);

    private static Event Read(ActivityReader reader)
    {
        var name = reader.RequiredText("eventName");
        if (name.Length > 0 && !EventTypes.IsApplied(name))
        {
            reader.Fault(
                "eventName",
                $"'{name}' is no type of event; expected one of {string.Join(", ", EventTypes.Applied)}, or activity.…"
            );
        }

        return new Event(reader.Id, reader.Name, name, reader.IsStart);
    }
}
