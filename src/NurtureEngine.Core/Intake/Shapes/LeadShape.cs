using System.Collections.Immutable;
using System.Text.Json;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Consents;

namespace NurtureEngine.Core.Intake.Shapes;

/// <summary>Reads the <c>lead</c> of a webhook: an absent field says nothing, null clears.</summary>
internal static class LeadShape
{
    private const int MaxCustomFields = 200;
    private const int MaxPurpose = 100;
    private const int MostTags = 100;
    private static readonly string[] Channels = ["email", "wechat", "phone", "sms"];

    private static readonly (string Json, string Field)[] Texts =
    [
        ("name", Fields.Name),
        ("phone", Fields.Phone),
        ("title", Fields.Title),
        ("role", Fields.Role),
        ("language", Fields.Language),
        ("country", Fields.Country),
    ];

    public static ImmutableDictionary<string, string?> ReadFields(JsonShape lead, CompanyPatch? company)
    {
        var fields = ImmutableDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
        foreach (var (json, field) in Texts)
        {
            Put(fields, lead, json, field, lead.Text(json));
        }

        Put(fields, lead, "email", Fields.Email, lead.Email("email"));
        Put(fields, lead, "timeZone", Fields.TimeZone, lead.TimeZone("timeZone"));
        Put(fields, lead, "company", Fields.Company, company?.Key.ToString());
        PutGroup(fields, lead, "owner", ["externalId", "name", "email"]);
        PutGroup(fields, lead, "wechat", ["openId", "unionId"]);
        PutGroup(fields, lead, "acquisition", ["source", "campaign"]);
        if (lead.Object("acquisition") is { } acquisition && acquisition.Has("cost"))
        {
            fields["acquisition.cost"] = MoneyShape.Read(acquisition, "cost");
        }

        SourcedShape.PutCard(fields, lead);
        PutTags(fields, lead);
        PutCustom(fields, lead);
        return fields.ToImmutable();
    }

    public static ImmutableArray<Consent> ReadConsents(string source, JsonShape lead, DateTimeOffset eventAt)
    {
        var consents = ImmutableArray.CreateBuilder<Consent>();
        foreach (var shape in lead.Objects("consent"))
        {
            var granted = shape.Boolean("granted");
            if (granted is null && shape.Lacks("granted"))
            {
                shape.Fault("granted", "is missing; expected true or false.");
            }

            if (
                shape.Lacks("channel")
                || shape.Raw("channel") is { ValueKind: JsonValueKind.String } said && said.ValueEquals("")
            )
            {
                shape.Fault("channel", $"is missing; expected one of {string.Join(", ", Channels)}.");
            }

            var at = shape.Instant("at") ?? eventAt;
            consents.Add(
                new Consent(
                    shape.Choice("channel", Channels) ?? "",
                    Purpose(shape),
                    granted ?? false,
                    shape.Text("source") ?? source,
                    // A word from the future would outlast every withdrawal until its day came.
                    at < eventAt
                        ? at
                        : eventAt
                )
            );
        }

        return consents.ToImmutable();
    }

    private static string Purpose(JsonShape shape)
    {
        var purpose = shape.Text("purpose", MaxPurpose)?.Trim().ToLowerInvariant();
        return string.IsNullOrEmpty(purpose) ? Consent.Marketing : purpose;
    }

    private static void Put(
        ImmutableDictionary<string, string?>.Builder fields,
        JsonShape shape,
        string json,
        string field,
        string? value
    )
    {
        if (shape.Has(json))
        {
            fields[field] = value?.Trim();
        }
    }

    private static void PutGroup(
        ImmutableDictionary<string, string?>.Builder fields,
        JsonShape lead,
        string group,
        string[] names
    )
    {
        if (!lead.Has(group))
        {
            return;
        }

        var inner = lead.Object(group);
        foreach (var name in names.Where(name => inner is null || inner.Has(name)))
        {
            fields[$"{group}.{name}"] = (name == "email" ? inner?.Email(name) : inner?.Text(name))?.Trim();
        }
    }

    private static void PutTags(ImmutableDictionary<string, string?>.Builder fields, JsonShape lead)
    {
        if (!lead.Has("tags"))
        {
            return;
        }

        var tags = lead.Texts("tags").Select(tag => tag.Trim()).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (tags.Count > MostTags || tags.Exists(tag => tag.Length is 0 or > MaxPurpose || tag.Any(char.IsControl)))
        {
            lead.Fault(
                "tags",
                $"has {tags.Count} tags; expected at most {MostTags}, each of 1 to {MaxPurpose} characters."
            );
        }

        fields[Fields.Tags] = tags.Count == 0 ? null : JsonSerializer.Serialize(tags);
    }

    private static void PutCustom(ImmutableDictionary<string, string?>.Builder fields, JsonShape lead)
    {
        if (lead.Object("custom") is null || lead.Raw("custom") is not { } custom)
        {
            if (lead.Has("custom") && lead.Lacks("custom"))
            {
                lead.Fault("custom", "is null; expected an object: a field is cleared by its name.");
            }

            return;
        }

        if (custom.EnumerateObject().Count() > MaxCustomFields)
        {
            lead.Fault("custom", $"has more than {MaxCustomFields} fields.");
        }

        foreach (var property in custom.EnumerateObject())
        {
            if (
                property.Value.ValueKind == JsonValueKind.String
                && property.Value.GetString()!.Contains('\0', StringComparison.Ordinal)
            )
            {
                lead.Fault($"custom/{property.Name}", "holds the character NUL; expected a text without.");
            }

            if (property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                lead.Fault(
                    $"custom/{property.Name}",
                    $"is {JsonShape.Kind(property.Value)}; expected a text, a number, true, false or null."
                );
            }

            if (property.Name.Length is 0 or > 100 || property.Name.Any(char.IsControl))
            {
                lead.Fault("custom", "has a field whose name is empty, too long or holds control characters.");
                continue;
            }

            fields[Fields.CustomPrefix + property.Name] =
                property.Value.ValueKind == JsonValueKind.Null ? null : property.Value.GetRawText();
        }
    }
}
