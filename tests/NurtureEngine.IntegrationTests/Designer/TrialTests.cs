using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Core.People;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Simulation;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.IntegrationTests.Pages;

namespace NurtureEngine.IntegrationTests.Designer;

/// <summary>Tracks are tried with leads, and nothing leaves.</summary>
public sealed class TrialTests(PostgresServer server) : IAsyncLifetime
{
    private const string Page = "/console/tracks/welcome/try?role=Buyer&language=en&start=2026-06-01T08:00";

    private Office _office = null!;

    public async ValueTask InitializeAsync() => _office = await Office.OpenAsync(server, hasShippedTracks: true);

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    [Fact]
    public async Task A_run_shows_the_way_the_messages_and_what_else_the_lead_could_do_and_writes_nothing()
    {
        var page = await _office.Admin.ReadAsync(Page);
        var message = Page.Replace("/try?", $"/try/messages/{MessageIn(page)}?", StringComparison.Ordinal);
        using var answer = await _office.Admin.GetAsync(message);
        var mail = await answer.Content.ReadAsStringAsync();

        Assert.Contains("For those who sign", page, StringComparison.Ordinal);
        Assert.Contains("→ Buyer", page, StringComparison.Ordinal);
        Assert.Contains("act=", page, StringComparison.Ordinal);
        Assert.Contains(
            "sandbox",
            string.Join(' ', answer.Headers.GetValues("Content-Security-Policy")),
            StringComparison.Ordinal
        );
        Assert.Contains("Alex", mail, StringComparison.Ordinal);
        foreach (var table in new[] { "lead", "enrollment", "touch", "ledger", "inbox", "outbox" })
        {
            Assert.Equal(0, await _office.Host.ScalarAsync<long>($"SELECT count(*) FROM {table}"));
        }
    }

