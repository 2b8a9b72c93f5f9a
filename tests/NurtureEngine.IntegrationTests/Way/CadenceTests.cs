using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>When touches leave: the rulebook's rules and the track's, at the gate.</summary>
public sealed class CadenceTests(PostgresServer server) : IDisposable
{
    private readonly TrackFolder _folder = new("cadence");

    // A Monday.
    private readonly TestClock _clock = new(DateTimeOffset.Parse("2026-06-01T12:00Z", null));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_due_at_night_leaves_in_the_morning_and_says_why()
    {
        await using var host = await StartAsync("T>hello", [Mail("hello")]);
        await host.SetCadenceAsync("""{"quietHours": {"from": "11:00", "until": "14:00"}}""");
        await EnterAsync(host, "ann");
        var held = await host.ScalarAsync<string>(
            "SELECT state || ' ' || code || ' ' || to_char(due_at AT TIME ZONE 'UTC', 'HH24:MI') FROM touch"
        );
        _clock.Advance(TimeSpan.FromHours(2));
        await host.DrainAsync();

        Assert.Equal("planned cadence.quiet_hours 14:00", held);
        Assert.Equal("accepted", await host.ScalarAsync<string>("SELECT state FROM touch"));
        Assert.Equal(
            "cadence.quiet_hours gate.passed",
            await host.ScalarAsync<string>(
                "SELECT string_agg(code, ' ' ORDER BY id) FROM ledger WHERE touch_id IS NOT NULL AND code NOT LIKE 'step%' AND code NOT LIKE 'touch%'"
            )
        );
    }

    [Fact]
    public async Task A_country_lives_by_its_own_clock_and_holidays()
    {
        await using var host = await StartAsync("T>hello", [Mail("hello")]);
        await host.ChangeRulebookAsync(rulebook =>
        {
            rulebook["cadence"] = JsonNode.Parse("""{"workingDays": ["Mon", "Tue", "Wed", "Thu", "Fri"]}""");
            rulebook["calendars"] = JsonNode.Parse("""{"CN": {"holidays": ["2026-06-01"], "makeUpDays": []}}""");
        });
        var body = Crm.StageChange("ann", "MQL", _clock.GetUtcNow());
        body["data"]!["lead"]!["country"] = "CN";
        await (await Crm.ForAsync(host.Http, host.Database)).FireAsync(body);
        await host.DrainAsync();

        Assert.Equal(
            "cadence.day_off 06-01 16:00",
            await host.ScalarAsync<string>(
                "SELECT code || ' ' || to_char(due_at AT TIME ZONE 'UTC', 'MM-DD HH24:MI') FROM touch"
            )
        );
    }

    [Fact]
    public async Task Caps_count_across_tracks_and_the_higher_priority_goes_first()
    {
        await _folder.PublishAsync([Mail("welcome-value")], "T>welcome-value", null, "low", ("priority", 10));
        await using var host = await StartAsync("T>hello", [Mail("hello")], ("priority", 90));
        await host.SetCadenceAsync("""{"caps": [{"of": "lead", "most": 1, "within": "2d"}]}""");
        await EnterAsync(host, "ann");
        var first = await SentAsync(host);
        _clock.Advance(TimeSpan.FromDays(2));
        await host.DrainAsync();

        Assert.Equal("welcome-hello", first);
        Assert.Equal("welcome-hello welcome-value", await SentAsync(host));
        Assert.Equal(
            "lead 1 within 2d",
            await host.ScalarAsync<string>("SELECT argument FROM ledger WHERE code = 'cadence.cap'")
        );
    }

    [Fact]
    public async Task Leads_that_share_an_address_share_its_caps()
    {
        await using var host = await StartAsync("T>hello", [Mail("hello")]);
        await host.SetCadenceAsync("""{"caps": [{"of": "lead", "most": 1, "per": "day"}]}""");
        var crm = await Crm.ForAsync(host.Http, host.Database);
        foreach (var lead in new[] { "ann", "annie" })
        {
            var body = Crm.StageChange(lead, "MQL", _clock.GetUtcNow());
            body["data"]!["lead"]!["email"] = lead == "ann" ? "ann@example.com" : "Ann@Example.com ".Trim();
            await crm.FireAsync(body);
        }

        await host.DrainAsync();

        Assert.Equal(
            "accepted,planned",
            await host.ScalarAsync<string>("SELECT string_agg(state, ',' ORDER BY state) FROM touch")
        );
    }

