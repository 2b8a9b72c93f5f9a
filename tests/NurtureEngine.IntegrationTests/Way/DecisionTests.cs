using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NurtureEngine.Host.Facts;
using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>Tracks that decide by facts about the lead, over the real database.</summary>
public sealed class DecisionTests(PostgresServer server) : IDisposable
{
    private readonly TrackFolder _folder = new("decide");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_decision_reads_the_lead_as_it_stands_and_a_lost_race_cancels_its_mail()
    {
        await _folder.PublishAsync(
            [
                Step("w", "Elsa.Delay", ("timeSpan", Literal("1d"))),
                Step("d", "Elsa.FlowDecision", ("condition", Expression("Scriban", "lead.country == \"DE\""))),
                Step("hello", "Nurture.SendEmail", ("templateId", Literal("welcome-hello"))),
                Step("value", "Nurture.SendEmail", ("templateId", Literal("welcome-value"))),
                Step("pause", "Elsa.Delay", ("timeSpan", Literal("1h"))),
                Step("race", "Elsa.FlowJoin", ("mode", Literal("WaitAny"))),
            ],
            "T>w w>d d.True>hello d.False>value d.False>pause value>race pause>race"
        );
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(InCountry("ann", "FR", host));
        await crm.FireAsync(InCountry("bob", "FR", host, tier: "T2"));
        await host.DrainAsync();
        var moved = InCountry("ann", "DE", host);
        moved["type"] = "lead.updated";
        await crm.FireAsync(moved);
        await host.DrainAsync();
        host.Clock.Advance(TimeSpan.FromDays(1));
        await host.DrainAsync();
        host.Clock.Advance(TimeSpan.FromHours(1));
        await host.DrainAsync();

        // Bob's account needs a yes that nobody gave within the hour.
        Assert.Equal(
            "ann@example.com hello accepted, bob@example.com value cancelled branch.given_up",
            await host.ScalarAsync<string>(
                """
                SELECT string_agg(l.fields ->> 'email' || ' ' || t.step || ' ' || t.state || CASE WHEN t.state = 'cancelled' THEN ' ' || t.code ELSE '' END, ', ' ORDER BY l.fields ->> 'email')
                  FROM touch t JOIN lead l ON l.id = t.lead_id
                """
            )
        );
        Assert.Equal(2, await host.ScalarAsync<long>("SELECT count(*) FROM enrollment WHERE state = 1"));
    }

    [Fact]
    public async Task A_new_lead_of_the_audience_enters_and_leaves_when_its_time_is_over()
    {
        await _folder.PublishAsync(
            [Step("w", "Elsa.Delay", ("timeSpan", Literal("30d")))],
            "T>w",
            Step("T", "Nurture.LeadCreated"),
            "decide",
            ("audience", "lead.country == \"DE\""),
            ("timeLimit", "2d")
        );
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        foreach (var (lead, country) in new[] { ("ann", "DE"), ("bob", "FR") })
        {
            var created = InCountry(lead, country, host);
            created["type"] = "lead.created";
            await crm.FireAsync(created);
        }

        await host.DrainAsync();
        var inside = await host.ScalarAsync<string>(
            "SELECT string_agg(l.fields ->> 'email', ',') FROM enrollment e JOIN lead l ON l.id = e.lead_id WHERE state = 0"
        );
        host.Clock.Advance(TimeSpan.FromDays(2));
        await host.DrainAsync();

        Assert.Equal("ann@example.com", inside);
        Assert.Equal("2 time.over", await host.ScalarAsync<string>("SELECT state || ' ' || code FROM enrollment"));
        Assert.Equal(
            "time.over",
            await host.ScalarAsync<string>("SELECT arguments ->> 'code' FROM timeline WHERE kind = 'enrollment.ended'")
        );
    }

