using System.Globalization;
using System.Text.Json.Nodes;

namespace NurtureEngine.Host.Demo.World;

/// <summary>What a CRM would tell over the days of a demo, decided by the seed alone: who comes when, and what they do by themselves.</summary>
internal sealed class DemoScript
{
    /// <summary>For how many days before the first one something is told.</summary>
    public const int Before = 58;

    /// <summary>The stages of the default life cycle, in their order.</summary>
    public static readonly string[] Stages = ["RL", "MQL", "SQL", "Rev", "Retention"];

    /// <summary>The stages from the first word to a signature.</summary>
    public static readonly string[] Way = Stages[..4];

    /// <summary>The stages of who has signed.</summary>
    public static readonly string[] Customers = Stages[3..];

    private readonly Random _random;
    private readonly DemoBodies _bodies;
    private readonly DateTimeOffset _start;
    private readonly int _days;
    private readonly List<DemoEvent> _events = [];

    private DemoScript(int seed, DateTimeOffset start, int days)
    {
        (_random, _start, _days) = (new Random(seed), start, days);
        _bodies = new DemoBodies(_random);
    }

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
        // The scenes happen at the first one, in a time zone whose mornings lie behind the start.
        accounts[0] = accounts[0] with
        {
            Name = "Alder Logistics",
            Industry = "logistics",
            Tier = "T3",
            Zone = "Europe/Berlin",
            Country = "DE",
            Language = "en",
            IsScanned = false,
        };
        var seats = new int[accounts.Count];
        for (var i = 0; i < leads; i++)
        {
            // Every company has somebody; the rest sit where chance puts them.
            var isColleague = i == accounts.Count;
            var place =
                i < accounts.Count ? i
                : isColleague ? 0
                : script._random.Next(accounts.Count);
            var lead = DemoPeople.Lead(i, accounts[place], seats[place]++, script._random);
            // The scenes need somebody who gets their e-mails.
            lead = i == 0 || isColleague ? lead with { HasMailbox = true } : lead;
            script.Leads[lead.Email] = lead;
            if (i == 0)
            {
                script.Collide(lead);
            }
            else if (isColleague)
            {
                script.ComeBeside(lead);
            }
            else
            {
                script.Live(lead, i);
            }
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

    // Three tracks want to write to one lead within three days: the cap holds the third e-mail.
    private void Collide(DemoLead lead)
    {
        var arrives = _start.AddHours(1);
        Tell(arrives, lead, _bodies.Arriving(lead, arrives));
        Tell(arrives.AddDays(1), lead, DemoBodies.Moved(lead, arrives.AddDays(1), "RL", "MQL"));
        Do(lead, arrives.AddDays(2), "activity.competitor_named", "form", _bodies.Rival());
    }

    // A colleague comes on the day on which another track has written to the account: one voice holds the welcome.
    private void ComeBeside(DemoLead lead)
    {
        var arrives = _start.AddDays(1).AddHours(5);
        Tell(arrives, lead, _bodies.Arriving(lead, arrives));
    }

    // A customer since long, whose contract ends some time after the demo: ninety days before that is in it.
    private void BeCustomer(DemoLead lead)
    {
        var renewal = _start.AddDays(91 + _random.Next(Math.Max(1, _days - 20)));
        var body = _bodies.Person(lead, _start.AddDays(-200), "lead.stage_changed");
        body["data"]!["lead"]!["custom"] = new JsonObject
        {
            ["renewal_date"] = renewal.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
        body["data"]!["to"] = "Retention";
        Tell(_start, lead, body);
    }

    // Told of before the demo, as somebody known since long, and silent from then on: the sixty days are over in its first weeks.
    private void Sleep(DemoLead lead)
    {
        var told = At(-Before + _random.Next(Before / 2));
        var body = _bodies.Person(lead, told.AddDays(-2), "lead.stage_changed");
        body["data"]!["to"] = "RL";
        Tell(told, lead, body);
    }

    private void Come(DemoLead lead)
    {
        var arrives = At(_random.Next(Math.Max(1, _days * 2 / 3)));
        Tell(arrives, lead, _bodies.Arriving(lead, arrives));
        for (var visits = _random.Next(4); visits > 0; visits--)
        {
            Do(lead, Later(arrives, 1, 40), "activity.page_visited", "/pricing");
        }

        string[] forms = ["churn-report", "product-tour", "tuesday-letter", "comparison"];
        if (_random.NextDouble() < 0.1 + lead.Keenness / 5)
        {
            Do(lead, Later(arrives, 3, 50), "activity.form_submitted", forms[_random.Next(forms.Length)]);
        }

        if (_random.NextDouble() < 0.2)
        {
            var type = _random.NextDouble() < 0.6 ? "activity.event_attended" : "activity.event_missed";
            Do(lead, Later(arrives, 10, 60), type, "three-people");
        }

        if (_random.NextDouble() < 0.06)
        {
            Do(lead, Later(arrives, 4, 50), "activity.competitor_named", "form", _bodies.Rival());
        }

        if (lead.Keenness > 1 - DemoRates.Mql)
        {
            Qualify(lead, Later(arrives, 8, 50));
        }
    }

    // Sales meets some of them somewhere else, weeks later; the others go the way of a hand-off, or none.
    private void Qualify(DemoLead lead, DateTimeOffset qualified)
    {
        Tell(qualified, lead, DemoBodies.Moved(lead, qualified, "RL", "MQL"));
        if (_random.NextDouble() < DemoRates.Met)
        {
            var met = Later(qualified, 10, 35);
            Do(lead, met, "activity.meeting_held", "first meeting");
            Tell(met.AddHours(2), lead, DemoBodies.Moved(lead, met.AddHours(2), "MQL", "SQL"));
        }
    }

    private void Do(DemoLead lead, DateTimeOffset at, string type, string name, JsonObject? custom = null)
    {
        var person = new JsonObject { ["externalId"] = lead.Id };
        if (custom is not null)
        {
            person["custom"] = custom;
        }

        var body = DemoBodies.Of(type, at, person);
        body["data"]!["activity"] = new JsonObject { ["name"] = name };
        Tell(at, lead, body);
    }

    private DateTimeOffset At(int day) => _start.AddDays(day).AddHours(6 + _random.Next(10));

    private DateTimeOffset Later(DateTimeOffset since, int least, int most) =>
        At((int)(since - _start).TotalDays + least + _random.Next(most - least));

    private void Tell(DateTimeOffset at, DemoLead lead, JsonObject body)
    {
        if (at < _start.AddDays(_days))
        {
            _events.Add(new DemoEvent(at, _events.Count, lead, body));
        }
    }
}

/// <summary>What is told when; the number keeps those of one moment in order.</summary>
internal sealed record DemoEvent(DateTimeOffset At, int Number, DemoLead Lead, JsonObject Body)
{
    /// <summary>The stage that the lead comes to; null where it is about something else.</summary>
    public string? Stage => (string?)Body["data"]!["to"];
}
