using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Facts;
using NurtureEngine.Host.Scheduling.Jobs;
using NurtureEngine.Host.Touches;
using NurtureEngine.Host.Tracks;
using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>Two channels side by side: what one of them does is none of the other's, and caps count both.</summary>
public sealed class ChannelTests(PostgresServer server) : IDisposable
{
    private readonly MemoryChannel _sms = new();
    private readonly TestClock _machine = new(TimeProvider.System.GetUtcNow());
    private readonly TrackFolder _folder = new("channels");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_channel_gets_its_own_touches()
    {
        await using var host = await StartAsync();
        await PlanAsync(host, ("ann", "email"), ("bea", "sms"));
        await host.TurnAsync<DispatchTurn>();

        Assert.Equal("accepted, accepted", await StatesAsync(host));
        Assert.Equal("4915112345671", Assert.Single(_sms.Taken));
        Assert.Equal(1, await host.ScalarAsync<long>("SELECT count(*) FROM development_inbox"));
    }

    [Fact]
    public async Task A_channel_that_is_down_holds_up_no_other()
    {
        await using var host = await StartAsync();
        _sms.Down = new ChannelException("The gateway is away.");
        await PlanAsync(host, ("ann", "email"), ("bea", "sms"));
        await host.TurnAsync<DispatchTurn>();
        var dispatch = host.Services.GetRequiredService<DispatchTurn>();

        Assert.Equal("accepted, deferred channel.unreachable", await StatesAsync(host));
        Assert.Equal(DispatchOutcome.Unreachable, await dispatch.DispatchAsync("sms", CancellationToken.None));
        Assert.Equal(DispatchOutcome.NothingDue, await dispatch.DispatchAsync("email", CancellationToken.None));
        Assert.Equal(DispatchOutcome.Unreachable, await dispatch.DispatchAsync("pigeon", CancellationToken.None));
    }

    [Theory]
    [InlineData("rejected", "rejected")]
    [InlineData("deferred", "planned")]
    [InlineData("uncertain", "uncertain")]
    [InlineData("throws", "uncertain")]
    public async Task Whatever_a_channel_answers_is_written_down(string answer, string expected)
    {
        await using var host = await StartAsync();
        _sms.Answer = _ =>
            answer switch
            {
                "rejected" => new DeliveryResult.Rejected("unknown number"),
                "deferred" => new DeliveryResult.Deferred("busy", TimeSpan.Zero),
                "uncertain" => new DeliveryResult.Uncertain("lost") { IsLost = true },
                _ => throw new TimeoutException("A test's."),
            };
        await PlanAsync(host, ("bea", "sms"));
        await host.TurnAsync<DispatchTurn>();
        await host.ExecuteAsync("UPDATE touch SET retry_at = clock_timestamp() WHERE state = 'deferred'");
        await host.TurnAsync<RecoveryWorker>();

        Assert.StartsWith(expected, await StatesAsync(host), StringComparison.Ordinal);
        Assert.Empty(_sms.Taken);
    }

    [Fact]
    public async Task A_suppressed_address_is_suppressed_on_its_channel_alone()
    {
        await using var host = await StartAsync();
        await PlanAsync(host, ("ann", "email"), ("ann", "sms"));
        await host.ExecuteAsync(
            "INSERT INTO suppression (channel, address, reason, at) VALUES ('sms', '4915112345670', 'bounced', now())"
        );
        await host.TurnAsync<DispatchTurn>();

        Assert.Equal("accepted, skipped address.suppressed", await StatesAsync(host));
    }

    [Fact]
    public async Task Caps_of_a_lead_count_what_left_by_either()
    {
        await using var host = await StartAsync();
        await host.SetCadenceAsync("""{"caps": [{"of": "lead", "most": 1, "per": "day"}]}""");
        await PlanAsync(host, ("ann", "email"), ("ann", "sms"));
        await host.TurnAsync<DispatchTurn>();

        Assert.Equal("accepted, planned cadence.cap", await StatesAsync(host));
    }

    [Fact]
    public async Task The_more_urgent_goes_first_by_whatever_channel()
    {
        await using var host = await StartAsync();
        await host.SetCadenceAsync("""{"caps": [{"of": "lead", "most": 1, "per": "day"}]}""");
        await PlanAsync(host, ("ann", "email"), ("ann", "sms"));
        await host.ExecuteAsync("UPDATE touch SET priority = 80 WHERE channel = 'sms'");
        var dispatch = host.Services.GetRequiredService<DispatchTurn>();
        await dispatch.DispatchAsync("email", CancellationToken.None);
        var behind = await StatesAsync(host);
        var wait = await host.ScalarAsync<TimeSpan>(
            "SELECT retry_at - clock_timestamp() FROM touch WHERE channel = 'email'"
        );
        await dispatch.DispatchAsync("sms", CancellationToken.None);
        await host.ExecuteAsync("UPDATE touch SET retry_at = clock_timestamp() WHERE state = 'deferred'");
        await host.TurnAsync<RecoveryWorker>();
        await dispatch.DispatchAsync("email", CancellationToken.None);

        Assert.Equal("deferred priority.behind, planned", behind);
        Assert.True(wait <= TimeSpan.FromSeconds(5), $"{wait}");
        Assert.Equal("planned cadence.cap, accepted", await StatesAsync(host));
    }

