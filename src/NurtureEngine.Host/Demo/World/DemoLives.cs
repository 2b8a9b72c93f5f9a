using System.Globalization;
using System.Text.Json.Nodes;

namespace NurtureEngine.Host.Demo.World;

/// <summary>What leads do over the days of a demo, as far as a CRM hears of it.</summary>
/// <param name="random">What decides.</param>
/// <param name="start">The first day.</param>
/// <param name="days">How many there are; what would be later is not told.</param>
/// <param name="tell">Takes what is told when, of whom.</param>
internal sealed class DemoLives(
    Random random,
    DateTimeOffset start,
    int days,
    Action<DateTimeOffset, DemoLead, JsonObject> tell
)
{
    private readonly DemoBodies _bodies = new(random);

    /// <summary>Most come during the days; one in eight is a customer already, and one in eight has been silent for weeks.</summary>
    public void Live(DemoLead lead, int index)
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

    /// <summary>Three tracks want to write to one lead within three days: the cap holds the third e-mail.</summary>
    public void Collide(DemoLead lead)
    {
        var arrives = start.AddHours(1);
        Tell(arrives, lead, _bodies.Arriving(lead, arrives));
        Tell(arrives.AddDays(1), lead, DemoBodies.Moved(lead, arrives.AddDays(1), "RL", "MQL"));
        Do(lead, arrives.AddDays(2), "activity.competitor_named", "form", _bodies.Rival());
    }

    /// <summary>A colleague comes on the day on which another track has written to the account: one voice holds the welcome.</summary>
    public void ComeBeside(DemoLead lead)
    {
        var arrives = start.AddDays(1).AddHours(5);
        Tell(arrives, lead, _bodies.Arriving(lead, arrives));
    }

    // A customer since long, whose contract ends some time after the demo: ninety days before that is in it.
    private void BeCustomer(DemoLead lead)
    {
        var renewal = start.AddDays(91 + random.Next(Math.Max(1, days - 20)));
        var body = _bodies.Person(lead, start.AddDays(-200), "lead.stage_changed");
        body["data"]!["lead"]!["custom"] = new JsonObject
        {
            ["renewal_date"] = renewal.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
        body["data"]!["to"] = "Retention";
        Tell(start, lead, body);
    }

    // Told of before the demo, as somebody known since long, and silent from then on: the sixty days are over in its first weeks.
    private void Sleep(DemoLead lead)
    {
        var told = At(-DemoScript.Before + random.Next(DemoScript.Before / 2));
        var body = _bodies.Person(lead, told.AddDays(-2), "lead.stage_changed");
        body["data"]!["to"] = "RL";
        Tell(told, lead, body);
    }

    private void Come(DemoLead lead)
    {
        var arrives = At(random.Next(Math.Max(1, days * 2 / 3)));
        Tell(arrives, lead, _bodies.Arriving(lead, arrives));
        for (var visits = random.Next(4); visits > 0; visits--)
        {
            Do(lead, Later(arrives, 1, 40), "activity.page_visited", "/pricing");
        }

        string[] forms = ["churn-report", "product-tour", "tuesday-letter", "comparison"];
        if (random.NextDouble() < 0.1 + lead.Keenness / 5)
        {
            Do(lead, Later(arrives, 3, 50), "activity.form_submitted", forms[random.Next(forms.Length)]);
        }

        if (random.NextDouble() < 0.2)
        {
            var type = random.NextDouble() < 0.6 ? "activity.event_attended" : "activity.event_missed";
            Do(lead, Later(arrives, 10, 60), type, "three-people");
        }

        if (random.NextDouble() < 0.06)
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
        if (random.NextDouble() < DemoRates.Met)
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

    private DateTimeOffset At(int day) => start.AddDays(day).AddHours(6 + random.Next(10));

    private DateTimeOffset Later(DateTimeOffset since, int least, int most) =>
        At((int)(since - start).TotalDays + least + random.Next(most - least));

    private void Tell(DateTimeOffset at, DemoLead lead, JsonObject body)
    {
        if (at < start.AddDays(days))
        {
            tell(at, lead, body);
        }
    }
}
