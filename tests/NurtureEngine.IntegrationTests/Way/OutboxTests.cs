using System.Text.Json.Nodes;
using NurtureEngine.Core.Intake;
using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>What tracks tell other systems, against a real receiver.</summary>
public sealed class OutboxTests(PostgresServer server) : IDisposable
{
    private readonly TrackFolder _folder = new("outbox");

    private static string Secret { get; } =
        WebhookSignature.NewSecret([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_webhook_is_signed_and_repeated_under_the_same_id_until_it_is_taken()
    {
        await PublishAsync("crm");
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answers.Enqueue(500);
        await using var host = await StartAsync(receiver.Url);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Crm.StageChange("ann", "MQL", host.Clock.GetUtcNow()));
        await host.DrainAsync();
        var waiting = await host.ScalarAsync<string>("SELECT state || ' ' || attempts || ' ' || fault FROM outbox");
        await host.ExecuteAsync("UPDATE outbox SET retry_at = clock_timestamp()");
        await host.DrainAsync();

        var calls = receiver.Received.ToArray();
        var body = JsonNode.Parse(calls[0].Body)!;
        Assert.Equal("waiting 1 500", waiting);
        Assert.Equal("sent 2", await host.ScalarAsync<string>("SELECT state || ' ' || attempts FROM outbox"));
        Assert.Equal(calls[0].Id, calls[1].Id);
        Assert.All(
            calls,
            call =>
                Assert.True(
                    WebhookSignature.Verify(
                        [WebhookSignature.KeyOf(Secret)!],
                        call.Id,
                        call.Timestamp,
                        call.Signature,
                        call.Body,
                        TimeProvider.System.GetUtcNow()
                    )
                )
        );
        Assert.Equal(
            "track.step_reached ann@example.com track c Ann wants prices",
            $"{body["type"]} {body["data"]!["lead"]!["email"]} {body["data"]!["track"]} {body["data"]!["step"]} {body["data"]!["message"]}"
        );
        Assert.Equal(1, await host.ScalarAsync<long>("SELECT count(*) FROM enrollment WHERE state = 1"));
    }

    [Fact]
    public async Task A_receiver_that_is_gone_makes_a_dead_letter_that_can_be_tried_again()
    {
        await PublishAsync("crm");
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answers.Enqueue(410);
        await using var host = await StartAsync(receiver.Url);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Crm.StageChange("ann", "MQL", host.Clock.GetUtcNow()));
        await host.DrainAsync();
        var dead = await host.ScalarAsync<string>("SELECT state || ' ' || fault FROM outbox");
        var id = await host.ScalarAsync<Guid>("SELECT id FROM outbox");
        await host.Http.PostAsync($"/api/outbox/{id}/retry", null);
        await host.DrainAsync();

        Assert.Equal("dead 410", dead);
        Assert.Equal("sent", await host.ScalarAsync<string>("SELECT state FROM outbox"));
    }

    [Theory]
    [InlineData("0", 0.1, 3_600)]
    [InlineData("2000000000", 3_600, 6 * 3_600 + 1)]
    public async Task A_receiver_may_ask_for_patience_within_reason_and_not_for_haste(
        string retryAfter,
        double least,
        double most
    )
    {
        await PublishAsync("crm");
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answers.Enqueue(503);
        receiver.RetryAfter = retryAfter;
        await using var host = await StartAsync(receiver.Url);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Crm.StageChange("ann", "MQL", host.Clock.GetUtcNow()));
        await host.DrainAsync();
        var wait = await host.ScalarAsync<double>(
            "SELECT extract(epoch FROM retry_at - clock_timestamp())::float8 FROM outbox"
        );
        var id = await host.ScalarAsync<Guid>("SELECT id FROM outbox");
        await host.Http.PostAsync($"/api/outbox/{id}/retry", null);
        await host.DrainAsync();

        Assert.InRange(wait, least, most);
        Assert.Equal("sent", await host.ScalarAsync<string>("SELECT state FROM outbox"));
    }

    [Fact]
    public async Task A_track_that_tells_nobody_known_is_not_published()
    {
        await PublishAsync("elsewhere");
        await using var host = await StartAsync("http://127.0.0.1:1/hook");

        Assert.Equal(0, await host.ScalarAsync<long>("SELECT count(*) FROM track_version"));
    }

    private async Task<TestHost> StartAsync(string url) =>
        await TestHost.StartAsync(
            await server.CloneAsync(),
            workflows: _folder.Path,
            settings: new Dictionary<string, string?>
            {
                ["Nurture:Webhooks:Targets:crm:Url"] = url,
                ["Nurture:Webhooks:Targets:crm:Secret"] = Secret,
            }
        );

    private Task PublishAsync(string target) =>
        _folder.PublishAsync(
            [
                Step(
                    "c",
                    "Nurture.CallWebhook",
                    ("target", Literal(target)),
                    ("message", Expression("Scriban", "{{ lead.first_name }} wants prices"))
                ),
            ],
            "T>c"
        );
}
