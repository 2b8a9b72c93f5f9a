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

    private readonly List<DemoEvent> _events = [];

    private DemoScript() { }

    /// <summary>Every lead, by address.</summary>
    public Dictionary<string, DemoLead> Leads { get; } = new(StringComparer.Ordinal);

    /// <summary>What is told, in order.</summary>
    public IReadOnlyList<DemoEvent> Events => _events;

    public static DemoScript Write(int seed, DateTimeOffset start, int days, int leads)
    {
        var (script, random) = (new DemoScript(), new Random(seed));
        var lives = new DemoLives(random, start, days, script.Tell);
        var accounts = Enumerable
            .Range(0, Math.Max(1, leads * 3 / 10))
            .Select(index => DemoPeople.Account(index, random))
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
                : random.Next(accounts.Count);
            var lead = DemoPeople.Lead(i, accounts[place], seats[place]++, random);
            // The scenes need somebody who gets their e-mails.
            lead = i == 0 || isColleague ? lead with { HasMailbox = true } : lead;
            script.Leads[lead.Email] = lead;
            if (i == 0)
            {
                lives.Collide(lead);
            }
            else if (isColleague)
            {
                lives.ComeBeside(lead);
            }
            else
            {
                lives.Live(lead, i);
            }
        }

        script._events.Sort((a, b) => (a.At, a.Number).CompareTo((b.At, b.Number)));
        return script;
    }

    private void Tell(DateTimeOffset at, DemoLead lead, JsonObject body) =>
        _events.Add(new DemoEvent(at, _events.Count, lead, body));
}

/// <summary>What is told when; the number keeps those of one moment in order.</summary>
internal sealed record DemoEvent(DateTimeOffset At, int Number, DemoLead Lead, JsonObject Body)
{
    /// <summary>The stage that the lead comes to; null where it is about something else.</summary>
    public string? Stage => (string?)Body["data"]!["to"];
}
