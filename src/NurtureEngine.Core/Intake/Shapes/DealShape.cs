using System.Collections.Immutable;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Intake.Shapes;

/// <summary>Reads the <c>deal</c> of a webhook: an absent field says nothing, null clears.</summary>
internal static class DealShape
{
    private const int MostContacts = 200;

    public static DealPatch? Read(string source, string type, JsonShape data)
    {
        if (data.RequiredObject("deal") is not { } deal)
        {
            return null;
        }

        var fields = ImmutableDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
        foreach (var name in new[] { Fields.Name, Fields.DealStage, Fields.DealPipeline })
        {
            Put(name, deal.Text(name)?.Trim());
        }

        Put(Fields.DealStatus, deal.Choice(Fields.DealStatus, "open", "won", "lost"));
        Put("value", MoneyShape.Read(deal, "value"));
        Put("closeAt", deal.Instant("closeAt")?.ToUniversalTime().ToString("O"));
        if (type is "deal.won" or "deal.lost" && deal.Lacks(Fields.DealStatus))
        {
            fields[Fields.DealStatus] = type["deal.".Length..];
        }

        if (type == EventTypes.DealDeleted)
        {
            fields[Fields.Deleted] = "true";
        }

        var contacts = deal.Texts("contacts");
        if (contacts.Count > MostContacts || contacts.Exists(id => id.Trim().Length is 0 or > JsonShape.MaxId))
        {
            deal.Fault(
                "contacts",
                $"names {contacts.Count} leads; expected at most {MostContacts} ids, none of them empty or longer than {JsonShape.MaxId}."
            );
        }

        return new DealPatch(
            new ExternalKey(source, deal.RequiredId("externalId")),
            fields.ToImmutable(),
            [.. contacts.Select(id => new ExternalKey(source, id.Trim())).Distinct()]
        );

        void Put(string name, string? value)
        {
            if (deal.Has(name))
            {
                fields[name] = value;
            }
        }
    }
}