    [Fact]
    public async Task An_account_has_its_own_cap_and_hears_one_track_a_day()
    {
        await _folder.PublishAsync(
            [Mail("welcome-value")],
            "T>welcome-value",
            Step("T", "Nurture.LeadStageChanged", ("stage", Literal("SQL"))),
            "other"
        );
        await using var host = await StartAsync("T>hello", [Mail("hello")]);
        await host.SetCadenceAsync(
            """{"oneVoicePerAccount": true, "caps": [{"of": "account", "most": 2, "per": "day"}]}"""
        );
        var crm = await Crm.ForAsync(host.Http, host.Database);
        foreach (var (lead, stage) in new[] { ("ann", "MQL"), ("bob", "SQL"), ("cid", "MQL"), ("dan", "MQL") })
        {
            var body = Crm.StageChange(lead, stage, _clock.GetUtcNow(), tier: "T3");
            body["data"]!["lead"]!["company"]!["externalId"] = "acme";
            await crm.FireAsync(body);
            await host.DrainAsync();
        }

        Assert.Equal(
            "accepted gate, planned cadence.one_voice, accepted gate, planned cadence.cap",
            await host.ScalarAsync<string>(
                "SELECT string_agg(state || ' ' || CASE state WHEN 'planned' THEN code ELSE 'gate' END, ', ' ORDER BY lead_id) FROM touch"
            )
        );
    }

    [Fact]
    public async Task What_a_pause_held_leaves_at_its_next_slot_and_not_at_once()
    {
        await using var host = await StartAsync(
            "T>hello",
            [Mail("hello")],
            ("cadence", JsonNode.Parse("""{"time": "13:00", "window": "1h"}""")!)
        );
        await EnterAsync(host, "ann");
        await host.Http.PostAsync("/api/leads/1/pause", null);
        _clock.Advance(TimeSpan.FromHours(5));
        await host.Http.PostAsync("/api/leads/1/resume", null);
        for (var hour = 0; hour < 24; hour++)
        {
            _clock.Advance(TimeSpan.FromHours(1));
            await host.DrainAsync();
        }

        Assert.Equal(
            "06-02 13:00",
            await host.ScalarAsync<string>(
                "SELECT to_char(settled_at AT TIME ZONE 'UTC', 'MM-DD HH24:MI') FROM touch WHERE state = 'accepted'"
            )
        );
    }

    [Fact]
    public async Task A_track_may_rather_leave_a_touch_out()
    {
        await using var host = await StartAsync("T>hello", [Mail("hello")], ("whenHeld", "skip"));
        await host.SetCadenceAsync("""{"quietHours": {"from": "11:00", "until": "14:00"}}""");
        await EnterAsync(host, "ann");

        Assert.Equal(
            "skipped cadence.quiet_hours",
            await host.ScalarAsync<string>("SELECT state || ' ' || code FROM touch")
        );
        Assert.Equal(1, await host.ScalarAsync<int>("SELECT state::int FROM enrollment"));
    }

    [Theory]
    [InlineData("skip", 1, "content.received welcome-hello")]
    [InlineData("send", 2, null)]
    public async Task The_same_content_is_not_sent_twice_unless_the_track_says_so(
        string choice,
        int sent,
        string? reason
    )
    {
        await using var host = await StartAsync(
            "T>hello hello>more",
            [Mail("hello"), Mail("hello", "more")],
            ("whenRepeated", choice)
        );
        await EnterAsync(host, "ann");

        Assert.Equal(sent, await host.ScalarAsync<long>("SELECT count(*) FROM development_inbox"));
        Assert.Equal(
            reason,
            await host.ScalarAsync<string?>("SELECT code || ' ' || argument FROM touch WHERE state = 'skipped'")
        );
    }

    [Fact]
    public async Task A_lead_whose_address_changes_does_not_start_from_zero()
    {
        await using var host = await StartAsync("T>hello hello>more", [Mail("hello"), Mail("welcome-value", "more")]);
        await host.SetCadenceAsync("""{"caps": [{"of": "lead", "most": 1, "within": "7d"}]}""");
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Crm.StageChange("ann", "MQL", _clock.GetUtcNow()));
        await host.TurnAsync<Host.Facts.FactsWorker>();
        await host.TurnAsync<Host.Tracks.AdvanceWorker>();
        await host.TurnAsync<Host.Touches.DispatchTurn>();
        var changed = Crm.StageChange("ann", "MQL", _clock.GetUtcNow().AddSeconds(1));
        changed["type"] = "lead.updated";
        changed["data"]!["lead"]!["email"] = "new@example.com";
        await crm.FireAsync(changed);
        await host.DrainAsync();

