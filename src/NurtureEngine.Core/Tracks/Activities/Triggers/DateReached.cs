using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Core.Tracks.Activities.Triggers;

/// <summary>Trigger: a date of the lead comes, such as the end of a contract, or is so long ago or ahead.</summary>
public sealed record DateReached(StepId Id, string Name, string Field, TimeSpan After) : Step(Id, Name), IMomentTrigger
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.DateReached",
            Category = ActivityCategory.Triggers,
            DisplayName = new("Date reached", "到达日期"),
            Help = new(
                "Starts at a date of the lead, such as the end of a contract, or some time before or after it.",
                "在线索的某个日期（如合同到期日）或其前后开始。"
            ),
            Example = new(
                new("Renewal: ninety days before the contract ends.", "续约：合同到期前 90 天。"),
                ("field", "custom.renewal_date"),
                ("before", "90d")
            ),
            IsTrigger = true,
            Inputs =
            [
                new("field", new("Date field", "日期字段"))
                {
                    Help = new(
                        "A custom field that holds a date, such as custom.renewal_date.",
                        "存放日期的自定义字段，如 custom.renewal_date。"
                    ),
                },
                new("before", new("Before", "提前"))
                {
                    Help = new(
                        "How long before the date, such as 30d; or use After.",
                        "提前多久，如 30d；或使用“之后”。"
                    ),
                },
                new("after", new("After", "之后"))
                {
                    Help = new("How long after the date; or use Before.", "之后多久；或使用“提前”。"),
                },
            ],
            Compile = Read,
        };

    public string Kind => "date_reached";

    string? IMomentTrigger.Field => Field;

    public DateTimeOffset? CountsFrom(Lead lead, Rulebook rulebook) =>
        LeadDates.Of(lead, rulebook.DefaultZone).TryGetValue(Field, out var at) ? at : null;

    public override StepResult Enter(Visit visit) => new StepResult.Complete(Done);

    private static DateReached Read(ActivityReader reader)
    {
        var field = reader.RequiredText("field");
        if (field.Length > 0 && !field.StartsWith(Fields.CustomPrefix, StringComparison.Ordinal))
        {
            reader.Fault("field", $"'{field}' is no date; expected a custom field such as custom.renewal_date.");
        }

        var (before, after) = (reader.OptionalDuration("before"), reader.OptionalDuration("after"));
        if (before is not null && after is not null)
        {
            reader.Fault("before", "is given beside 'after'; expected one of them.");
        }

        return new DateReached(reader.Id, reader.Name, field, after ?? -before ?? TimeSpan.Zero);
    }
}