    [Fact]
    public async Task A_parked_enrollment_is_tried_again_once_its_cause_is_mended()
    {
        await _folder.PublishAsync(
            [
                Step("v", "Elsa.SetVariable", ("variable", "v"), ("value", Expression("Scriban", "{{ lead.title }}"))),
                Step("hello", "Nurture.SendEmail", ("templateId", Literal("welcome-hello"))),
            ],
            "T>v v>hello"
        );
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(InCountry("ann", "DE", host));
        await host.DrainAsync();
        var parked = await host.ScalarAsync<string>("SELECT state || ' ' || code || ' ' || argument FROM enrollment");
        var mended = InCountry("ann", "DE", host);
        mended["type"] = "lead.updated";
        mended["data"]!["lead"]!["title"] = "CTO";
        await crm.FireAsync(mended);
        var id = await host.ScalarAsync<long>("SELECT id FROM enrollment");
        await host.DrainAsync();
        var answers = new[]
        {
            await host.Http.PostAsync($"/api/enrollments/{id}/retry", null),
            await host.Http.PostAsync($"/api/enrollments/{id}/retry", null),
        };
        await host.DrainAsync();

        Assert.Equal("3 value.missing v", parked);
        Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.NotFound], answers.Select(answer => answer.StatusCode));
        Assert.Equal("accepted", await host.ScalarAsync<string>("SELECT state FROM touch"));
    }

    [Fact]
    public async Task An_enrollment_that_can_not_be_written_is_parked_and_the_others_go_on()
    {
        await _folder.PublishAsync([Step("w", "Elsa.Delay", ("timeSpan", Literal("1d")))], "T>w");
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        await host.ExecuteAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN IF NEW.lead_id = 2 THEN RAISE EXCEPTION 'refused'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION refuse();
            """
        );
        var crm = await Crm.ForAsync(host.Http, host.Database);
        foreach (var lead in new[] { "ann", "bob", "cyd" })
        {
            await crm.FireAsync(InCountry(lead, "DE", host));
            await host.TurnAsync<FactsWorker>();
        }

        await host.DrainAsync();

        Assert.Equal(
            "1 0, 2 3 advance.failed, 3 0",
            await host.ScalarAsync<string>(
                "SELECT string_agg(lead_id || ' ' || state || COALESCE(' ' || code, ''), ', ' ORDER BY lead_id) FROM enrollment"
            )
        );
        Assert.Equal(2, await host.ScalarAsync<long>("SELECT count(*) FROM enrollment WHERE due_at > now()"));
    }

    [Fact]
    public async Task A_call_is_asked_for_once_and_closed_by_a_person()
    {
        await _folder.PublishAsync(
            [
                Step(
                    "c",
                    "Nurture.CreateCallTask",
                    (
                        "subject",
                        Expression("Scriban", "Call {{ lead.first_name }} about {{ lead.country }}{{ '\\0' }}")
                    ),
                    ("dueIn", Literal("2d"))
                ),
            ],
            "T>c"
        );
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(InCountry("ann", "DE", host));
        await host.DrainAsync();
        var open = (await host.Http.GetFromJsonAsync<JsonObject>("/api/tasks?state=open"))!["items"]!.AsArray();
        var id = open[0]!["id"]!.GetValue<string>();
        var answers = new[]
        {
            await host.Http.PostAsync($"/api/tasks/{id}/done", null),
            await host.Http.PostAsync($"/api/tasks/{id}/done", null),
        };

        Assert.Equal("call Call Ann about DE", $"{Assert.Single(open)!["kind"]} {open[0]!["subject"]}");
        Assert.Equal(
            host.Clock.GetUtcNow().AddDays(2),
            open[0]!["dueAt"]!.GetValue<DateTimeOffset>(),
            TimeSpan.FromMilliseconds(1)
        );
        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode));
        Assert.Equal("1 done", await host.ScalarAsync<string>("SELECT count(*) || ' ' || max(state) FROM task"));
    }

    [Fact]
    public async Task A_call_that_a_lead_no_longer_needs_is_cancelled_when_it_leaves()
    {
        await _folder.PublishAsync(
            [
                Step("c", "Nurture.CreateCallTask", ("subject", Literal("Call")), ("dueIn", Literal("2d"))),
                Step("w", "Elsa.Delay", ("timeSpan", Literal("30d"))),
            ],
            "T>c c>w",
            null,
            "decide",
            ("exitStages", new JsonArray("SQL"))
        );
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(InCountry("ann", "DE", host));
        await host.DrainAsync();
        await crm.FireAsync(Crm.StageChange("ann", "SQL", host.Clock.GetUtcNow()));
        await host.DrainAsync();

        Assert.Equal(
            "cancelled t",
            await host.ScalarAsync<string>(
                "SELECT state || ' ' || left((closed_at IS NOT NULL AND closed_by IS NULL)::text, 1) FROM task"
            )
        );
    }

    [Fact]
    public async Task A_move_that_ends_an_old_version_leads_into_the_current_one_that_it_triggers()
    {
        JsonObject[] pause = [Step("w", "Elsa.Delay", ("timeSpan", Literal("30d")))];
        await _folder.PublishAsync(pause, "T>w", null, "decide", ("exitStages", new JsonArray("SQL")));
        var connectionString = await server.CloneAsync();
        await using (var old = await TestHost.StartAsync(connectionString, workflows: _folder.Path))
        {
            var before = await Crm.ForAsync(old.Http, old.Database);
            await before.FireAsync(InCountry("ann", "DE", old));
            await old.DrainAsync();
        }

        await _folder.PublishAsync(
            [Step("w", "Elsa.Delay", ("timeSpan", Literal("30d")))],
            "T>w",
            Step("T", "Nurture.LeadStageChanged", ("stage", Literal("SQL"))),
            "decide",
            ("reEnrolment", "perOccasion")
        );
        await using var host = await TestHost.StartAsync(connectionString, workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Crm.StageChange("ann", "SQL", host.Clock.GetUtcNow()));
        await host.DrainAsync();

        Assert.Equal(
            "1 2 stage.advanced, 2 0",
            await host.ScalarAsync<string>(
                "SELECT string_agg(v.number || ' ' || e.state || COALESCE(' ' || e.code, ''), ', ' ORDER BY v.number) FROM enrollment e JOIN track_version v ON v.id = e.track_version_id"
            )
        );
    }

    [Fact]
    public async Task In_a_lane_the_higher_track_takes_the_lead_and_the_lower_one_is_declined()
    {
        JsonObject[] Pause() => [Step("w", "Elsa.Delay", ("timeSpan", Literal("30d")))];
        await _folder.PublishAsync(
            Pause(),
            "T>w",
            null,
            "low",
            ("lane", "engage"),
            ("audience", "lead.country != \"XX\"")
        );
        await _folder.PublishAsync(
            Pause(),
            "T>w",
            Step("T", "Nurture.LeadStageChanged", ("stage", Literal("SQL"))),
            "high",
            ("lane", "engage"),
            ("priority", 90)
        );
        await _folder.PublishAsync(
            Pause(),
            "T>w",
            Step("T", "Nurture.LeadStageChanged", ("stage", Literal("SQL"))),
            "middle",
            ("lane", "engage"),
            ("priority", 60)
        );
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Crm.StageChange("ann", "MQL", host.Clock.GetUtcNow()));
        await host.DrainAsync();
        await crm.FireAsync(Crm.StageChange("ann", "SQL", host.Clock.GetUtcNow()));
        await host.DrainAsync();

        Assert.Equal(
            "high 0, low 2 lane.taken",
            await host.ScalarAsync<string>(
                """
                SELECT string_agg(t.definition_id || ' ' || e.state || COALESCE(' ' || e.code, ''), ', ' ORDER BY t.definition_id)
                  FROM enrollment e JOIN track t ON t.id = e.track_id
                """
            )
        );
        Assert.Equal(
            "middle",
            await host.ScalarAsync<string>(
                "SELECT arguments ->> 'track' FROM timeline WHERE kind = 'enrollment.declined'"
            )
        );
    }

    private static JsonObject InCountry(string lead, string country, TestHost host, string? tier = null)
    {
        var body = Crm.StageChange(lead, "MQL", host.Clock.GetUtcNow(), tier: tier);
        body["data"]!["lead"]!["country"] = country;
        return body;
    }
}
