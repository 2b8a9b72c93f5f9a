using System.Globalization;
using System.Text.Json.Nodes;

namespace NurtureEngine.Host.Demo;

/// <summary>What a CRM would tell over the days of a demo, decided by the seed alone: who comes when, and what they do by themselves.</summary>
internal sealed class DemoScript
{
    /// <summary>For how many days before the first one something is told.</summary>
    public const int Before = 58;

    private readonly Random _random;
    private readonly DateTimeOffset _start;
    private readonly int _days;
    private readonly List<DemoEvent> _events = [];

    private DemoScript(int seed, DateTimeOffset start, int days) =>
        (_random, _start, _days) = (new Random(seed), start, days);

    /// <summary>Every lead, by address.</summary>
    public Dictionary<string, DemoLead> Leads { get; } = new(StringComparer.Ordinal);

    /// <summary>What is told, in order.</summary>
    public IReadOnlyList<DemoEvent> Events => _events;

    public static DemoScript Write(int seed, DateTimeOffset start, int days, int leads)
    {
        var script = new DemoScript(seed, start, days);
        var accounts = Enumerable
            .Range(0, Math.Max(1, leads * 3 / 10))
            .Select(index => DemoPeople.Account(index, script._random))
            .ToList();
        var seats = new int[accounts.Count];
        for (var i = 0; i < leads; i++)
        {
            // Every company has somebody; the rest sit where chance puts them.
            var place = i < accounts.Count ? i : script._random.Next(accounts.Count);
            var lead = DemoPeople.Lead(i, accounts[place], seats[place]++, script._random);
            script.Leads[lead.Email] = lead;
            script.Live(lead, i);
        }

        script._events.Sort((a, b) => (a.At, a.Number).CompareTo((b.At, b.Number)));
        return script;
    }

    private void Live(DemoLead lead, int index)
    {
        switch (index % 8)
        {
            case 6:
                BeCustomer(lead);
                break;
            case 7:
                Sleep(lead);
                break;
            default:
                Come(lead);
                break;
        }
    }

    // A customer since long, whose contract ends some time after the demo: ninety days before that is in it.
    private void BeCustomer(DemoLead lead)
    {
        var renewal = _start.AddDays(91 + _random.Next(Math.Max(1, _days - 20)));
        var body = Person(lead, _start.AddDays(-200), "lead.stage_changed");
        body["data"]!["lead"]!["custom"] = new JsonObject
        {
            ["renewal_date"] = renewal.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
        body["data"]!["to"] = "Retention";
        Tell(_start, body);
    }

    // Told of before the demo, as somebody known since long, and silent from then on: the sixty days are over in its first weeks.
    private void Sleep(DemoLead lead)
    {
        var told = At(-Before + _random.Next(Before / 2));
        var body = Person(lead, told.AddDays(-2), "lead.stage_changed");
        body["data"]!["to"] = "RL";
        Tell(told, body);
    }

    private void Come(DemoLead lead)
    {
        var arrives = At(_random.Next(Math.Max(1, _days * 2 / 3)));
        var body = Person(lead, arrives, "lead.stage_changed");
        string[] sources = ["website", "webinar", "trade fair", "outbound", "referral"];
        string[] campaigns = ["spring-launch", "usage-report", "saas-days", "autumn-tour"];
        body["data"]!["lead"]!["acquisition"] = new JsonObject
        {
            ["source"] = sources[_random.Next(sources.Length)],
            ["campaign"] = campaigns[_random.Next(campaigns.Length)],
            ["cost"] = new JsonObject { ["amount"] = 10 + _random.Next(90), ["currency"] = "EUR" },
        };
        body["data"]!["to"] = "RL";
        Tell(arrives, body);

        for (var visits = _random.Next(4); visits > 0; visits--)
        {
            Do(lead, Later(arrives, 1, 20), "activity.page_visited", "/pricing");
        }

        string[] forms = ["churn-report", "product-tour", "tuesday-letter", "comparison"];
        if (_random.NextDouble() < 0.4 + lead.Keenness / 3)
        {
            Do(lead, Later(arrives, 3, 25), "activity.form_submitted", forms[_random.Next(forms.Length)]);
        }

        if (_random.NextDouble() < 0.3)
        {
            var type = _random.NextDouble() < 0.6 ? "activity.event_attended" : "activity.event_missed";
            Do(lead, Later(arrives, 10, 40), type, "three-people");
        }

        if (_random.NextDouble() < 0.12)
        {
            string[] rivals = ["Quantelo", "Datenhof"];
            var custom = new JsonObject { ["competitor"] = rivals[_random.Next(rivals.Length)] };
            Do(lead, Later(arrives, 4, 30), "activity.competitor_named", "form", custom);
        }

        if (lead.Keenness > 0.45)
        {
            var qualified = Later(arrives, 5, 22);
            Tell(qualified, Moved(lead, qualified, "RL", "MQL"));
            if (lead.Keenness > 0.88)
            {
                BuySoon(lead, qualified);
            }
        }
    }

    // Sales has met them somewhere else; some sign within the demo.
    private void BuySoon(DemoLead lead, DateTimeOffset qualified)
    {
        var met = Later(qualified, 3, 9);
        Do(lead, met, "activity.meeting_held", "first meeting");
        Tell(met.AddHours(2), Moved(lead, met.AddHours(2), "MQL", "SQL"));
        if (lead.Keenness > 0.92)
        {
            var signed = Later(met, 8, 18);
            Tell(signed, Moved(lead, signed, "SQL", "Rev"));
        }
    }

    /// <summary>A stage change as the CRM tells it.</summary>
    public static JsonObject Moved(DemoLead lead, DateTimeOffset at, string from, string to)
    {
        var body = Body("lead.stage_changed", at, new JsonObject { ["externalId"] = lead.Id });
        (body["data"]!["from"], body["data"]!["to"]) = (from, to);
        return body;
    }

    private void Do(DemoLead lead, DateTimeOffset at, string type, string name, JsonObject? custom = null)
    {
        var person = new JsonObject { ["externalId"] = lead.Id };
        if (custom is not null)
        {
            person["custom"] = custom;
        }

        var body = Body(type, at, person);
        body["data"]!["activity"] = new JsonObject { ["name"] = name };
        Tell(at, body);
    }

    private JsonObject Person(DemoLead lead, DateTimeOffset at, string type)
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
        // Nearly everybody has agreed.
        if (_random.NextDouble() < 0.93)
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

        return Body(type, at, person);
    }

    private static JsonObject Body(string type, DateTimeOffset at, JsonObject lead) =>
        new()
        {
            ["type"] = type,
            ["timestamp"] = at.ToString("O", CultureInfo.InvariantCulture),
            ["data"] = new JsonObject { ["lead"] = lead },
        };

    private DateTimeOffset At(int day) => _start.AddDays(day).AddHours(6 + _random.Next(10));

    private DateTimeOffset Later(DateTimeOffset since, int least, int most) =>
        At((int)(since - _start).TotalDays + least + _random.Next(most - least));

    private void Tell(DateTimeOffset at, JsonObject body)
    {
        if (at < _start.AddDays(_days))
        {
            _events.Add(new DemoEvent(at, _events.Count, body));
        }
    }
}

/// <summary>What is told when; the number keeps those of one moment in order.</summary>
internal sealed record DemoEvent(DateTimeOffset At, int Number, JsonObject Body);
