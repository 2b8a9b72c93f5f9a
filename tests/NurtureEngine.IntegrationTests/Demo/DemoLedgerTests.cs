using NurtureEngine.Host.Demo.Figures;
using NurtureEngine.Host.Demo.World;
using NurtureEngine.Postgres.Reports;

namespace NurtureEngine.IntegrationTests.Demo;

/// <summary>How a demo finds out that the engine's tables say something else than what was played.</summary>
public sealed class DemoLedgerTests
{
    [Fact]
    public void Each_figure_that_differs_is_named_on_either_side()
    {
        var ledger = new DemoLedger();
        ledger.Add("emails");
        ledger.Add("emails");
        ledger.Add("feedback.opened");
        ledger.Add("feedback.clicked", 0);

        Assert.Equal(
            [
                "emails: the demo did 2, the engine's tables say 3",
                "feedback.bounced: the demo did 0, the engine's tables say 1",
                "feedback.opened: the demo did 1, the engine's tables say 0",
            ],
            ledger.Differences(new Dictionary<string, long> { ["emails"] = 3, ["feedback.bounced"] = 1 })
        );
        Assert.Empty(ledger.Differences(new Dictionary<string, long> { ["emails"] = 2, ["feedback.opened"] = 1 }));
    }

    [Fact]
    public void Tables_that_do_not_add_up_are_named()
    {
        Tally[] sent =
        [
            new()
            {
                Row = "welcome",
                Column = "User",
                Count = 2,
            },
        ];
        var figures = new Dictionary<string, long> { ["emails"] = 3 };

        Assert.Equal(
            "The e-mails by track and role add up to 2, and emails is 3.",
            Assert.Throws<InvalidDataException>(() => DemoSums.Check(figures, [.. sent], [], [], [])).Message
        );
        figures["emails"] = 2;
        DemoSums.Check(figures, [.. sent], [], [], []);
    }

    [Fact]
    public void Of_leads_as_many_become_qualified_and_sign_as_the_demo_says()
    {
        var start = new DateTimeOffset(2026, 3, 2, 6, 0, 0, TimeSpan.Zero);
        var script = DemoScript.Write(1, start, 180, 4_000);
        var came = script.Events.Where(told => told.Stage == "RL").Select(told => told.Lead.Id).ToHashSet();
        var qualified = script.Events.Count(told => told.Stage == "MQL");

        Assert.InRange(qualified / (double)came.Count, 0.13, 0.17);
    }

    [Fact]
    public void Readers_behave_at_the_rates_that_the_demo_says()
    {
        var random = new Random(7);
        var account = DemoPeople.Account(0, random) with { IsScanned = false };
        var deeds = Enumerable
            .Range(0, 20_000)
            .Select(i => DemoPeople.Lead(i, account, 0, random) with { HasMailbox = true })
            .SelectMany(lead => DemoReader.Read(1, lead, "Hello"))
            .ToLookup(read => read.Deed);

        Assert.InRange(deeds[DemoDeed.Open].Count() / 20_000.0, 0.24, 0.29);
        Assert.InRange(deeds[DemoDeed.Click].Count() / 20_000.0, 0.033, 0.043);
        Assert.InRange(deeds[DemoDeed.Unsubscribe].Count() / 20_000.0, 0.002, 0.004);
        Assert.InRange(deeds[DemoDeed.Complain].Count() / 20_000.0, 0.0005, 0.002);
        Assert.InRange(deeds[DemoDeed.AutoReply].Count() / 20_000.0, 0.017, 0.023);
    }
}
