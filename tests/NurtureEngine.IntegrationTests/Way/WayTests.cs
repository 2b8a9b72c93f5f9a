using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>The way of the data, end to end: a signed event over HTTP, an e-mail in the development inbox.</summary>
public sealed class WayTests(PostgresServer server) : IAsyncLifetime
{
    private TestHost _host = null!;
    private Crm _crm = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await TestHost.StartAsync(await server.CloneAsync());
        _crm = await Crm.ForAsync(_host.Http, _host.Database);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

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
    public async Task Without_consent_nothing_leaves_and_the_reason_is_shown()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow(), consents: false));
        await _host.DrainAsync();

        Assert.Empty(await InboxAsync());
        var touch = (await ItemsAsync("/api/touches"))[0]!;
        Assert.Equal(
            ("skipped", "consent.missing"),
            (touch["state"]!.GetValue<string>(), touch["code"]!.GetValue<string>())
        );
    }

    [Fact]
    public async Task Consent_withdrawn_in_the_middle_of_a_wait_holds_at_the_gate()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow()));
        await _host.DrainAsync();
        _host.Clock.Advance(TimeSpan.FromDays(1));
        var update = Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow());
        update["type"] = "lead.updated";
        update["data"]!["lead"]!["consent"]![0]!["granted"] = false;
        await _crm.FireAsync(update);
        _host.Clock.Advance(TimeSpan.FromDays(3));
        await _host.DrainAsync();

        Assert.Single(await InboxAsync());
        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count(*) FROM touch WHERE code = 'consent.withdrawn'"));
    }

    [Fact]
    public async Task A_suppressed_address_gets_nothing_whichever_lead_bears_it()
    {
        await _host.ExecuteAsync("INSERT INTO suppression VALUES ('email', 'ann@example.com', 'test', now())");
        var body = Crm.StageChange("other", "MQL", _host.Clock.GetUtcNow());
        body["data"]!["lead"]!["email"] = "Ann@Example.com";
        await _crm.FireAsync(body);
        await _host.DrainAsync();

        Assert.Empty(await InboxAsync());
        Assert.Equal("address.suppressed", await _host.ScalarAsync<string>("SELECT code FROM touch"));
    }

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

        var first = await _host.Http.PostAsync($"/api/touches/{held}/approve", null);
        var second = await _host.Http.PostAsync($"/api/touches/{held}/approve", null);
        await _host.DrainAsync();

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict), (first.StatusCode, second.StatusCode));
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
    public async Task A_stage_beyond_the_track_cancels_what_waits_for_approval()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow(), tier: "T2"));
        await _host.DrainAsync();
        await _crm.FireAsync(Crm.StageChange("ann", "SQL", _host.Clock.GetUtcNow().AddSeconds(1), tier: "T2"));
        await _host.DrainAsync();

        Assert.Equal("cancelled", await _host.ScalarAsync<string>("SELECT state FROM touch"));
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
        await _host
            .Services.GetRequiredService<NurtureEngine.Host.Rulebooks.CurrentRulebook>()
            .RefreshAsync(CancellationToken.None);
        var replayed = await _host.Http.PostAsync($"/api/inbox/{dead["id"]!.GetValue<string>()}/replay", null);
        await _host.DrainAsync();

        Assert.Equal("stage.unknown", dead["faultCode"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Accepted, replayed.StatusCode);
        Assert.Equal("Champion", await _host.ScalarAsync<string>("SELECT stage FROM lead_stage"));
    }

    [Fact]
    public async Task A_template_that_finds_no_value_stops_that_touch_and_says_which()
    {
        await _host.ExecuteAsync(
            """UPDATE content_version SET source = jsonb_set(source, '{Languages,en,Subject}', '"{{ lead.title }}"') WHERE key = 'welcome-hello'"""
        );
        await using var other = await TestHost.StartAsync(
            ConnectionString,
            templates: "/nonexistent",
            clock: _host.Clock
        );
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow()));
        await other.DrainAsync();

        Assert.Empty(await InboxAsync());
        Assert.Equal(
            "content.value_missing lead.title",
            await _host.ScalarAsync<string>("SELECT code || ' ' || argument FROM touch")
        );
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
    public async Task A_touch_that_the_gate_fails_on_holds_up_no_other()
    {
        await _host.ExecuteAsync("ALTER TABLE draft ADD CONSTRAINT poison CHECK (subject NOT LIKE '%Poison%')");
        for (var i = 0; i < 5; i++)
        {
            var body = Crm.StageChange($"lead-{i}", "MQL", _host.Clock.GetUtcNow(), tier: "T2");
            body["data"]!["lead"]!["name"] = i == 2 ? "Poison" : "Ann";
            await _crm.FireAsync(body);
        }

        await _host.DrainAsync();
        Assert.Equal(4, (await ItemsAsync("/api/touches?state=awaiting_approval")).Count);
        Assert.Equal("skipped", await _host.ScalarAsync<string>("SELECT state FROM touch WHERE code = 'gate.failed'"));
    }

    [Fact]
    public async Task Leads_leave_by_the_rules_of_the_version_they_are_in()
    {
        var folder = TestFolder.New("tracks");
        var shipped = await File.ReadAllTextAsync(Path.Combine(TestFolder.Repository, "workflows", "welcome.json"));
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

    private string ConnectionString =>
        _host.Services.GetRequiredService<NurtureEngine.Host.Storage.NurtureDatabase>().ConnectionString;

    private async Task<JsonArray> InboxAsync() => await ItemsAsync("/api/dev/inbox?limit=200");

    private async Task<JsonArray> ItemsAsync(string path) => (await GetAsync(path))["items"]!.AsArray();

    private async Task<JsonObject> GetAsync(string path) =>
        JsonSerializer.SerializeToNode(await _host.Http.GetFromJsonAsync<JsonElement>(path))!.AsObject();
}
