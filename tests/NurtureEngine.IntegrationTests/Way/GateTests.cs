using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>What the gate holds back: consent, suppression, contents that fail.</summary>
public sealed class GateTests(PostgresServer server) : HostTests(server)
{
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
}
