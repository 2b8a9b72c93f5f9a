using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Intake;

/// <summary>Two records that are one person become one lead, whoever waits for what.</summary>
public sealed class MergeTests(PostgresServer server) : HostTests(server)
{
    [Fact]
    public async Task The_one_who_stays_takes_over_tracks_touches_reservations_consent_and_history()
    {
        await EnterAsync("ann", "bea");
        await _crm.FireAsync(
            Crm.Event(
                "lead.updated",
                "bea",
                Now,
                """{"phone":"+49 30 1234567","consent":[{"channel":"email","granted":false}]}"""
            )
        );
        await _host.DrainAsync();
        await MergeAsync("ann", "bea");

        Assert.Equal(1, await CountAsync("lead WHERE merged_into IS NULL"));
        Assert.Equal(
            "+49301234567",
            await _host.ScalarAsync<string>("SELECT fields->>'phone' FROM lead WHERE merged_into IS NULL")
        );
        Assert.False(await _host.ScalarAsync<bool>("SELECT granted FROM consent"));
        // Both had entered the welcome: one goes on, the other has ended, and what it was sent still counts.
        Assert.Equal(2, await CountAsync("enrollment JOIN lead ON lead.id = lead_id WHERE merged_into IS NULL"));
        Assert.Equal("lead.merged", await _host.ScalarAsync<string>("SELECT code FROM enrollment WHERE state = 2"));
        foreach (
            var table in new[]
            {
                "touch",
                "reservation",
                "message",
                "timeline",
                "touch_event",
                "stage_move",
                "occasion",
                "lead_identity",
            }
        )
        {
            Assert.Equal(
                0,
                await CountAsync($"{table} t JOIN lead ON lead.id = t.lead_id WHERE merged_into IS NOT NULL")
            );
        }
    }

    [Fact]
    public async Task What_comes_under_the_name_of_the_one_who_went_is_of_the_one_who_stays()
    {
        await EnterAsync("ann", "bea");
        await MergeAsync("ann", "bea");
        await _crm.FireAsync(Crm.Event("lead.updated", "bea", Now, """{"title":"CTO"}""", """{"version":1}"""));
        await _crm.FireAsync(Crm.Event("lead.deleted", "bea", Now));
        await _host.DrainAsync();

        Assert.Equal(
            "CTO",
            await _host.ScalarAsync<string>("SELECT fields->>'title' FROM lead WHERE merged_into IS NULL")
        );
        Assert.Equal(1, await CountAsync("lead WHERE deleted_at IS NULL"));
        Assert.Equal(1, await CountAsync("timeline WHERE arguments->>'effect' = 'merged_before'"));
    }

    [Fact]
    public async Task Repeats_chains_and_loops_change_nothing_more()
    {
        await EnterAsync("ann", "bea", "cid");
        await MergeAsync("bea", "cid");
        await MergeAsync("ann", "bea");
        await MergeAsync("ann", "bea");
        await MergeAsync("bea", "ann");
        await MergeAsync("cid", "ann");

        Assert.Equal(1, await CountAsync("lead WHERE merged_into IS NULL"));
        Assert.Equal(
            2,
            await CountAsync("lead l JOIN lead stays ON stays.id = l.merged_into WHERE stays.merged_into IS NULL")
        );
        Assert.Equal(
            3,
            await CountAsync("lead_identity i JOIN lead l ON l.id = i.lead_id WHERE l.merged_into IS NULL")
        );
    }

    [Fact]
    public async Task A_merge_into_somebody_unknown_makes_them_known_and_one_of_somebody_unknown_keeps_the_name()
    {
        await EnterAsync("ann");
        await MergeAsync("new", "ann", "never-seen");
        await _crm.FireAsync(Crm.Event("lead.updated", "never-seen", Now, """{"title":"CFO"}"""));
        await _host.DrainAsync();

        Assert.Equal(
            ("new", "CFO"),
            (
                await _host.ScalarAsync<string>(
                    "SELECT external_id FROM lead_identity JOIN lead ON lead.id = lead_id WHERE merged_into IS NULL AND kind = 0"
                ),
                await _host.ScalarAsync<string>("SELECT fields->>'title' FROM lead WHERE merged_into IS NULL")
            )
        );
        Assert.Equal(
            1,
            await CountAsync("enrollment JOIN lead ON lead.id = lead_id WHERE merged_into IS NULL AND state = 0")
        );
    }

