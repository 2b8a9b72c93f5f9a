using System.Globalization;
using System.Text.Json.Nodes;

namespace NurtureEngine.Host.Demo.World;

/// <summary>The events of a demo's CRM as it writes them.</summary>
internal sealed class DemoBodies(Random random)
{
    // Where the scenes happen, which need consent.
    private const string FirstAccount = "A001";

    /// <summary>A stage change as the CRM tells it.</summary>
    public static JsonObject Moved(DemoLead lead, DateTimeOffset at, string from, string to)
    {
        var body = Of("lead.stage_changed", at, new JsonObject { ["externalId"] = lead.Id });
        (body["data"]!["from"], body["data"]!["to"]) = (from, to);
        return body;
    }

    public JsonObject Arriving(DemoLead lead, DateTimeOffset arrives)
    {
        var body = Person(lead, arrives, "lead.stage_changed");
        string[] sources = ["website", "webinar", "trade fair", "outbound", "referral"];
        string[] campaigns = ["spring-launch", "usage-report", "saas-days", "autumn-tour"];
        body["data"]!["lead"]!["acquisition"] = new JsonObject
        {
            ["source"] = sources[random.Next(sources.Length)],
            ["campaign"] = campaigns[random.Next(campaigns.Length)],
            ["cost"] = new JsonObject { ["amount"] = 10 + random.Next(90), ["currency"] = "EUR" },
        };
        body["data"]!["to"] = "RL";
        return body;
    }

    public JsonObject Rival()
    {
        string[] rivals = ["Quantelo", "Datenhof"];
        return new JsonObject { ["competitor"] = rivals[random.Next(rivals.Length)] };
    }

    public JsonObject Person(DemoLead lead, DateTimeOffset at, string type)
    {
        var person = new JsonObject
        {
            ["externalId"] = lead.Id,
            ["email"] = lead.Email,
            ["name"] = lead.Name,
            ["title"] = lead.Title,
            ["role"] = lead.Role,
            ["language"] = lead.Account.Language,
            ["timeZone"] = lead.Account.Zone,
            ["country"] = lead.Account.Country,
            ["company"] = new JsonObject
            {
                ["externalId"] = lead.Account.Id,
                ["name"] = lead.Account.Name,
                ["industry"] = lead.Account.Industry,
                ["size"] = lead.Account.Size,
                ["tier"] = lead.Account.Tier,
            },
            ["owner"] = new JsonObject { ["name"] = "Sam Reed", ["email"] = "sam.reed@example.com" },
        };
        // Nearly everybody has agreed, and those of the scenes have.
        if (random.NextDouble() < DemoRates.Consents || lead.Account.Id == FirstAccount)
        {
            person["consent"] = new JsonArray(
                new JsonObject
                {
                    ["channel"] = "email",
                    ["purpose"] = "marketing",
                    ["granted"] = true,
                    ["source"] = "form",
                }
            );
        }

        return Of(type, at, person);
    }

    public static JsonObject Of(string type, DateTimeOffset at, JsonObject lead) =>
        new()
        {
            ["type"] = type,
            ["timestamp"] = at.ToString("O", CultureInfo.InvariantCulture),
            ["data"] = new JsonObject { ["lead"] = lead },
        };
}
