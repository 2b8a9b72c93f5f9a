using System.Text.Json.Nodes;
using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>What leads do, over the real database: it starts tracks and resumes the steps that wait for it.</summary>
public sealed class SignalTests(PostgresServer server) : IDisposable
{
    private readonly TrackFolder _folder = new("signal");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_form_starts_a_track_and_a_reply_ends_its_wait()
    {
        await _folder.PublishAsync(
            [
                Step("hello", "Nurture.SendEmail", ("templateId", Literal("welcome-hello"))),
                Step("r", "Nurture.WaitForReply", ("timeout", Literal("3d"))),
                Step("g", "Nurture.Goal"),
            ],
            "T>hello hello>r r.Replied>g",
            Step("T", "Nurture.FormSubmitted", ("form", Literal("Pricing")))
        );
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        foreach (var (lead, form) in new[] { ("ann", "pricing"), ("bob", "careers"), ("cyd", "Pricing") })
        {
            await crm.FireAsync(Did(lead, "form_submitted", form, host));
        }

        await host.DrainAsync();
        host.Clock.Advance(TimeSpan.FromDays(1));
        await crm.FireAsync(Did("ann", "replied", null, host));
        await host.DrainAsync();
        host.Clock.Advance(TimeSpan.FromDays(3));
        await host.DrainAsync();

        Assert.Equal(
            "ann@example.com 2 goal.reached, cyd@example.com 1",
            await host.ScalarAsync<string>(
                "SELECT string_agg(l.fields ->> 'email' || ' ' || e.state || COALESCE(' ' || e.code, ''), ', ' ORDER BY l.fields ->> 'email') FROM enrollment e JOIN lead l ON l.id = e.lead_id"
            )
        );
        Assert.Equal(0, await host.ScalarAsync<long>("SELECT count(*) FROM signal"));
        Assert.Equal(
            "careers, pricing, Pricing",
            await host.ScalarAsync<string>(
                "SELECT string_agg(arguments ->> 'name', ', ' ORDER BY lower(arguments ->> 'name'), arguments ->> 'name' DESC) FROM timeline WHERE kind = 'activity.form_submitted'"
            )
        );
    }

    [Fact]
    public async Task An_answer_to_a_touch_is_for_its_own_enrollment_and_a_parked_one_keeps_its_signals()
    {
        foreach (var id in new[] { "one", "two" })
        {
            await _folder.PublishAsync(
                [
                    Step("hello", "Nurture.SendEmail", ("templateId", Literal("welcome-hello"))),
                    Step(
                        "e",
                        "Nurture.WaitForEngagement",
                        ("engagement", Literal("click")),
                        ("timeout", Literal("3d"))
                    ),
                    Step("g", "Nurture.Goal"),
                ],
                "T>hello hello>e e.Engaged>g",
                null,
                id
            );
        }

        await using var host = await TestHost.StartAsync(await server.CloneAsync(), workflows: _folder.Path);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Crm.StageChange("ann", "MQL", host.Clock.GetUtcNow()));
        await host.DrainAsync();
        await host.ExecuteAsync("UPDATE enrollment SET state = 3, due_at = NULL, code = 'test' WHERE id = 1");
        foreach (
            var touch in new[]
            {
                await host.ScalarAsync<Guid>("SELECT id FROM touch WHERE enrollment_id = 1"),
                await host.ScalarAsync<Guid>("SELECT id FROM touch WHERE enrollment_id = 2"),
            }
        )
        {
            var clicked = Did("ann", "link_clicked", "demo", host);
            clicked["data"]!["activity"]!["touchId"] = $"{touch}";
            await crm.FireAsync(clicked);
        }

        await host.DrainAsync();
        var before = await EnrollmentsAsync(host);
        await host.Http.PostAsync("/api/enrollments/1/retry", null);
        await host.DrainAsync();

        Assert.Equal("1 3 test, 2 2 goal.reached", before);
        Assert.Equal("1 2 goal.reached, 2 2 goal.reached", await EnrollmentsAsync(host));
    }

    private static Task<string> EnrollmentsAsync(TestHost host) =>
        host.ScalarAsync<string>(
            "SELECT string_agg(id || ' ' || state || ' ' || code, ', ' ORDER BY id) FROM enrollment"
        );

    private static JsonObject Did(string lead, string what, string? name, TestHost host)
    {
        var body = Crm.StageChange(lead, "MQL", host.Clock.GetUtcNow());
        body["type"] = $"activity.{what}";
        body["data"]!["activity"] = new JsonObject { ["name"] = name };
        return body;
    }
}
