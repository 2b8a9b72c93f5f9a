using System.Text.Json.Nodes;
using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>Triggers of the calendar, over the real database.</summary>
public sealed class MomentTests(PostgresServer server) : IDisposable
{
    private readonly TrackFolder _folder = new("moment");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Silence_starts_a_track_once_and_again_after_the_lead_was_heard_of()
    {
        await PublishAsync(Step("T", "Nurture.LeadSilent", ("after", Literal("30d"))));
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Crm.StageChange("ann", "MQL", host.Clock.GetUtcNow()));
        await crm.FireAsync(Crm.StageChange("bob", "MQL", host.Clock.GetUtcNow()));
        await host.DrainAsync();
        host.Clock.Advance(TimeSpan.FromDays(20));
        await crm.FireAsync(Visited("bob", host));
        await host.DrainAsync();
        host.Clock.Advance(TimeSpan.FromDays(10));
        await host.DrainAsync();
        var first = await EnteredAsync(host);
        host.Clock.Advance(TimeSpan.FromDays(10));
        await host.DrainAsync();
        await crm.FireAsync(Visited("ann", host));
        await host.DrainAsync();
        host.Clock.Advance(TimeSpan.FromDays(30));
        await host.DrainAsync();
        await host.DrainAsync();

        Assert.Equal("ann 1", first);
        Assert.Equal("ann 2, bob 1", await EnteredAsync(host));
    }

    [Fact]
    public async Task A_date_starts_a_track_so_long_before_it_and_a_date_that_was_moved_does_not()
    {
        await PublishAsync(
            Step("T", "Nurture.DateReached", ("field", Literal("custom.renewal")), ("before", Literal("30d")))
        );
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await host.DrainAsync();
        await crm.FireAsync(Renews("ann", 60, host));
        await crm.FireAsync(Renews("bob", 60, host));
        await crm.FireAsync(Renews("cyd", -100, host));
        await host.DrainAsync();
        host.Clock.Advance(TimeSpan.FromDays(20));
        await crm.FireAsync(Renews("bob", 90, host));
        await host.DrainAsync();
        var early = await EnteredAsync(host);
        host.Clock.Advance(TimeSpan.FromDays(11));
        await host.DrainAsync();
        var due = await EnteredAsync(host);
        host.Clock.Advance(TimeSpan.FromDays(60));
        await host.DrainAsync();

        Assert.Null(early);
        Assert.Equal("ann 1", due);
        Assert.Equal("ann 1, bob 1", await EnteredAsync(host));
    }

    private Task PublishAsync(JsonObject trigger) =>
        _folder.PublishAsync(
            [Step("n", "Elsa.WriteLine", ("text", Literal("n")))],
            "T>n",
            trigger,
            "track",
            ("reEnrolment", "perOccasion")
        );

    private static async Task<string?> EnteredAsync(TestHost host) =>
        await host.ScalarAsync<string?>(
            """
            SELECT string_agg(external_id || ' ' || entered, ', ' ORDER BY external_id)
              FROM (SELECT i.external_id, count(*) AS entered FROM enrollment e JOIN lead_identity i USING (lead_id) GROUP BY 1) AS each
            """
        );

    private static JsonObject Visited(string lead, TestHost host)
    {
        var body = Crm.StageChange(lead, "MQL", host.Clock.GetUtcNow());
        body["type"] = "activity.page_visited";
        return body;
    }

    private static JsonObject Renews(string lead, int days, TestHost host)
    {
        var body = Crm.StageChange(lead, "MQL", host.Clock.GetUtcNow());
        body["type"] = "lead.updated";
        body["data"]!["lead"]!["custom"] = new JsonObject
        {
            ["renewal"] = host
                .Clock.GetUtcNow()
                .AddDays(days)
                .ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        };
        return body;
    }
}