    [Fact]
    public async Task A_paused_lead_stays_paused_in_the_one_who_stays()
    {
        await EnterAsync("ann", "bea");
        var bea = await _host.ScalarAsync<long>("SELECT lead_id FROM lead_identity WHERE external_id = 'bea'");
        await _host.Http.PostAsync($"/api/leads/{bea}/pause", null);
        await MergeAsync("ann", "bea");

        Assert.Equal(1, await CountAsync("lead WHERE merged_into IS NULL AND paused_at IS NOT NULL"));
        Assert.Equal(0, await CountAsync("enrollment WHERE state = 0"));
    }

    [Fact]
    public async Task The_track_goes_on_where_it_stood()
    {
        using var folder = new TrackFolder("merged");
        await folder.PublishAsync(
            [
                Step("wait", "Elsa.Delay", ("timeSpan", Literal("1.00:00:00"))),
                Step("later", "Elsa.WriteLine", ("text", Literal("later"))),
            ],
            "T>wait wait>later"
        );
        await using var host = await TestHost.StartAsync(await CloneAsync(), folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Crm.StageChange("bea", "MQL", host.Clock.GetUtcNow()));
        await host.DrainAsync();
        await crm.FireAsync(Crm.Event("lead.merged", "ann", host.Clock.GetUtcNow(), data: """{"merged":["bea"]}"""));
        await host.DrainAsync();
        host.Clock.Advance(TimeSpan.FromDays(1.1));
        await host.DrainAsync();

        Assert.Equal(
            "ann",
            await host.ScalarAsync<string>(
                "SELECT i.external_id FROM ledger l JOIN lead_identity i ON i.lead_id = l.lead_id AND i.kind = 0 WHERE l.step = 'later' LIMIT 1"
            )
        );
    }

    private DateTimeOffset Now => _host.Clock.GetUtcNow();

    [Fact]
    public async Task What_is_told_of_the_one_who_goes_after_the_merge_comes_after_it_in_whatever_lane()
    {
        const int pairs = 12;
        await EnterAsync([.. Enumerable.Range(0, pairs).Select(i => $"goes-{i}")]);
        for (var i = 0; i < pairs; i++)
        {
            await _crm.FireAsync(Crm.Event("lead.updated", $"goes-{i}", Now, """{"title":"CTO"}"""));
            await _crm.FireAsync(Crm.Event("lead.merged", $"stays-{i}", Now, data: $$"""{"merged":["goes-{{i}}"]}"""));
            await _crm.FireAsync(Crm.Event("lead.deleted", $"goes-{i}", Now.AddSeconds(1)));
            await _crm.FireAsync(Crm.Event("lead.updated", $"goes-{i}", Now.AddSeconds(2), """{"title":"CEO"}"""));
        }

        await _host.DrainAsync();

        Assert.Equal(0, await CountAsync("inbox WHERE state <> 'applied'"));
        Assert.Equal(pairs, await CountAsync("enrollment WHERE state = 0"));
        Assert.Equal(
            pairs,
            await CountAsync("lead WHERE merged_into IS NULL AND deleted_at IS NULL AND fields->>'title' = 'CEO'")
        );
    }

    private async Task EnterAsync(params string[] leads)
    {
        foreach (var lead in leads)
        {
            await _crm.FireAsync(Crm.StageChange(lead, "MQL", Now));
        }

        await _host.DrainAsync();
        _host.Clock.Advance(TimeSpan.FromMinutes(1));
    }

    private async Task MergeAsync(string stays, params string[] going)
    {
        await _crm.FireAsync(
            Crm.Event("lead.merged", stays, Now, data: $$"""{"merged":["{{string.Join("\",\"", going)}}"]}""")
        );
        await _host.DrainAsync();
        _host.Clock.Advance(TimeSpan.FromMinutes(1));
    }

    private Task<long> CountAsync(string from) => _host.ScalarAsync<long>($"SELECT count(*) FROM {from}");
}
