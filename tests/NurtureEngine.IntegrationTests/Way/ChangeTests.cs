using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>Steps that change their lead, or send it on: through the inbox, over the real database.</summary>
public sealed class ChangeTests(PostgresServer server) : IDisposable
{
    private readonly TrackFolder _folder = new("change");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_a_step_changes_is_read_by_the_next_one_and_triggers_other_tracks()
    {
        await _folder.PublishAsync(
            [
                Step(
                    "u",
                    "Nurture.UpdateLead",
                    ("field", Literal("custom.interest")),
                    ("value", Scriban("{{ lead.country }} pricing"))
                ),
                Step("s", "Nurture.AdjustScore", ("by", Literal("40")), ("reason", Literal("asked for prices"))),
                Step(
                    "e",
                    "Nurture.AddEvidence",
                    ("criterion", Literal("budget")),
                    ("fact", Literal("asked for prices"))
                ),
                Step("c", "Nurture.BranchByCriterion", ("criterion", Literal("Budget"))),
                Step(
                    "d",
                    "Elsa.FlowDecision",
                    (
                        "condition",
                        Scriban("lead.custom.interest == \"DE pricing\" && lead.evidence.budget.source == \"first/e\"")
                    )
                ),
                Step("g", "Nurture.Goal"),
            ],
            "T>u u>s s>e e>c c.Met>d d.True>g",
            null,
            "first"
        );
        await _folder.PublishAsync(
            [Step("w", "Elsa.Delay", ("timeSpan", Literal("30d")))],
            "T>w",
            Step("T", "Nurture.ScoreReached", ("score", Literal("40"))),
            "scored"
        );
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(InCountry("ann", "DE", host));
        await host.DrainAsync();

        Assert.Equal("first 2 goal.reached g, scored 0", await EnrollmentsAsync(host));
        var fields = (await host.Http.GetFromJsonAsync<JsonObject>("/api/leads/1"))!["fields"]!;
        Assert.Equal(40, fields["score"]!.GetValue<int>());
        Assert.Equal("asked for prices", fields["evidence.Budget"]!["fact"]!.GetValue<string>());
        Assert.Equal(
            "engine.lead_updated, engine.score_adjusted, engine.evidence_added",
            await host.ScalarAsync<string>(
                "SELECT string_agg(kind, ', ' ORDER BY id) FROM timeline WHERE kind LIKE 'engine.%'"
            )
        );
    }

    [Fact]
    public async Task A_lead_is_sent_on_by_a_step_and_at_the_end_by_the_successor()
    {
        await _folder.PublishAsync(
            [Step("m", "Nurture.MoveToTrack", ("track", Literal("second")))],
            "T>m",
            null,
            "first"
        );
        await _folder.PublishAsync(
            [Step("w", "Elsa.Delay", ("timeSpan", Literal("1d")))],
            "T>w",
            Step("T", "Nurture.LeadStageChanged", ("stage", Literal("SQL"))),
            "second",
            ("successor", "third")
        );
        await _folder.PublishAsync(
            [Step("w", "Elsa.Delay", ("timeSpan", Literal("30d")))],
            "T>w",
            Step("T", "Nurture.LeadStageChanged", ("stage", Literal("SQL"))),
            "third",
            ("timeLimit", "2d"),
            ("audience", "lead.country == \"DE\"")
        );
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(InCountry("ann", "DE", host));
        await crm.FireAsync(InCountry("bob", "FR", host));
        await host.DrainAsync();
        host.Clock.Advance(TimeSpan.FromDays(1));
        await host.DrainAsync();

        Assert.Equal(
            "first 2 track.moved second, first 2 track.moved second, second 1, second 1, third 0",
            await EnrollmentsAsync(host)
        );
        Assert.Equal(
            "third audience.not_met",
            await host.ScalarAsync<string>(
                "SELECT arguments ->> 'track' || ' ' || (arguments ->> 'code') FROM timeline WHERE kind = 'enrollment.declined'"
            )
        );
    }

