using System.Collections.Immutable;
using NodaTime;
using NodaTime.Text;
using NurtureEngine.Core.Cadences;

namespace NurtureEngine.Core.Tracks.Activities;

/// <summary>
/// Waits for the next time of day on one of some days, by the lead's clock. Who arrives at that very time waits for the one
/// after, so that a loop through it comes round once per slot.
/// </summary>
public sealed record WaitForSlot(StepId Id, string Name, Slot Slot) : Step(Id, Name)
{
    private static readonly LocalTimePattern TimeOfDay = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.WaitForSlot",
            DisplayName = new("Wait for slot", "等待时段"),
            Inputs = [new("time", new("Time", "时间")), new("days", new("Days", "星期"))],
            Compile = reader => new WaitForSlot(reader.Id, reader.Name, new Slot(Days(reader), Time(reader))),
        };

    public override bool Waits => true;

    public override bool ReadsLead => true;

    public override StepResult Enter(Visit visit) => new StepResult.Sleep(Slot.NextAfter(visit.Now, visit.Values.Zone));

    private static LocalTime Time(ActivityReader reader)
    {
        var text = reader.Text("time") ?? "";
        var time = TimeOfDay.Parse(text);
        if (!time.Success)
        {
            reader.Fault("time", $"'{text}' is no time of day; expected hours and minutes such as 09:30.");
        }

        return time.Success ? time.Value : default;
    }

    // "Tue", "tuesday"; without any, every day.
    private static ImmutableArray<IsoDayOfWeek> Days(ActivityReader reader)
    {
        var all = Enumerable.Range(1, 7).Select(number => (IsoDayOfWeek)number).ToImmutableArray();
        var days = ImmutableArray.CreateBuilder<IsoDayOfWeek>();
        foreach (var text in reader.Texts("days"))
        {
            var day = all.FirstOrDefault(day => IsNamed(day, text.Trim()));
            if (day == IsoDayOfWeek.None)
            {
                reader.Fault("days", $"'{text}' is no day; expected Mon, Tue, Wed, Thu, Fri, Sat or Sun.");
            }

            days.Add(day);
        }

        return days.Count == 0 ? all : [.. days.Distinct()];
    }

    private static bool IsNamed(IsoDayOfWeek day, string text) =>
        string.Equals(text, $"{day}", StringComparison.OrdinalIgnoreCase)
        || string.Equals(text, $"{day}"[..3], StringComparison.OrdinalIgnoreCase);
}
