using System.Collections.Immutable;
using NodaTime;
using NurtureEngine.Core.Cadences;

namespace NurtureEngine.Core.Tracks.Activities.Waits;

/// <summary>
/// Waits for the next time of day on one of some days, by the lead's clock. Who arrives at that very time waits for the one
/// after, so that a loop through it comes round once per slot.
/// </summary>
public sealed record WaitForSlot(StepId Id, string Name, Slot Slot) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.WaitForSlot",
            Category = ActivityCategory.Waits,
            DisplayName = new("Wait for slot", "等待时段"),
            Help = new(
                "Waits for the next time of day on one of some days, by the lead's clock.",
                "按线索当地时间，等待指定星期的下一个时刻。"
            ),
            Example = new(
                new("Tuesday or Thursday at half past nine, where the lead lives.", "线索当地时间周二或周四 9:30。"),
                ("time", "09:30"),
                ("days", "Tue, Thu")
            ),
            Inputs =
            [
                new("time", new("Time", "时间")) { Help = new("A time of day such as 09:30.", "时刻，如 09:30。") },
                new("days", new("Days", "星期"))
                {
                    Shape = InputShape.List,
                    Help = new("Days such as Tue and Thu; none for every day.", "星期，如 Tue、Thu；留空为每天。"),
                },
            ],
            Compile = reader => new WaitForSlot(reader.Id, reader.Name, new Slot(Days(reader), Time(reader))),
        };

    public override bool Waits => true;

    public override bool TakesTime => true;

    public override bool ReadsLead => true;

    public override StepResult Enter(Visit visit) => new StepResult.Sleep(Slot.NextAfter(visit.Now, visit.Values.Zone));

    private static LocalTime Time(ActivityReader reader)
    {
        var text = reader.Text("time") ?? "";
        var time = SlotText.Time(text);
        if (time is null)
        {
            reader.Fault("time", $"'{text}' is no time of day; {SlotText.ExpectedTime}.");
        }

        return time ?? default;
    }

    private static ImmutableArray<IsoDayOfWeek> Days(ActivityReader reader)
    {
        var days = new List<IsoDayOfWeek>();
        foreach (var text in reader.Texts("days"))
        {
            if (SlotText.Day(text) is { } day)
            {
                days.Add(day);
            }
            else
            {
                reader.Fault("days", $"'{text}' is no day; {SlotText.ExpectedDay}.");
            }
        }

        return [.. SlotText.OrEveryDay(days)];
    }
}
