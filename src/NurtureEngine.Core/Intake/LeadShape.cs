using System.Collections.Immutable;
using System.Text.Json;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Intake;

/// <summary>Reads the <c>lead</c> of a webhook: an absent field says nothing, null clears.</summary>
internal static class LeadShape
{
    private const int MaxCustomFields = 200;
    private const int MaxPurpose = 100;
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
        PutCustom(fields, lead);
        return fields.ToImmutable();
    }

    public static CompanyPatch? ReadCompany(string source, JsonShape lead)
    {
        if (lead.Object("company") is not { } company)
        {
            return null;
        }

        var fields = ImmutableDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
        Put(fields, company, "name", Fields.Name, company.Text("name"));
        Put(fields, company, "industry", Fields.Industry, company.Text("industry"));
        Put(
            fields,
            company,
            "size",
            Fields.Size,
            company.Raw("size") is { ValueKind: JsonValueKind.Number } size ? size.GetRawText() : company.Text("size")
        );
        Put(fields, company, "tier", Fields.Tier, company.Choice("tier", Enum.GetNames<Tier>()));
        if (company.Id("externalId") is { Length: > 0 } externalId)
        {
            return new CompanyPatch(new ExternalKey(source, externalId), fields.ToImmutable());
        }

        if (fields.GetValueOrDefault(Fields.Name) is { Length: > 0 } name)
        {
            // A source without company ids is taken at its word that equal names are one company.
            var key = name.ToUpperInvariant();
            return new CompanyPatch(
                new ExternalKey(source, "name:" + key[..Math.Min(key.Length, JsonShape.MaxId)]),
                fields.ToImmutable()
            );
        }

        company.Fault("externalId", "is missing; expected the company's id, or at least its 'name'.");
        return null;
    }

    public static ImmutableArray<Consent> ReadConsents(string source, JsonShape lead, DateTimeOffset eventAt)
    {
        var consents = ImmutableArray.CreateBuilder<Consent>();
        foreach (var shape in lead.Objects("consent"))
        {
            var granted = shape.Boolean("granted");
            if (granted is null && !shape.Has("granted"))
            {
                shape.Fault("granted", "is missing; expected true or false.");
            }

            if (!shape.Has("channel"))
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

    private static void PutCustom(ImmutableDictionary<string, string?>.Builder fields, JsonShape lead)
    {
        if (lead.Object("custom") is null || lead.Raw("custom") is not { } custom)
        {
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
