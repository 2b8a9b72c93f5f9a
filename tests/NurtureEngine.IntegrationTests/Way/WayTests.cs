using System.Net;
using System.Text.Json.Nodes;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>The way of the data, end to end: a signed event over HTTP, an e-mail in the development inbox, an end to the track.</summary>
public sealed class WayTests(PostgresServer server) : HostTests(server)
{
    [Fact]
    public async Task A_signed_stage_change_becomes_an_email()
    {
        var answer = await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow()));
        await _host.DrainAsync();

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var message = Assert.Single(await InboxAsync());
        Assert.Equal("ann@example.com", message!["recipient"]!.GetValue<string>());
        Assert.Equal("Welcome, Ann", message["subject"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_second_email_leaves_three_days_after_the_first_and_not_before()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow()));
        await _host.DrainAsync();
        _host.Clock.Advance(TimeSpan.FromDays(3) - TimeSpan.FromSeconds(1));
        await _host.DrainAsync();
        var before = (await InboxAsync()).Count;
        _host.Clock.Advance(TimeSpan.FromSeconds(2));
        await _host.DrainAsync();

        Assert.Equal((1, 2), (before, (await InboxAsync()).Count));
        Assert.Equal("completed", (await ItemsAsync("/api/enrollments"))[0]!["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_Chinese_lead_gets_the_Chinese_email()
    {
        await _crm.FireAsync(Crm.StageChange("li", "MQL", _host.Clock.GetUtcNow(), language: "zh-CN"));
        await _host.DrainAsync();

        Assert.Contains(
            "欢迎认识我们",
            (await InboxAsync())[0]!["subject"]!.GetValue<string>(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_stage_beyond_the_track_ends_it_at_once_in_the_middle_of_a_wait()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow()));
        await _host.DrainAsync();
        _host.Clock.Advance(TimeSpan.FromDays(1));
        await _crm.FireAsync(Crm.StageChange("ann", "SQL", _host.Clock.GetUtcNow()));
        await _host.DrainAsync();
        _host.Clock.Advance(TimeSpan.FromDays(30));
        await _host.DrainAsync();

        Assert.Single(await InboxAsync());
        Assert.Equal("exited", (await ItemsAsync("/api/enrollments"))[0]!["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_deleted_lead_leaves_every_track()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow()));
        await _host.DrainAsync();
        var deletion = Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow().AddSeconds(1));
        deletion["type"] = "lead.deleted";
        await _crm.FireAsync(deletion);
        await _host.DrainAsync();
        _host.Clock.Advance(TimeSpan.FromDays(30));
        await _host.DrainAsync();

        Assert.Single(await InboxAsync());
        Assert.Equal("lead.deleted", (await ItemsAsync("/api/enrollments"))[0]!["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task Leads_leave_by_the_rules_of_the_version_they_are_in()
    {
        var folder = TestFolder.New("tracks");
        var shipped = await File.ReadAllTextAsync(Path.Combine(TestFolder.Fixtures, "workflows", "welcome.json"));
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow()));
        await _host.DrainAsync();
        var looser = JsonNode.Parse(shipped)!;
        looser["customProperties"]!["nurture"]!["exitStages"] = new JsonArray("Rev");
        await File.WriteAllTextAsync(Path.Combine(folder, "welcome.json"), looser.ToJsonString());
        await using var next = await TestHost.StartAsync(ConnectionString, workflows: folder, clock: _host.Clock);
        await _crm.FireAsync(Crm.StageChange("ann", "SQL", _host.Clock.GetUtcNow().AddSeconds(1)));
        await next.DrainAsync();
        TestFolder.Delete(folder);

        Assert.Equal("exited", (await ItemsAsync("/api/enrollments"))[0]!["state"]!.GetValue<string>());
    }
}
