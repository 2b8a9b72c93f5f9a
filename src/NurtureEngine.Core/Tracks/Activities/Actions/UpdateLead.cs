using System.Text.Json;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Tracks.Activities.Actions;

/// <summary>Sets a field of the lead; an empty text clears it.</summary>
public sealed record UpdateLead(StepId Id, string Name, string Field, TextValue Value) : ChangeStep(Id, Name)
{
    private const int MostCharacters = 2_000;

    // An address, a company or a zone is the CRM's to say: it is checked there, and more than the lead hangs on it.
    private static readonly string[] Settable =
    [
        Fields.Name,
        Fields.Phone,
        Fields.Title,
        Fields.Role,
        Fields.Language,
        Fields.Country,
    ];

    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.UpdateLead",
            Category = ActivityCategory.Lead,
            DisplayName = new("Update lead", "更新线索"),
            Help = new("Sets a field of the lead; an empty value clears it.", "设置线索的字段；空值表示清除。"),
            Example = new(
                new("Notes what the lead is interested in, for later conditions.", "记录线索的兴趣，供后续条件使用。"),
                ("field", "custom.interest"),
                ("value", "pricing")
            ),
            Inputs =
            [
                new("field", new("Field", "字段"))
                {
                    Help = new(
                        "One of name, phone, title, role, language and country, or a custom field such as custom.interest.",
                        "name、phone、title、role、language、country 之一，或自定义字段，如 custom.interest。"
                    ),
                },
                new("value", new("Value", "值"))
                {
                    Shape = InputShape.Paragraph,
                    Help = new(
                        "May read the lead with {{ }}; empty clears the field.",
                        "可用 {{ }} 读取线索；留空清除字段。"
                    ),
                },
            ],
            Compile = reader => new UpdateLead(reader.Id, reader.Name, ReadField(reader), reader.TextValue("value")),
        };

    public override bool ReadsLead => Value is TextValue.Scripted;

    protected override LeadChange? ChangeFor(Visit visit, LeadChange empty)
    {
        if (Value.In(visit.Values)?.Trim() is not { Length: <= MostCharacters } text)
        {
            return null;
        }

        var value =
            text.Length == 0 ? null
            : IsCustom(Field) ? JsonSerializer.Serialize(text)
            : text;
        return empty with { Fields = empty.Fields.Add(Field, value) };
    }

    private static string ReadField(ActivityReader reader)
    {
        var field = reader.RequiredText("field");
        if (field.Length > 0 && !IsCustom(field) && !Settable.Contains(field))
        {
            reader.Fault(
                "field",
                $"'{field}' can't be set; expected one of {string.Join(", ", Settable)}, or custom.…"
            );
        }

        return field;
    }

    // Custom fields are kept as JSON.
    private static bool IsCustom(string field) =>
        field.StartsWith(Fields.CustomPrefix, StringComparison.Ordinal)
        && field.Length > Fields.CustomPrefix.Length
        && field.Length <= Fields.CustomPrefix.Length + 100
        && !field.Any(char.IsControl);
}
