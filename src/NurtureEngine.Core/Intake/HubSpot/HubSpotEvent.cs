using System.Collections.Immutable;
using System.Text.Json;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Consents;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Intake.HubSpot;

/// <summary>Reads one event of a batch that HubSpot posts (HubSpot, "Webhooks API", payload).</summary>
public static class HubSpotEvent
{
    /// <summary>The source under which HubSpot's leads are known; no other webhook may use it.</summary>
    public const string Source = "hubspot";

    /// <summary>The event in the engine's words, by what the rulebook says that HubSpot's mean.</summary>
    public static IntakeEvent Read(ReadOnlyMemory<byte> body, HubSpotMap map)
    {
        using var document = JsonDocument.Parse(body);
        var shape = document.RootElement;
        if (HubSpotHead.TryRead(shape) is not { } head)
        {
            return new CrmEvent
            {
                Type = "hubspot.unknown",
                Lead = Key("unknown"),
                Stamp = default,
            };
        }

        var stamp = new Stamp(
            null,
            DateTimeOffset.FromUnixTimeMilliseconds(shape.GetProperty("occurredAt").GetInt64())
        );
        var (property, value) = (HubSpotHead.Text(shape, "propertyName"), HubSpotHead.Text(shape, "propertyValue"));
        return head.Type switch
        {
            "contact.creation" => Contact(EventTypes.Created),
            "contact.deletion" or "contact.privacyDeletion" => Contact(EventTypes.Deleted),
            "contact.restore" => Contact(EventTypes.Created),
            "contact.propertyChange" when IsOptOut(property) && value != "false" && value is { Length: > 0 } => Refused(
                Contact(EventTypes.Updated)
            ),
            // Who has not opted out has not consented by that.
            "contact.propertyChange" when IsOptOut(property) => Contact(EventTypes.Updated),
            "contact.propertyChange" when property is not null => Changed(
                Contact(EventTypes.Updated),
                property,
                value,
                map
            ),
            "contact.merge" => Contact(EventTypes.Merged) with { Merged = head.Merged },
            "contact.associationChange" when CompanyOf(shape) is { } company => Contact(EventTypes.Updated) with
            {
                Company = IsRemoved(shape)
                    ? null
                    : new CompanyPatch(company, ImmutableDictionary<string, string?>.Empty),
                Fields = ImmutableDictionary<string, string?>.Empty.Add(
                    Fields.Company,
                    IsRemoved(shape) ? null : company.ToString()
                ),
            },
            "company.creation" => Company([]),
            "company.propertyChange"
                when property is not null && map.CompanyProperties.TryGetValue(property, out var field) => Company([
                new(field, value),
            ]),
            "deal.creation" => Deal("deal.created", []),
            "deal.deletion" => Deal(EventTypes.DealDeleted, [new(Fields.Deleted, "true")]),
            "deal.propertyChange" when property is not null => Deal("deal.updated", DealFields(property, value)),
            _ when IsRefusal(shape, head.Type) => Refused(Contact(EventTypes.Updated)),
            _ => Contact($"hubspot.{head.Type}"),
        };

        CrmEvent Contact(string type) =>
            new()
            {
                Type = type,
                Lead = head.Subject,
                Stamp = stamp,
            };

        RecordEvent Company(IEnumerable<KeyValuePair<string, string?>> fields) =>
            new()
            {
                Type = head.Type,
                Stamp = stamp,
                Company = new CompanyPatch(head.Subject, fields.ToImmutableDictionary()),
            };

        RecordEvent Deal(string type, IEnumerable<KeyValuePair<string, string?>> fields) =>
            new()
            {
                Type = type,
                Stamp = stamp,
                Deal = new DealPatch(head.Subject, fields.ToImmutableDictionary(), []),
            };
    }

    private static CrmEvent Refused(CrmEvent contact) =>
        contact with
        {
            Consents = [new Consent(Channel.Email, Consent.Marketing, false, Source, contact.Stamp.At)],
        };

    // Of all e-mail, or of one type of subscription (hs_email_optout_123): the engine knows marketing alone.
    private static bool IsOptOut(string? property) =>
        property is "hs_email_optout"
        || property?.StartsWith("hs_email_optout_", StringComparison.Ordinal) == true
            && char.IsAsciiDigit(property[^1]);

    private static bool IsRefusal(JsonElement shape, string type) =>
        type.Contains("subscription", StringComparison.OrdinalIgnoreCase)
        && (
            HubSpotHead.Text(shape, "subscriptionStatus")
            ?? HubSpotHead.Text(shape, "status")
            ?? HubSpotHead.Text(shape, "propertyValue")
        )?.ToUpperInvariant()
            is "UNSUBSCRIBED"
                or "NOT_SUBSCRIBED"
                or "OPT_OUT"
                or "OPTED_OUT";

    private static CrmEvent Changed(CrmEvent contact, string property, string? value, HubSpotMap map)
    {
        if (property == "lifecyclestage" && value is { Length: > 0 })
        {
            return contact with
            {
                Type = EventTypes.StageChanged,
                Stage = new StageChange(map.LifeCycle, null, map.Stages.GetValueOrDefault(value) ?? value),
            };
        }

        var (field, said) = property switch
        {
            "hs_buying_role" => (Fields.Role, map.RoleOf(value) ?? value),
            _ when map.Properties.TryGetValue(property, out var known) => (known, value),
            // What is empty says nothing, here as everywhere.
            _ => (Fields.CustomPrefix + property, value is null or "" ? value : JsonSerializer.Serialize(value)),
        };
        // An address that is none can't be written to; the lead keeps the one that it has.
        return field == Fields.Email && value is { Length: > 0 } && !EmailAddress.IsValid(value.Trim())
            ? contact
            : contact with
            {
                Fields = new Dictionary<string, string?> { [field] = said?.Trim() },
            };
    }

    private static IEnumerable<KeyValuePair<string, string?>> DealFields(string property, string? value) =>
        property switch
        {
            "dealname" => [new(Fields.Name, value)],
            "dealstage" when value is "closedwon" => [new(Fields.DealStage, value), new(Fields.DealStatus, "won")],
            "dealstage" when value is "closedlost" => [new(Fields.DealStage, value), new(Fields.DealStatus, "lost")],
            "dealstage" => [new(Fields.DealStage, value), new(Fields.DealStatus, "open")],
            "pipeline" => [new(Fields.DealPipeline, value)],
            "amount" => [new("value", value)],
            _ => [],
        };

    // Null where the contact is associated with something else.
    private static ExternalKey? CompanyOf(JsonElement shape)
    {
        var isFromCompany = HubSpotHead.IsFromCompany(shape);
        var isWithCompany =
            isFromCompany
            || HubSpotHead
                .Text(shape, "associationType")
                ?.Contains("CONTACT_TO_COMPANY", StringComparison.OrdinalIgnoreCase) == true
            || HubSpotHead.Text(shape, "toObjectTypeId") == "0-2";
        return
            isWithCompany
            && HubSpotHead.Text(shape, isFromCompany ? "fromObjectId" : "toObjectId") is { Length: > 0 and <= 100 } id
            ? Key(id)
            : null;
    }

    private static bool IsRemoved(JsonElement shape) =>
        string.Equals(HubSpotHead.Text(shape, "associationRemoved"), "true", StringComparison.OrdinalIgnoreCase);

    private static ExternalKey Key(string id) => new(Source, id);
}