    [Theory]
    [InlineData(
        "INSERT INTO sending_stop (channel, reason, stopped_by, stopped_at) VALUES ('sms', 'A test''s.', 'test', now())"
    )]
    [InlineData("UPDATE touch SET due_at = due_at - interval '2 hours' WHERE channel = 'sms'")]
    [InlineData("UPDATE touch SET channel = 'pigeon' WHERE channel = 'sms'")]
    public async Task What_can_not_leave_holds_up_nobody(string how)
    {
        await using var host = await StartAsync();
        await host.SetCadenceAsync("""{"caps": [{"of": "lead", "most": 1, "per": "day"}]}""");
        await PlanAsync(host, ("ann", "email"), ("ann", "sms"));
        await host.ExecuteAsync("UPDATE touch SET priority = 80 WHERE channel = 'sms'");
        await host.ExecuteAsync(how);
        await host.Services.GetRequiredService<DispatchTurn>().DispatchAsync("email", CancellationToken.None);

        Assert.StartsWith("accepted", await StatesAsync(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caps_count_all_who_share_an_address_on_either_channel()
    {
        await using var host = await StartAsync();
        await host.SetCadenceAsync("""{"caps": [{"of": "lead", "most": 1, "per": "day"}]}""");
        await PlanAsync(host, ("ann", "email"), ("amy", "email"));
        await host.TurnAsync<DispatchTurn>();

        Assert.Equal(1, await host.ScalarAsync<long>("SELECT count(*) FROM touch WHERE state = 'accepted'"));
        Assert.Equal(1, await host.ScalarAsync<long>("SELECT count(*) FROM touch WHERE code = 'cadence.cap'"));
    }

    [Fact]
    public async Task A_channel_is_stopped_by_itself_and_has_slots_of_its_own()
    {
        await using var host = await StartAsync();
        var stopped = await host.Http.PostAsJsonAsync("/api/sending/sms/stop", new { reason = "A test's." });
        var unknown = await host.Http.PostAsJsonAsync("/api/sending/pigeon/stop", new { reason = "A test's." });
        await PlanAsync(host, ("ann", "email"), ("bea", "sms"));
        await host.TurnAsync<SlotTurn>();
        await host.TurnAsync<DispatchTurn>();

        Assert.Equal(HttpStatusCode.NoContent, stopped.StatusCode);
        Assert.Contains("expected email, sms", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("accepted, planned", await StatesAsync(host));
        Assert.Equal(
            "email 1, sms 0",
            await host.ScalarAsync<string>(
                "SELECT string_agg(channel || ' ' || (job_id IS NOT NULL)::int, ', ' ORDER BY channel) FROM send_slot"
            )
        );
    }

    private async Task<TestHost> StartAsync()
    {
        foreach (var stage in new[] { "MQL", "SQL" })
        {
            await _folder.PublishAsync(
                [Step("hello", "Nurture.SendEmail", ("templateId", Literal("welcome-hello")))],
                "T>hello",
                Step("T", "Nurture.LeadStageChanged", ("stage", Literal(stage))),
                $"at-{stage}",
                ("whenRepeated", "send")
            );
        }

        var connectionString = await server.CloneAsync();
        return await TestHost.StartAsync(
            connectionString,
            _folder.Path,
            machineClock: _machine,
            services: services => services.AddSingleton<IChannel>(_sms).AddJobs(connectionString)
        );
    }

    // No step plans for the second channel: what was planned for e-mail is moved to it.
    private static async Task PlanAsync(TestHost host, params (string Lead, string Channel)[] touches)
    {
        var crm = await Crm.ForAsync(host.Http, host.Database);
        foreach (var (i, (lead, channel)) in touches.Index())
        {
            var body = Crm.StageChange(lead, i % 2 == 0 ? "MQL" : "SQL", host.Clock.GetUtcNow().AddTicks(i));
            body["data"]!["lead"]!["phone"] = $"+491511234567{lead[0] - 'a'}";
            body["data"]!["lead"]!["consent"] = new JsonArray(
                Consent("email", host.Clock.GetUtcNow()),
                Consent("sms", host.Clock.GetUtcNow())
            );
            await crm.FireAsync(body);
            while (await host.TurnAsync<FactsWorker>() | await host.TurnAsync<AdvanceWorker>()) { }
            await host.ExecuteAsync(
                """
                UPDATE touch SET channel = @channel WHERE (lead_id, id) = (
                    SELECT lead_id, id FROM touch WHERE state = 'planned' ORDER BY planned_at DESC, enrollment_id DESC LIMIT 1)
                """,
                new { channel }
            );
        }
    }

    private static JsonObject Consent(string channel, DateTimeOffset at) =>
        new()
        {
            ["channel"] = channel,
            ["purpose"] = "marketing",
            ["granted"] = true,
            ["at"] = at,
        };

    private static Task<string> StatesAsync(TestHost host) =>
        host.ScalarAsync<string>(
            """
            SELECT string_agg(state || CASE WHEN state IN ('accepted', 'rejected', 'uncertain') THEN '' ELSE COALESCE(' ' || code, '') END, ', ' ORDER BY channel)
              FROM touch
            """
        );
}
