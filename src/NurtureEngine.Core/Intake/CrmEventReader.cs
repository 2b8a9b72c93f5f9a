using System.Collections.Immutable;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Intake.Shapes;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Intake;

/// <summary>Reads the body of a CRM's webhook: Standard Webhooks' <c>type</c>, <c>timestamp</c>, <c>data</c>, or the same as a CloudEvent.</summary>
public static class CrmEventReader
{
    private const int MostMerged = 100;

    /// <summary>
    /// The event, or null and every fault of the body's shape. What only the rulebook can judge (stages, life cycles) is no
    /// fault of shape.
    /// </summary>
    public static IntakeEvent? TryRead(
        string source,
        ReadOnlyMemory<byte> body,
        out ImmutableArray<Diagnostic> faults
    ) => TryRead(source, body, out _, out faults);

    /// <param name="source">Who sends it.</param>
    /// <param name="body">The body as it came.</param>
    /// <param name="cloudId">What a CloudEvent calls itself, unique for its sender; null where the body is none.</param>
    /// <param name="faults">Every fault.</param>
    public static IntakeEvent? TryRead(
        string source,
        ReadOnlyMemory<byte> body,
        out string? cloudId,
        out ImmutableArray<Diagnostic> faults
    )
    {
        cloudId = null;
        var found = new List<Diagnostic>();
        IntakeEvent? read = null;
        if (JsonShape.TryParse(body, found, out var document))
        {
            using (document)
            {
                var root = new JsonShape(document.RootElement, "", found);
                var envelope = CloudEvent.Is(root) ? CloudEvent.Open(root) : Envelope.Open(root);
                cloudId = envelope.CloudId;
                read = Read(source, envelope, root);
            }
        }

        faults = [.. found];
        return found.Count == 0 ? read : null;
    }

    private static IntakeEvent? Read(string source, Envelope envelope, JsonShape root)
    {
        var (type, at, data) = (envelope.Type, envelope.At, envelope.Data);
        if (type.Length > 0 && !EventTypes.IsKnownFamily(type))
        {
            root.Fault(
                "type",
                $"'{type}' is not known; expected one of {string.Join(", ", EventTypes.Applied)}, or another lead.*, deal.* or activity.* event."
            );
        }

        if (data is null)
        {
            return null;
        }

        var stamp = new Stamp(data.Integer("version"), at);
        var deal = EventTypes.IsDeal(type) ? DealShape.Read(source, type, data) : null;
        if (deal is not null && data.Object("lead") is null)
        {
            return new RecordEvent
            {
                Type = type,
                Stamp = stamp,
                Deal = deal,
                Company = CompanyShape.Read(source, data),
            };
        }

        if (data.RequiredObject("lead") is not { } lead)
        {
            return null;
        }

        var company = CompanyShape.Read(source, lead);
        return new CrmEvent
        {
            Type = type,
            Lead = new ExternalKey(source, lead.RequiredId("externalId")),
            Stamp = stamp,
            Fields = LeadShape.ReadFields(lead, company),
            Company = company,
            Deal = deal,
            Consents = LeadShape.ReadConsents(source, lead, at),
            Stage = type == EventTypes.StageChanged ? ReadStage(data) : null,
            Activity = EventTypes.IsActivity(type) ? ReadActivity(data) : null,
            Merged = type == EventTypes.Merged ? ReadMerged(source, data) : [],
        };
    }

    private static ImmutableArray<ExternalKey> ReadMerged(string source, JsonShape data)
    {
        var merged = data.Texts("merged");
        if (merged.Count is 0 or > MostMerged || merged.Exists(id => id.Trim().Length is 0 or > JsonShape.MaxId))
        {
            data.Fault(
                "merged",
                $"names {merged.Count} leads; expected the ids of 1 to {MostMerged} leads that end in this one, none of them empty or longer than {JsonShape.MaxId}."
            );
        }

        return [.. merged.Select(id => new ExternalKey(source, id.Trim())).Distinct()];
    }

    private static Activity ReadActivity(JsonShape data)
    {
        var activity = data.Object("activity");
        var touch = activity?.Text("touchId");
        if (touch is { Length: > 0 } && !Guid.TryParse(touch, out _))
        {
            activity!.Fault("touchId", $"'{touch}' is no id of a touch; expected a UUID.");
        }

        return new Activity(Named("name"), Guid.TryParse(touch, out var id) ? id : null)
        {
            Origin = Named("source"),
            Campaign = Named("campaign"),
            Cost = MoneyShape.Read(activity, "cost"),
        };

        string? Named(string name) =>
            activity?.Text(name, Activity.MaxName)?.Trim() is { Length: > 0 } text ? text : null;
    }

    private static StageChange ReadStage(JsonShape data) =>
        new(data.Id("lifeCycle"), data.Id("from"), data.RequiredId("to"));
}