    [Fact]
    public async Task A_saved_test_lead_tells_when_a_change_sends_it_another_way()
    {
        // As the form of the page sends it.
        using var saved = await _office.Admin.FillInAsync(
            $"{Page}&lead=",
            "save",
            ("Name", "A buyer who stays silent")
        );
        Assert.EndsWith("done=trialSaved", _office.Admin.TargetOf(saved), StringComparison.Ordinal);
        Assert.Contains("1 of 1 go as expected.", await _office.Admin.ReadAsync(Page), StringComparison.Ordinal);
        var window = new DesignerWindow(_office.Admin);
        var track = await window.OpenAsync("welcome");
        var line = track["root"]!["connections"]!
            .AsArray()
            .First(one =>
                (string?)one!["source"]!["activity"] == "by-role" && (string?)one["source"]!["port"] == "Buyer"
            )!;
        line["target"]!["activity"] = "to-introduction";
        await window.SaveAsync(track);

        var problems = (await window.ReadAsync("workflow-definitions/welcome/problems")).ToJsonString();
        var page = await _office.Admin.ReadAsync(Page);

        Assert.Contains("0 of 1 test leads go as expected", problems, StringComparison.Ordinal);
        Assert.Contains("goes another way from “To introduction” on", page, StringComparison.Ordinal);
        using var deleted = await _office.Admin.FillInAsync(Page, "delete-A buyer who stays silent");
        Assert.EndsWith("done=trialDeleted", _office.Admin.TargetOf(deleted), StringComparison.Ordinal);
        Assert.Equal(0, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM track_trial"));
    }

    [Fact]
    public async Task A_stage_that_is_chosen_becomes_an_act_of_the_address()
    {
        using var answer = await _office.Admin.GetAsync($"{Page}&toStage=SQL&onDay=3");
        var target = _office.Admin.TargetOf(answer);
        var page = await _office.Admin.ReadAsync(target);

        Assert.Contains("act=4320%7Clead.stage_changed%7CSQL", target, StringComparison.Ordinal);
        Assert.Contains("is moved to stage SQL", page, StringComparison.Ordinal);
        Assert.Contains("The lead leaves.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lead_is_tried_only_by_those_who_see_it_and_saved_only_by_those_who_draw()
    {
        await _office.EnterAsync("ann");
        using var sam = await _office.HireAsync("sam", Roles.Sales);

        Assert.Contains("class=\"trial\"", await _office.Admin.ReadAsync($"{Page}&lead=1"), StringComparison.Ordinal);
        Assert.Contains("no such lead", await sam.ReadAsync($"{Page}&lead=1"), StringComparison.Ordinal);
        Assert.Contains("no such lead", await _office.Admin.ReadAsync($"{Page}&lead=nobody"), StringComparison.Ordinal);
        using var refused = await sam.FillInAsync(Page, "save", ("Name", "mine"));
        Assert.NotEqual(HttpStatusCode.Redirect, refused.StatusCode);
        Assert.Equal(0, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM track_trial"));
    }

    [Fact]
    public async Task What_is_hidden_from_a_reader_is_no_part_of_a_trial()
    {
        await _office.EnterAsync("ann");
        await _office.Host.ExecuteAsync(
            """UPDATE lead SET fields = fields || '{"score": "60", "phone": "+49301234"}'"""
        );
        var trials = _office.Host.Services.GetRequiredService<ITrackTrials>();
        var order = new TrialOrder("welcome", new TrialLead { Start = _office.Host.Clock.GetUtcNow() }, Chosen: 1);

        var partner = await trials.RunAsync(
            order,
            LeadReach.All with
            {
                HiddenFields = ["phone", "score"],
            },
            CancellationToken.None
        );
        var colleague = await trials.RunAsync(order, LeadReach.All, CancellationToken.None);

        Assert.All(partner!.Trial!.Lines, line => Assert.Null(line.Lead.Fields["phone"]));
        Assert.All(colleague!.Trial!.Lines, line => Assert.Equal(60, line.Lead.Score));
        Assert.Equal(0, partner.Trial.Lines[0].Lead.Score);
    }

    [Theory]
    [InlineData("start=9999-06-01T00:00")]
    [InlineData("start=0001-01-01T00:00&act=4320|lead.stage_changed|SQL")]
    [InlineData("score=99999999999999999999&size=-1&tier=T9&role=%00")]
    [InlineData("enters=tomorrow&lead=")]
    public async Task Whatever_the_address_says_the_page_answers(string query)
    {
        using var first = await _office.Admin.GetAsync($"/console/tracks/welcome/try?{query}");
        using var answer =
            first.StatusCode == HttpStatusCode.Redirect
                ? await _office.Admin.GetAsync(_office.Admin.TargetOf(first))
                : first;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_form_has_the_time_by_the_readers_clock_and_the_address_in_UTC()
    {
        using var bea = await _office.HireAsync("bea", Roles.Marketer);
        using var set = await bea.FillInAsync("/console/account", "zone", ("Zone", "Asia/Shanghai"));
        using var answer = await bea.GetAsync("/console/tracks/welcome/try?enters=2026-06-01T16:00");

        Assert.Contains("start=2026-06-01T08%3A00", bea.TargetOf(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_leads_go_with_a_draft_that_was_never_published()
    {
        var drafts = _office.Host.Services.GetRequiredService<ITrackDrafts>();
        var id = await drafts.CopyAsync("welcome", "Mine", "admin", CancellationToken.None);
        var trials = _office.Host.Services.GetRequiredService<ITrackTrials>();
        var lead = new TrialLead { Start = _office.Host.Clock.GetUtcNow() };
        Assert.True(await trials.SaveAsync(id!, "Ann", lead, "admin", CancellationToken.None));

        Assert.False(await drafts.DiscardAsync(id!, revision: 9, "admin", CancellationToken.None));
        Assert.Equal(1, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM track_trial"));
        Assert.True(await drafts.DiscardAsync(id!, revision: 1, "admin", CancellationToken.None));
        Assert.Equal(0, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM track_trial"));
    }

    [Fact]
    public async Task Those_who_begin_tracks_of_one_name_at_once_get_one_each()
    {
        var drafts = _office.Host.Services.GetRequiredService<ITrackDrafts>();
        var ids = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => drafts.BeginAsync("Autumn", "admin", CancellationToken.None))
        );

        Assert.Equal(4, ids.Distinct().Count());
        Assert.Equal(4, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM track_draft WHERE revision = 1"));
    }

    private static string MessageIn(string page)
    {
        var at = page.IndexOf("/try/messages/", StringComparison.Ordinal) + "/try/messages/".Length;
        return page[at..page.IndexOf('?', at)];
    }
}
