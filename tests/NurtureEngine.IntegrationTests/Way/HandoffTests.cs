using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>Leads given to sales, and what sales says.</summary>
public sealed class HandoffTests(PostgresServer server) : IDisposable
{
    private readonly TrackFolder _folder = new("handoff");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("accept", "goal.reached Accepted")]
    [InlineData("reject", "goal.reached Rejected")]
    [InlineData("recycle", "goal.reached Rejected")]
    [InlineData(null, "goal.reached TimedOut")]
    public async Task The_track_goes_on_by_what_sales_says(string? answer, string expected)
    {
        await PublishAsync();
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Owned("ann", host));
        await host.DrainAsync();
        var open = await HandoffAsync(host);
        var status = HttpStatusCode.OK;
        if (answer is not null)
        {
            var said = await host.Http.PostAsJsonAsync(
                $"/api/handoffs/{open["id"]}/{answer}",
                new { reason = "Because" }
            );
            status = said.StatusCode;
        }
        else
        {
            host.Clock.Advance(TimeSpan.FromDays(2));
        }

        await host.DrainAsync();

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(expected, await host.ScalarAsync<string>("SELECT code || ' ' || argument FROM enrollment"));
    }

    [Fact]
    public async Task The_owner_gets_one_mail_with_the_brief_and_nobody_else_does()
    {
        await PublishAsync();
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Owned("ann", host));
        var ownerless = Owned("bob", host);
        ownerless["data"]!["lead"]!.AsObject().Remove("owner");
        await crm.FireAsync(ownerless);
        await host.DrainAsync();
        var mails = (await host.Http.GetFromJsonAsync<JsonObject>("/api/dev/inbox"))!["items"]!.AsArray();
        var text = await host.ScalarAsync<string>("SELECT text || html FROM development_inbox");

        Assert.Equal(
            "owner@example.com A lead for you: Ann <Lee>, Acme",
            $"{Assert.Single(mails)!["recipient"]} {mails[0]!["subject"]}"
        );
        Assert.Contains("Why now: asked for DE prices", text, StringComparison.Ordinal);
        Assert.Contains("Ann &lt;Lee&gt;", text, StringComparison.Ordinal);
        Assert.Contains("Budget: not known yet", text, StringComparison.Ordinal);
        Assert.Equal(2, await host.ScalarAsync<long>("SELECT count(*) FROM handoff WHERE state = 'offered'"));
    }

    [Fact]
    public async Task Sales_answers_once_and_gives_reasons()
    {
        await PublishAsync();
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Owned("ann", host));
        await host.DrainAsync();
        var id = (await HandoffAsync(host))["id"];
        var answers = new[]
        {
            await host.Http.PostAsync($"/api/handoffs/{id}/reject", null),
            await host.Http.PostAsJsonAsync($"/api/handoffs/{id}/recycle", new { reason = "Later", track = "nowhere" }),
            await host.Http.PostAsync($"/api/handoffs/{id}/accept", null),
            await host.Http.PostAsJsonAsync($"/api/handoffs/{id}/reject", new { reason = "Too late" }),
            await host.Http.PostAsync($"/api/handoffs/{Guid.NewGuid()}/accept", null),
            await host.Http.PostAsJsonAsync($"/api/handoffs/{id}/recycle", new { reason = "Not now" }),
        };

        Assert.Equal([400, 400, 200, 409, 404, 200], answers.Select(answer => (int)answer.StatusCode));
    }

    [Theory]
    [InlineData(null, "again 0, ends 2 lead.handed_off, pauses 0, stays 0, track 2 goal.reached Rejected")]
    [InlineData("ends", "ends 2 lead.handed_off, ends 0, pauses 0, stays 0, track 2 goal.reached Rejected")]
    public async Task A_hand_over_ends_other_tracks_and_a_recycled_lead_comes_back(string? track, string expected)
    {
        await PublishAsync();
        JsonObject[] Pause() => [Step("w", "Elsa.Delay", ("timeSpan", Literal("30d")))];
        await _folder.PublishAsync(Pause(), "T>w", null, "ends", ("reEnrolment", "perOccasion"));
        await _folder.PublishAsync(Pause(), "T>w", null, "pauses", ("atHandoff", "pause"));
        await _folder.PublishAsync(Pause(), "T>w", null, "stays", ("atHandoff", "continue"));
        await _folder.PublishAsync(Pause(), "T>w", Step("T", "Nurture.SalesRecycled"), "again");
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Owned("ann", host));
        await host.DrainAsync();
        var id = (await HandoffAsync(host))["id"];
        var before = await EnrollmentsAsync(host);
        await host.Http.PostAsJsonAsync($"/api/handoffs/{id}/recycle", new { reason = "Next year", track });
        await host.DrainAsync();

        Assert.Equal("ends 2 lead.handed_off, pauses 4, stays 0, track 0", before);
        Assert.Equal(expected, await EnrollmentsAsync(host));
    }

    [Theory]
    [InlineData("olga@example.com\\r\\nBcc: evil@example.org")]
    [InlineData("n/a")]
    public async Task An_owner_without_an_address_is_no_owner(string owner)
    {
        await PublishAsync();
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        var body = Owned("ann", host);
        body["data"]!["lead"]!["owner"]!["email"] = owner.Replace("\\r\\n", "\r\n", StringComparison.Ordinal);
        var answer = await crm.FireAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_late_answer_is_not_taken_for_that_of_the_next_hand_over()
    {
        await _folder.PublishAsync(
            [
                Step("h", "Nurture.HandOffToSales", ("timeout", Literal("2d"))),
                Step("w", "Elsa.Delay", ("timeSpan", Literal("30d"))),
                Step("no", "Nurture.Goal"),
            ],
            "T>h h.TimedOut>w w>h h.Rejected>no"
        );
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Owned("ann", host));
        await host.DrainAsync();
        host.Clock.Advance(TimeSpan.FromDays(3));
        await host.DrainAsync();
        var first = await host.ScalarAsync<Guid>("SELECT id FROM handoff WHERE visit = 1");
        await host.Http.PostAsJsonAsync($"/api/handoffs/{first}/reject", new { reason = "No budget" });
        await host.DrainAsync();
        host.Clock.Advance(TimeSpan.FromDays(30));
        await host.DrainAsync();
        var waiting = await host.ScalarAsync<short>("SELECT state FROM enrollment");
        var second = await host.ScalarAsync<Guid>("SELECT id FROM handoff WHERE visit = 2");
        await host.Http.PostAsJsonAsync($"/api/handoffs/{second}/reject", new { reason = "No budget still" });
        await host.DrainAsync();

        Assert.Equal(0, waiting);
        Assert.Equal("goal.reached", await host.ScalarAsync<string>("SELECT code FROM enrollment"));
    }

    [Fact]
    public async Task A_lead_that_comes_back_may_enter_another_track_of_the_same_lane()
    {
        await _folder.PublishAsync(
            [Step("h", "Nurture.HandOffToSales", ("timeout", Literal("2d")))],
            "T>h",
            null,
            "a",
            ("lane", "nurture"),
            ("priority", 90)
        );
        await _folder.PublishAsync(
            [Step("w", "Elsa.Delay", ("timeSpan", Literal("30d")))],
            "T>w",
            Step("T", "Nurture.SalesRecycled"),
            "b",
            ("lane", "nurture")
        );
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Owned("ann", host));
        await host.DrainAsync();
        var id = (await HandoffAsync(host))["id"];
        await host.Http.PostAsJsonAsync($"/api/handoffs/{id}/recycle", new { reason = "Later" });
        await host.DrainAsync();

        Assert.Equal("a 2 lane.taken, b 0", await EnrollmentsAsync(host));
    }

    private static Task<string> EnrollmentsAsync(TestHost host) =>
        host.ScalarAsync<string>(
            """
            SELECT string_agg(concat_ws(' ', t.definition_id, e.state, e.code, e.argument), ', ' ORDER BY t.definition_id, e.id)
              FROM enrollment e JOIN track t ON t.id = e.track_id
            """
        );

    private static async Task<JsonObject> HandoffAsync(TestHost host) =>
        (await host.Http.GetFromJsonAsync<JsonObject>("/api/handoffs?state=offered"))!["items"]!.AsArray()[
            0
        ]!.AsObject();

    private Task PublishAsync() =>
        _folder.PublishAsync(
            [
                Step(
                    "h",
                    "Nurture.HandOffToSales",
                    ("reason", Expression("Scriban", "asked for {{ lead.country }} prices")),
                    ("timeout", Literal("2d"))
                ),
                Step("Accepted", "Nurture.Goal"),
                Step("Rejected", "Nurture.Goal"),
                Step("TimedOut", "Nurture.Goal"),
            ],
            "T>h h.Accepted>Accepted h.Rejected>Rejected h.TimedOut>TimedOut"
        );

    private static JsonObject Owned(string lead, TestHost host)
    {
        var body = Crm.StageChange(lead, "MQL", host.Clock.GetUtcNow(), tier: "T2");
        var fields = body["data"]!["lead"]!.AsObject();
        fields["name"] = "Ann <Lee>";
        fields["country"] = "DE";
        fields["owner"] = new JsonObject { ["name"] = "Olga", ["email"] = "owner@example.com" };
        return body;
    }
}
