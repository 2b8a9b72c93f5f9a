using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>What events make of leads: repeated, late, damaged, in crowds.</summary>
public sealed class FactsTests(PostgresServer server) : HostTests(server)
{
    [Fact]
    public async Task A_repeated_event_changes_nothing()
    {
        var body = Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow());
        await _crm.FireAsync(body, "same");
        await _host.DrainAsync();
        var answer = await _crm.FireAsync(body, "same");
        await _host.DrainAsync();

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Single(await InboxAsync());
        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count(*) FROM timeline WHERE inbox_id IS NOT NULL"));
    }

    [Fact]
    public async Task The_same_stage_told_by_a_second_event_enrolls_once()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow()));
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow()));
        await _host.DrainAsync();

        Assert.Single(await InboxAsync());
    }

    [Fact]
    public async Task A_late_event_stays_on_the_timeline_and_does_not_move_the_stage_back()
    {
        var now = _host.Clock.GetUtcNow();
        await _crm.FireAsync(Crm.StageChange("ann", "SQL", now));
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", now.AddHours(-1)));
        await _host.DrainAsync();

        Assert.Equal("SQL", await _host.ScalarAsync<string>("SELECT stage FROM lead_stage"));
        Assert.Equal(2, await _host.ScalarAsync<long>("SELECT count(*) FROM timeline WHERE inbox_id IS NOT NULL"));
        Assert.Empty(await InboxAsync());
    }

    [Fact]
    public async Task An_event_older_than_a_day_updates_and_never_triggers()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow().AddHours(-25)));
        await _host.DrainAsync();

        Assert.Equal("MQL", await _host.ScalarAsync<string>("SELECT stage FROM lead_stage"));
        Assert.Equal(0, await _host.ScalarAsync<long>("SELECT count(*) FROM enrollment"));
    }

    [Fact]
    public async Task Events_that_wait_are_listed_newest_first_whatever_their_lane_and_applied_ones_are_not()
    {
        await _crm.FireAsync(Crm.StageChange("first", "MQL", _host.Clock.GetUtcNow()));
        await _host.DrainAsync();
        for (var i = 0; i < 5; i++)
        {
            await _crm.FireAsync(Crm.StageChange($"lead-{i}", "MQL", _host.Clock.GetUtcNow()), $"event-{i}");
        }

        var page = await GetAsync("/api/inbox?state=pending&limit=3");
        var rest = await GetAsync($"/api/inbox?state=pending&limit=3&after={page["next"]!.GetValue<string>()}");

        Assert.Equal(
            ["event-4", "event-3", "event-2", "event-1", "event-0"],
            page["items"]!.AsArray().Concat(rest["items"]!.AsArray()).Select(row => row!["eventId"]!.GetValue<string>())
        );
    }

    [Fact]
    public async Task An_unknown_stage_is_a_dead_letter_that_can_be_replayed_once_it_is_known()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "Champion", _host.Clock.GetUtcNow()));
        await _host.DrainAsync();
        var dead = Assert.Single(await ItemsAsync("/api/inbox?state=dead"))!;
        await _host.ExecuteAsync(
            """
            INSERT INTO rulebook (content, changed_by, changed_at)
            SELECT jsonb_set(content, '{lifeCycles,0,stages,5}', '{"name": "Champion"}'), 'test', now() FROM rulebook
            """
        );
        await _host.Services.GetRequiredService<CurrentRulebook>().RefreshAsync(CancellationToken.None);
        var replayed = await _host.Http.PostAsync($"/api/inbox/{dead["id"]!.GetValue<string>()}/replay", null);
        await _host.DrainAsync();

        Assert.Equal("stage.unknown", dead["faultCode"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Accepted, replayed.StatusCode);
        Assert.Equal("Champion", await _host.ScalarAsync<string>("SELECT stage FROM lead_stage"));
    }

    [Theory]
    [InlineData("ACME ", "ACME")]
    [InlineData("ACME", " ACME")]
    public async Task A_blank_beside_the_companys_id_does_not_lose_its_tier(string first, string second)
    {
        var now = _host.Clock.GetUtcNow();
        foreach (var (lead, company) in new[] { ("ann", first), ("bob", second) })
        {
            var body = Crm.StageChange(lead, "MQL", now, tier: "T1");
            body["data"]!["lead"]!["company"]!["externalId"] = company;
            await _crm.FireAsync(body);
        }

        await _host.DrainAsync();
        Assert.Empty(await InboxAsync());
        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count(*) FROM account"));
    }

    [Fact]
    public async Task A_grant_from_the_future_does_not_outlast_a_withdrawal()
    {
        var grant = Crm.StageChange("ann", "RL", _host.Clock.GetUtcNow().AddMinutes(-1));
        grant["data"]!["lead"]!["consent"]![0]!["at"] = "2199-01-01T00:00:00Z";
        await _crm.FireAsync(grant);
        var withdrawal = Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow());
        withdrawal["data"]!["lead"]!["consent"]![0]!["granted"] = false;
        withdrawal["data"]!["lead"]!["consent"]![0]!["purpose"] = "";
        await _crm.FireAsync(withdrawal);
        await _host.DrainAsync();

        Assert.Empty(await InboxAsync());
        Assert.Equal("consent.withdrawn", await _host.ScalarAsync<string>("SELECT code FROM touch"));
    }

    [Fact]
    public async Task A_host_behind_a_newer_program_leaves_events_to_it()
    {
        await _host.ExecuteAsync(
            """
            UPDATE track_version SET is_current = false;
            INSERT INTO track_version (track_id, number, hash, definition, is_current, program, published_at)
            SELECT id, 2, 'newer', '{"definitionId": "welcome", "of": "the future"}', true, 9999, now() FROM track
            """
        );
        await using var older = await TestHost.StartAsync(
            ConnectionString,
            workflows: "/nonexistent",
            clock: _host.Clock
        );
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow()));
        await older.DrainAsync();

        Assert.Equal("pending", await _host.ScalarAsync<string>("SELECT state FROM inbox"));
    }

    [Fact]
    public async Task Many_leads_of_one_account_and_repeats_are_applied_set_wise_and_once()
    {
        var now = _host.Clock.GetUtcNow();
        for (var i = 0; i < 60; i++)
        {
            var body = Crm.StageChange($"lead-{i % 30}", i < 30 ? "RL" : "MQL", now.AddSeconds(i), tier: "T3");
            body["data"]!["lead"]!["company"]!["externalId"] = "one";
            await _crm.FireAsync(body, $"event-{i}");
        }

        await Task.WhenAll(_host.DrainAsync(), _host.DrainAsync(), _host.DrainAsync());

        Assert.Equal(30, (await InboxAsync()).Count);
        Assert.Equal(
            (30L, 1L, 60L),
            (
                await _host.ScalarAsync<long>("SELECT count(*) FROM lead"),
                await _host.ScalarAsync<long>("SELECT count(*) FROM account"),
                await _host.ScalarAsync<long>("SELECT count(*) FROM timeline WHERE inbox_id IS NOT NULL")
            )
        );
    }
}
