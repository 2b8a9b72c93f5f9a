using System.Net;
using System.Text.Json.Nodes;
using NurtureEngine.Host.Facts;
using NurtureEngine.Host.Tracks;
using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>Leads, accounts and tracks that are paused and go on.</summary>
public sealed class PauseTests(PostgresServer server) : IDisposable
{
    private readonly TrackFolder _folder = new("pause");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("leads/1")]
    [InlineData("accounts/1")]
    [InlineData("tracks/track")]
    public async Task Nothing_happens_in_a_pause_and_the_rest_afterwards(string who)
    {
        await using var host = await StartAsync();
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Crm.StageChange("ann", "MQL", host.Clock.GetUtcNow(), tier: "T3"));
        await host.DrainAsync();
        var paused = await host.Http.PostAsync($"/api/{who}/pause", null);
        var again = await host.Http.PostAsync($"/api/{who}/pause", null);
        host.Clock.Advance(TimeSpan.FromDays(3));
        await RefreshedAsync(host);
        var before = await host.ScalarAsync<long>("SELECT count(*) FROM development_inbox");
        await host.Http.PostAsync($"/api/{who}/resume", null);
        host.Clock.Advance(TimeSpan.FromDays(1));
        await RefreshedAsync(host);

        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.NotFound], [paused.StatusCode, again.StatusCode]);
        Assert.Equal(0, before);
        Assert.Equal(1, await host.ScalarAsync<long>("SELECT count(*) FROM development_inbox"));
        Assert.Equal("1 ", await StateAsync(host));
    }

    [Fact]
    public async Task A_touch_that_was_planned_before_a_pause_waits_until_it_is_over()
    {
        await using var host = await StartAsync("T>hello hello>w");
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Crm.StageChange("ann", "MQL", host.Clock.GetUtcNow()));
        await host.TurnAsync<FactsWorker>();
        await host.TurnAsync<AdvanceWorker>();
        await host.Http.PostAsync("/api/leads/1/pause", null);
        await host.DrainAsync();
        var held = await host.ScalarAsync<string>("SELECT state || ' ' || code FROM touch");
        await host.Http.PostAsync("/api/leads/1/resume", null);
        await host.DrainAsync();

        Assert.Equal("deferred enrollment.paused", held);
        Assert.Equal("accepted", await host.ScalarAsync<string>("SELECT state FROM touch"));
        Assert.Equal("0 ", await StateAsync(host));
    }

    [Fact]
    public async Task Who_enters_in_a_pause_is_held_and_exits_apply_all_the_same()
    {
        await using var host = await StartAsync();
        var crm = await Crm.ForAsync(host.Http, host.Database);
        var known = Crm.StageChange("ann", "RL", host.Clock.GetUtcNow(), tier: "T3");
        await crm.FireAsync(known);
        await host.DrainAsync();
        await host.Http.PostAsync("/api/accounts/1/pause", null);
        await host.Http.PostAsync("/api/leads/1/pause", null);
        await crm.FireAsync(Crm.StageChange("ann", "MQL", host.Clock.GetUtcNow()));
        await host.DrainAsync();
        var entered = await StateAsync(host);
        await host.Http.PostAsync("/api/accounts/1/resume", null);
        var stillHeld = await StateAsync(host);
        await crm.FireAsync(Crm.StageChange("ann", "SQL", host.Clock.GetUtcNow()));
        await host.DrainAsync();

        Assert.Equal("4 account,lead", string.Join(' ', entered.Split(' ')[0], Sorted(entered.Split(' ')[1])));
        Assert.Equal("4 lead", stillHeld);
        Assert.Equal("2 ", await StateAsync(host));
    }

    [Fact]
    public async Task What_fell_due_in_a_pause_goes_on_at_its_own_pace()
    {
        await using var host = await StartAsync();
        var crm = await Crm.ForAsync(host.Http, host.Database);
        for (var hour = 0; hour < 4; hour++)
        {
            await crm.FireAsync(Crm.StageChange($"lead-{hour}", "MQL", host.Clock.GetUtcNow()));
            await host.DrainAsync();
            host.Clock.Advance(TimeSpan.FromHours(1));
        }

        await host.Http.PostAsync("/api/tracks/track/pause", null);
        host.Clock.Advance(TimeSpan.FromDays(30));
        await RefreshedAsync(host);
        await host.Http.PostAsync("/api/tracks/track/resume", null);
        var spread = await host.ScalarAsync<double>(
            "SELECT extract(epoch FROM max(due_at) - min(due_at)) FROM enrollment WHERE state = 0"
        );
        var first = await host.ScalarAsync<DateTime>("SELECT min(due_at) FROM enrollment");

        // A pause of 30 days is pressed into one, and three hours into a thirtieth.
        Assert.Equal(3 * 3_600 / 30.0, spread, 1.0);
        Assert.True(first >= host.Clock.GetUtcNow().UtcDateTime);
    }

    [Fact]
    public async Task A_reply_in_a_pause_is_heard_when_it_is_over()
    {
        await _folder.PublishAsync(
            [Step("r", "Nurture.WaitForReply", ("timeout", Literal("30d"))), Step("g", "Nurture.Goal")],
            "T>r r.Replied>g"
        );
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Crm.StageChange("ann", "MQL", host.Clock.GetUtcNow()));
        await host.DrainAsync();
        await host.Http.PostAsync("/api/leads/1/pause", null);
        var replied = Crm.StageChange("ann", "MQL", host.Clock.GetUtcNow());
        replied["type"] = "activity.replied";
        await crm.FireAsync(replied);
        await host.DrainAsync();
        var held = await StateAsync(host);
        await host.Http.PostAsync("/api/leads/1/resume", null);
        await host.DrainAsync();

        Assert.Equal("4 lead", held);
        Assert.Equal("goal.reached", await host.ScalarAsync<string>("SELECT code FROM enrollment"));
    }

    [Fact]
    public async Task A_parked_enrollment_is_paused_too_and_goes_on_when_both_are_over()
    {
        await using var host = await StartAsync("T>hello hello>w");
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Crm.StageChange("ann", "MQL", host.Clock.GetUtcNow()));
        await host.TurnAsync<FactsWorker>();
        await host.TurnAsync<AdvanceWorker>();
        await host.ExecuteAsync("UPDATE enrollment SET state = 3, due_at = NULL, code = 'test'");
        await host.Http.PostAsync("/api/leads/1/pause", null);
        await host.Http.PostAsync("/api/tracks/track/pause", null);
        await host.Http.PostAsync("/api/tracks/track/resume", null);
        await host.DrainAsync();
        var held = await host.ScalarAsync<string>("SELECT state FROM touch");
        await host.Http.PostAsync("/api/enrollments/1/retry", null);
        await host.DrainAsync();
        var retried = await StateAsync(host);
        await host.Http.PostAsync("/api/leads/1/resume", null);
        await RefreshedAsync(host);

        Assert.Equal("deferred", held);
        Assert.Equal("4 lead", retried);
        Assert.Equal("accepted", await host.ScalarAsync<string>("SELECT state FROM touch"));
        Assert.Equal("0 ", await StateAsync(host));
    }

    [Fact]
    public async Task What_was_planned_by_a_turn_under_way_does_not_burst_either()
    {
        await using var host = await StartAsync("T>hello hello>w");
        var crm = await Crm.ForAsync(host.Http, host.Database);
        for (var hour = 0; hour < 3; hour++)
        {
            await crm.FireAsync(Crm.StageChange($"lead-{hour}", "MQL", host.Clock.GetUtcNow()));
        }

        await host.TurnAsync<FactsWorker>();
        await host.RefreshTracksAsync();
        await host.Http.PostAsync("/api/tracks/track/pause", null);
        await host.TurnAsync<AdvanceWorker>();
        await host.DrainAsync();
        var held = await host.ScalarAsync<long>("SELECT count(*) FROM touch WHERE code = 'enrollment.paused'");
        await host.Http.PostAsync("/api/tracks/track/resume", null);

        Assert.Equal(3, held);
        Assert.Equal(3, await host.ScalarAsync<long>("SELECT count(*) FROM touch WHERE state = 'planned'"));
    }

    [Fact]
    public async Task A_lead_that_is_resumed_in_a_paused_track_waits_for_the_track()
    {
        await using var host = await StartAsync("T>hello hello>w");
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Crm.StageChange("ann", "MQL", host.Clock.GetUtcNow()));
        await host.TurnAsync<FactsWorker>();
        await host.TurnAsync<AdvanceWorker>();
        await host.Http.PostAsync("/api/leads/1/pause", null);
        await host.Http.PostAsync("/api/tracks/track/pause", null);
        await host.Http.PostAsync("/api/leads/1/resume", null);
        await host.DrainAsync();
        var held = await host.ScalarAsync<string>("SELECT retry_at::text FROM touch");
        await host.Http.PostAsync("/api/tracks/track/resume", null);
        await RefreshedAsync(host);

        Assert.Equal("infinity", held);
        Assert.Equal("accepted", await host.ScalarAsync<string>("SELECT state FROM touch"));
    }

    [Fact]
    public async Task A_lead_that_changes_its_account_leaves_the_pause_of_the_one_and_takes_that_of_the_other()
    {
        await using var host = await StartAsync();
        var crm = await Crm.ForAsync(host.Http, host.Database);
        foreach (var lead in new[] { "ann", "bob" })
        {
            await crm.FireAsync(Crm.StageChange(lead, "MQL", host.Clock.GetUtcNow(), tier: "T3"));
            await host.TurnAsync<FactsWorker>();
        }

        await host.DrainAsync();
        await host.Http.PostAsync("/api/accounts/1/pause", null);
        foreach (var (lead, company) in new[] { ("ann", "elsewhere"), ("bob", "company-of-ann") })
        {
            var moved = Crm.StageChange(lead, "MQL", host.Clock.GetUtcNow(), tier: "T3");
            moved["type"] = "lead.updated";
            moved["data"]!["lead"]!["company"]!["externalId"] = company;
            await crm.FireAsync(moved);
            await host.DrainAsync();
        }

        Assert.Equal(
            "0 , 4 account",
            await host.ScalarAsync<string>(
                "SELECT string_agg(state || ' ' || COALESCE(array_to_string(held_by, ','), ''), ', ' ORDER BY lead_id) FROM enrollment"
            )
        );
    }

    // The catalogue of tracks looks once a second.
    private static async Task RefreshedAsync(TestHost host)
    {
        await host.RefreshTracksAsync();
        await host.DrainAsync();
    }

    private async Task<TestHost> StartAsync(string connections = "T>w w>hello")
    {
        await _folder.PublishAsync(
            [
                Step("w", "Elsa.Delay", ("timeSpan", Literal("1d"))),
                Step("hello", "Nurture.SendEmail", ("templateId", Literal("welcome-hello"))),
            ],
            connections,
            null,
            "track",
            ("exitStages", new JsonArray("SQL"))
        );
        return await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
    }

    private static Task<string> StateAsync(TestHost host) =>
        host.ScalarAsync<string>("SELECT state || ' ' || COALESCE(array_to_string(held_by, ','), '') FROM enrollment");

    private static string Sorted(string reasons) => string.Join(',', reasons.Split(',').Order(StringComparer.Ordinal));
}