        Assert.Equal("welcome-hello", await SentAsync(host));
        Assert.Equal("cadence.cap", await host.ScalarAsync<string>("SELECT code FROM touch WHERE state = 'planned'"));
    }

    [Fact]
    public async Task The_more_important_touch_uses_up_the_cap_however_many_are_due()
    {
        await _folder.PublishAsync([Mail("welcome-value")], "T>welcome-value", null, "low", ("priority", 10));
        await using var host = await StartAsync("T>hello", [Mail("hello")], ("priority", 90));
        await host.SetCadenceAsync("""{"caps": [{"of": "lead", "most": 1, "within": "2d"}]}""");
        var crm = await Crm.ForAsync(host.Http, host.Database);
        for (var i = 0; i < 150; i++)
        {
            await crm.FireAsync(Crm.StageChange($"lead-{i}", "MQL", _clock.GetUtcNow()));
        }

        await host.DrainAsync();

        Assert.Equal(
            "welcome-hello 150",
            await host.ScalarAsync<string>(
                "SELECT string_agg(key || ' ' || count, ', ') FROM (SELECT c.key, count(*) FROM touch t JOIN content_version c ON c.id = t.content_version_id WHERE t.state = 'accepted' GROUP BY 1) AS sent"
            )
        );
    }

    [Fact]
    public async Task A_faulty_rulebook_is_refused_with_every_fault_and_a_late_one_too()
    {
        await using var host = await StartAsync("T>hello", [Mail("hello")]);
        var faulty = await host.ChangeRulebookAsync(rulebook =>
        {
            rulebook["cadence"] = JsonNode.Parse(
                """{"quietHours": {"from": "25:00", "until": "08:00"}, "minGap": "90d", "caps": [{"of": "team", "most": 0}], "more": 1}"""
            );
            rulebook["calendars"] = JsonNode.Parse("""{"China": {"holidays": ["tomorrow"]}}""");
            rulebook["zones"] = JsonNode.Parse("""{"CN": "Beijing"}""");
        });
        var faults = JsonNode.Parse(await faulty.Content.ReadAsStringAsync())!["errors"]!.AsArray();
        using var late = new HttpRequestMessage(HttpMethod.Put, "/api/rulebook")
        {
            Content = JsonContent.Create(new { }),
        };
        late.Headers.IfMatch.ParseAdd("\"77\"");

        Assert.Equal(HttpStatusCode.BadRequest, faulty.StatusCode);
        Assert.Equal(
            [
                "#/cadence/caps/0/most",
                "#/cadence/caps/0/of",
                "#/cadence/caps/0/within",
                "#/cadence/minGap",
                "#/cadence/more",
                "#/cadence/quietHours/from",
                "#/calendars",
                "#/calendars/China/holidays",
                "#/zones/CN",
            ],
            faults.Select(fault => fault!["pointer"]!.GetValue<string>()).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.Equal(1, await host.ScalarAsync<long>("SELECT count(*) FROM rulebook"));
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Http.SendAsync(late)).StatusCode);
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_takes_away_what_it_nulls()
    {
        await using var host = await StartAsync("T>hello", [Mail("hello")]);
        await host.SetCadenceAsync("""{"quietHours": {"from": "11:00", "until": "14:00"}, "minGap": "20h"}""");
        var patched = await PatchAsync(host, "*", """{"cadence": {"quietHours": null}, "defaultLanguage": "de"}""");
        var rulebook = JsonNode.Parse(await patched.Content.ReadAsStringAsync())!["content"]!;

        Assert.Equal((HttpStatusCode.OK, "\"3\""), (patched.StatusCode, patched.Headers.ETag?.Tag));
        Assert.Equal("""{"minGap":"20h"}""", rulebook["cadence"]!.ToJsonString());
        Assert.Equal("de", (string?)rulebook["defaultLanguage"]);
        Assert.NotEmpty(rulebook["lifeCycles"]!.AsArray());
    }

    [Theory]
    [InlineData("\"1\"", """{"cadence": {"minGap": "90d"}}""", HttpStatusCode.BadRequest, "#/cadence/minGap")]
    [InlineData("\"1\"", "[]", HttpStatusCode.BadRequest, "no JSON object")]
    [InlineData("\"1\"", """{"cadence": """, HttpStatusCode.BadRequest, "no JSON")]
    [InlineData("\"1\"", """{"cadence": {}, "cadence": null}""", HttpStatusCode.BadRequest, "no JSON")]
    [InlineData("\"7\"", "{}", HttpStatusCode.PreconditionFailed, "Version 7")]
    [InlineData(null, "{}", HttpStatusCode.PreconditionRequired, "If-Match")]
    public async Task A_faulty_patch_is_refused_and_changes_nothing(
        string? version,
        string patch,
        HttpStatusCode status,
        string words
    )
    {
        await using var host = await StartAsync("T>hello", [Mail("hello")]);
        var answer = await PatchAsync(host, version, patch);

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(words, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await host.ScalarAsync<long>("SELECT count(*) FROM rulebook"));
    }

    [Fact]
    public async Task Patches_of_whichever_version_is_in_force_all_hold()
    {
        await using var host = await StartAsync("T>hello", [Mail("hello")]);
        string[] countries = ["DE", "FR", "GB", "IT", "ES", "PL", "SE", "NO"];
        var answers = await Task.WhenAll(
            countries.Select(country => PatchAsync(host, "*", $$$"""{"zones": {"{{{country}}}": "UTC"}}"""))
        );
        var rulebook = JsonNode.Parse(await host.Http.GetStringAsync("/api/rulebook"))!["content"]!;

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(countries.Length, rulebook["zones"]!.AsObject().Count);
    }

    [Fact]
    public async Task A_patch_of_a_version_that_is_no_longer_in_force_is_refused()
    {
        await using var host = await StartAsync("T>hello", [Mail("hello")]);
        await host.SetCadenceAsync("""{"minGap": "1h"}""");
        var answer = await PatchAsync(host, "\"1\"", """{"cadence": {"minGap": "2h"}}""");

        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode);
    }

    private static async Task<HttpResponseMessage> PatchAsync(TestHost host, string? version, string patch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/api/rulebook")
        {
            Content = new StringContent(patch, System.Text.Encoding.UTF8, "application/merge-patch+json"),
        };
        if (version is not null)
        {
            request.Headers.IfMatch.ParseAdd(version);
        }

        return await host.Http.SendAsync(request);
    }

    [Fact]
    public async Task Of_two_who_change_the_rulebook_the_slower_is_told()
    {
        await using var host = await StartAsync("T>hello", [Mail("hello")]);
        HttpStatusCode? second = null;
        var first = await host.ChangeRulebookAsync(rulebook =>
        {
            second = host.SetCadenceAsync("""{"minGap": "1h"}""").GetAwaiter().GetResult().StatusCode;
            rulebook["defaultLanguage"] = "de";
        });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.PreconditionFailed), (second, first.StatusCode));
        Assert.Equal(2, await host.ScalarAsync<long>("SELECT count(*) FROM rulebook"));
    }

    private static JsonObject Mail(string content, string? id = null) =>
        Step(
            id ?? content,
            "Nurture.SendEmail",
            (
                "templateId",
                Literal(content.StartsWith("welcome", StringComparison.Ordinal) ? content : $"welcome-{content}")
            )
        );

    private async Task<TestHost> StartAsync(
        string connections,
        JsonObject[] steps,
        params (string Name, JsonNode Value)[] settings
    )
    {
        await _folder.PublishAsync(steps, connections, null, "track", settings);
        return await TestHost.StartAsync(await server.CloneAsync(), _folder.Path, clock: _clock);
    }

    private async Task EnterAsync(TestHost host, string lead)
    {
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Crm.StageChange(lead, "MQL", _clock.GetUtcNow()));
        await host.DrainAsync();
    }

    private static Task<string> SentAsync(TestHost host) =>
        host.ScalarAsync<string>(
            "SELECT string_agg(c.key, ' ' ORDER BY d.id) FROM development_inbox d JOIN touch t ON t.id = d.touch_id JOIN content_version c ON c.id = t.content_version_id"
        );
}
