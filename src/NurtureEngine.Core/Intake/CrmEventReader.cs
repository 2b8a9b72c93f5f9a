using System.Collections.Immutable;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Intake;

/// <summary>Reads the body of a CRM's webhook: Standard Webhooks' <c>type</c>, <c>timestamp</c>, <c>data</c>.</summary>
public static class CrmEventReader
{
    /// <summary>
    /// The event, or null and every fault of the body's shape. What only the rulebook can judge (stages, life cycles) is no
    /// fault of shape.
    /// </summary>
    public static CrmEvent? TryRead(string source, ReadOnlyMemory<byte> body, out ImmutableArray<Diagnostic> faults)
    {
        var found = new List<Diagnostic>();
        CrmEvent? crmEvent = null;
        if (JsonShape.TryParse(body, found, out var document))
        {
            using (document)
            {
                crmEvent = Read(source, new JsonShape(document.RootElement, "", found));
            }
        }

        faults = [.. found];
        return found.Count == 0 ? crmEvent : null;
    }

    private static CrmEvent? Read(string source, JsonShape root)
    {
        var type = root.RequiredText("type");
        if (type.Length > 0 && !EventTypes.IsKnownFamily(type))
        {
            root.Fault(
                "type",
                $"'{type}' is not known; expected one of {string.Join(", ", EventTypes.Applied)}, or another lead.*, deal.* or activity.* event."
            );
        }

        var at = root.Instant("timestamp");
        if (at is null && !root.Has("timestamp"))
        {
            root.Fault("timestamp", "is missing; expected the instant of the event, such as 2026-01-31T09:30:00Z.");
        }

        if (root.RequiredObject("data") is not { } data || data.RequiredObject("lead") is not { } lead)
        {
            return null;
        }

        var externalId = lead.RequiredId("externalId");
        var company = LeadShape.ReadCompany(source, lead);
        return new CrmEvent
        {
            Type = type,
            Lead = new ExternalKey(source, externalId),
            Stamp = new Stamp(data.Integer("version"), at ?? default),
            Fields = LeadShape.ReadFields(lead, company),
            Company = company,
            Consents = LeadShape.ReadConsents(source, lead, at ?? default),
            Stage = type == EventTypes.StageChanged ? ReadStage(data) : null,
            Activity = EventTypes.IsActivity(type) ? ReadActivity(data) : null,
        };
    }

    private static Activity ReadActivity(JsonShape data)
    {
        var activity = data.Object("activity");
        var touch = activity?.Text("touchId");
        if (touch is { Length: > 0 } && !Guid.TryParse(touch, out _))
        {
            activity!.Fault("touchId", $"'{touch}' is no id of a touch; expected a UUID.");
        }

        return new Activity(
            activity?.Text("name", Activity.MaxName)?.Trim() is { Length: > 0 } name ? name : null,
            Guid.TryParse(touch, out var id) ? id : null
        );
    }

    private static StageChange ReadStage(JsonShape data) =>
        new(data.Id("lifeCycle"), data.Id("from"), data.RequiredId("to"));
}
