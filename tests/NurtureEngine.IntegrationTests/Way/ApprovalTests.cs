using System.Net;
using System.Net.Http.Json;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>Tiers that a person decides on: drafts, tasks, a yes, a no, no answer.</summary>
public sealed class ApprovalTests(PostgresServer server) : HostTests(server)
{
    [Fact]
    public async Task A_lead_of_tier_T1_gets_a_draft_and_a_task_and_never_an_email()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow(), tier: "T1"));
        await _host.DrainAsync();

        Assert.Empty(await InboxAsync());
        var task = Assert.Single(await ItemsAsync("/api/tasks?state=open"))!;
        var touch = await GetAsync($"/api/touches/{task["id"]!.GetValue<string>()}");
        Assert.Equal("Welcome, Ann", touch["draft"]!["subject"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_lead_of_tier_T2_waits_for_a_yes_and_gets_what_was_approved()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow(), tier: "T2"));
        await _host.DrainAsync();
        var held = Assert.Single(await ItemsAsync("/api/touches?state=awaiting_approval"))!["id"]!.GetValue<string>();
        var rename = Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow(), tier: "T2");
        rename["data"]!["lead"]!["name"] = "Somebody Else";
        await _crm.FireAsync(rename);
        await _host.DrainAsync();
        var before = (await InboxAsync()).Count;

        var first = await _host.Http.PostAsJsonAsync($"/api/touches/{held}/approve", new { reason = "Reads well" });
        var second = await _host.Http.PostAsync($"/api/touches/{held}/approve", null);
        await _host.DrainAsync();

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict), (first.StatusCode, second.StatusCode));
        Assert.EndsWith(
            ": Reads well",
            await _host.ScalarAsync<string>("SELECT argument FROM touch_event WHERE code = 'approval.given'"),
            StringComparison.Ordinal
        );
        Assert.Equal(0, before);
        Assert.Equal("Welcome, Ann", Assert.Single(await InboxAsync())!["subject"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_returned_touch_never_leaves_and_its_track_goes_on()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow(), tier: "T2"));
        await _host.DrainAsync();
        var held = (await ItemsAsync("/api/touches?state=awaiting_approval"))[0]!["id"]!.GetValue<string>();
        await _host.Http.PostAsync($"/api/touches/{held}/return", null);
        _host.Clock.Advance(TimeSpan.FromDays(3));
        await _host.DrainAsync();
        await _host.DrainAsync();
        _host.Clock.Advance(TimeSpan.FromDays(3));
        await _host.DrainAsync();

        Assert.Empty(await InboxAsync());
        var states = (await ItemsAsync("/api/touches"))
            .Select(touch => touch!["state"]!.GetValue<string>())
            .Order(StringComparer.Ordinal);
        Assert.Equal(["awaiting_approval", "returned"], states);
    }

    [Fact]
    public async Task A_hold_that_nobody_answers_expires_and_its_track_goes_on()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow(), tier: "T2"));
        await _host.DrainAsync();
        _host.Clock.Advance(TimeSpan.FromDays(14));
        await _host.DrainAsync();

        Assert.Equal("expired", await _host.ScalarAsync<string>("SELECT state FROM touch"));
        Assert.NotNull((await ItemsAsync("/api/enrollments"))[0]!["dueAt"]);
    }

    [Fact]
    public async Task A_stage_beyond_the_track_cancels_what_waits_for_approval()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow(), tier: "T2"));
        await _host.DrainAsync();
        await _crm.FireAsync(Crm.StageChange("ann", "SQL", _host.Clock.GetUtcNow().AddSeconds(1), tier: "T2"));
        await _host.DrainAsync();

        Assert.Equal("cancelled", await _host.ScalarAsync<string>("SELECT state FROM touch"));
    }
}