    [Fact]
    public async Task A_lead_that_reaches_the_goal_or_replies_leaves_in_the_middle_of_a_wait()
    {
        await _folder.PublishAsync(
            [Step("w", "Elsa.Delay", ("timeSpan", Literal("30d")))],
            "T>w",
            null,
            "track",
            ("goal", "lead.title == \"Customer\""),
            ("exitWhen", "lead.custom.rival != null"),
            ("exitOnReply", true)
        );
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        foreach (var lead in new[] { "ann", "bob", "cyd", "dan" })
        {
            await crm.FireAsync(InCountry(lead, "DE", host));
        }

        await host.DrainAsync();
        await crm.FireAsync(Updated("ann", host, lead => lead["title"] = "Customer"));
        await crm.FireAsync(Updated("bob", host, lead => lead["custom"] = new JsonObject { ["rival"] = "Acme" }));
        await crm.FireAsync(Updated("cyd", host, _ => { }, "activity.replied"));
        await crm.FireAsync(Updated("dan", host, lead => lead["title"] = "Prospect"));
        await crm.FireAsync(Updated("eve", host, lead => lead["title"] = "Customer", "lead.stage_changed"));
        await host.DrainAsync();

        Assert.Equal(
            "ann goal.reached, bob exit.condition, cyd lead.replied, dan",
            await host.ScalarAsync<string>(
                "SELECT string_agg(i.external_id || COALESCE(' ' || e.code, ''), ', ' ORDER BY i.external_id) FROM enrollment e JOIN lead_identity i USING (lead_id)"
            )
        );
    }

    [Fact]
    public async Task What_is_heard_right_behind_the_event_that_enrolled_a_lead_counts()
    {
        await _folder.PublishAsync(
            [Step("w", "Elsa.Delay", ("timeSpan", Literal("30d")))],
            "T>w",
            null,
            "track",
            ("goal", "lead.title == \"Customer\"")
        );
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(InCountry("ann", "DE", host));
        await crm.FireAsync(Updated("ann", host, lead => lead["title"] = "Customer"));
        await host.DrainAsync();

        Assert.Equal("goal.reached", await host.ScalarAsync<string>("SELECT code FROM enrollment"));
    }

    [Fact]
    public async Task A_reply_of_long_ago_ends_nothing()
    {
        await _folder.PublishAsync(
            [Step("w", "Elsa.Delay", ("timeSpan", Literal("30d")))],
            "T>w",
            null,
            "track",
            ("exitOnReply", true)
        );
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(InCountry("ann", "DE", host));
        await host.DrainAsync();
        var old = Updated("ann", host, _ => { }, "activity.replied");
        old["timestamp"] = host.Clock.GetUtcNow().AddDays(-400);
        await crm.FireAsync(old);
        await host.DrainAsync();

        Assert.Equal(0, await host.ScalarAsync<short>("SELECT state FROM enrollment"));
    }

    [Fact]
    public async Task A_track_that_leads_nowhere_is_not_published()
    {
        await _folder.PublishAsync(
            [Step("m", "Nurture.MoveToTrack", ("track", Literal("nowhere")))],
            "T>m",
            null,
            "first"
        );
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);

        Assert.Equal(0, await host.ScalarAsync<long>("SELECT count(*) FROM track_version"));
    }

    [Fact]
    public async Task A_track_that_closes_a_circle_with_what_is_in_force_or_leads_to_what_is_refused_is_not_published()
    {
        JsonObject[] To(string track) => [Step("m", "Nurture.MoveToTrack", ("track", Literal(track)))];
        await _folder.PublishAsync([Step("w", "Elsa.Delay", ("timeSpan", Literal("1d")))], "T>w", null, "a");
        await _folder.PublishAsync(To("a"), "T>m", null, "b");
        var database = await server.CloneAsync();
        await using (await TestHost.StartAsync(database, workflows: _folder.Path)) { }
        File.Delete(Path.Combine(_folder.Path, "b.json"));
        await _folder.PublishAsync(To("b"), "T>m", null, "a");
        await _folder.PublishAsync(To("nowhere"), "T>m", null, "c");
        await _folder.PublishAsync(To("c"), "T>m", null, "d");
        await using var host = await TestHost.StartAsync(database, workflows: _folder.Path);

        Assert.Equal(
            "a 1, b 1",
            await host.ScalarAsync<string>(
                "SELECT string_agg(t.definition_id || ' ' || v.number, ', ' ORDER BY t.definition_id) FROM track t JOIN track_version v ON v.track_id = t.id"
            )
        );
    }

    private static Task<string> EnrollmentsAsync(TestHost host) =>
        host.ScalarAsync<string>(
            """
            SELECT string_agg(concat_ws(' ', t.definition_id, e.state, e.code, e.argument), ', ' ORDER BY t.definition_id, e.id)
              FROM enrollment e JOIN track t ON t.id = e.track_id
            """
        );

    private static JsonObject InCountry(string lead, string country, TestHost host) =>
        Updated(lead, host, fields => fields["country"] = country, "lead.stage_changed");

    private static JsonObject Updated(
        string lead,
        TestHost host,
        Action<JsonObject> change,
        string type = "lead.updated"
    )
    {
        var body = Crm.StageChange(lead, "MQL", host.Clock.GetUtcNow());
        body["type"] = type;
        change(body["data"]!["lead"]!.AsObject());
        return body;
    }

    private static JsonObject Scriban(string text) => Expression("Scriban", text);
}
