using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using NurtureEngine.Channels.Alerts;
using NurtureEngine.Core.Outgoing;
using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>What colleagues are told of a hand-off in a chat, against a real receiver.</summary>
public sealed class AlertTests(PostgresServer server) : IDisposable
{
    private readonly TrackFolder _folder = new("alerts");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_hand_off_is_told_once_with_why_now_and_without_how_to_reach_the_lead()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var host = await StartAsync(receiver.Url);
        await HandOffAsync(host, "ann");
        await host.DrainAsync();

        var text = TextOf(Assert.Single(receiver.Received).Body);
        Assert.StartsWith("*A lead for you: Ann &lt;Lee&gt;, Acme*\n", text, StringComparison.Ordinal);
        Assert.Contains("Why now: wants a &amp; b", text, StringComparison.Ordinal);
        Assert.Contains("Owner: owner@example.com", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ann@example.com", text, StringComparison.Ordinal);
        Assert.Equal("alert sent, email sent", await OutboxAsync(host));
    }

    [Theory]
    [InlineData(500, "waiting 500")]
    [InlineData(429, "waiting 429")]
    [InlineData(404, "dead 404")]
    [InlineData(410, "dead 410")]
    [InlineData(302, "dead 302")]
    public async Task What_the_receiver_answers_is_no_reason_to_post_again_at_once(int answer, string expected)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answers.Enqueue(answer);
        await using var host = await StartAsync(receiver.Url);
        await HandOffAsync(host, "ann");
        await host.DrainAsync();

        Assert.Single(receiver.Received);
        Assert.Equal(
            expected,
            await host.ScalarAsync<string>("SELECT state || ' ' || fault FROM outbox WHERE kind = 'alert'")
        );
    }

    [Fact]
    public async Task A_receiver_that_keeps_failing_is_left_alone_and_shows_as_degraded()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            receiver.Answers.Enqueue(500);
        }

        await using var host = await StartAsync(receiver.Url);
        await HandOffAsync(host, [.. Enumerable.Range(0, 5).Select(i => $"lead-{i}")]);
        await host.DrainAsync();
        await HandOffAsync(host, "ann");
        await host.DrainAsync();
        using var health = await host.Http.GetAsync("/healthz");

        Assert.Equal(5, receiver.Received.Count);
        Assert.Equal((200, "Degraded"), ((int)health.StatusCode, await health.Content.ReadAsStringAsync()));
        Assert.Equal(
            1,
            await host.ScalarAsync<long>(
                "SELECT count(*) FROM outbox WHERE kind = 'alert' AND state = 'waiting' AND fault = 'target.failing' AND attempts = 0"
            )
        );
    }

    [Fact]
    public async Task A_receiver_that_is_away_is_tried_again_and_its_address_is_kept_nowhere()
    {
        await using var host = await StartAsync($"http://127.0.0.1:{FreePort()}/services/T0/B0/secret");
        await HandOffAsync(host, "ann");
        await host.DrainAsync();

        var row = await host.ScalarAsync<string>("SELECT outbox::text FROM outbox WHERE kind = 'alert'");
        Assert.Contains("waiting", row, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_that_never_ends_its_answer_holds_nothing_up()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var asked = AnswerWithoutEndAsync(listener);
        await using var host = await StartAsync(
            $"http://127.0.0.1:{((System.Net.IPEndPoint)listener.LocalEndpoint).Port}/hook/?token=secret"
        );
        await HandOffAsync(host, "ann");
        await host.DrainAsync();

        Assert.Equal("alert sent, email sent", await OutboxAsync(host));
        Assert.StartsWith("POST /hook/?token=secret ", await asked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@all", "@\u200Ball")]
    [InlineData("(@here) now", "(@\u200Bhere) now")]
    [InlineData("ann@example.com", "ann@example.com")]
    [InlineData("[x](http://x.example)", "[x]\u200B(http://x.example)")]
    [InlineData("<!channel> & <http://x.example|x>", "&lt;!channel&gt; &amp; &lt;http://x.example|x&gt;")]
    public void What_a_lead_is_called_notifies_nobody_and_is_no_link(string said, string expected) =>
        Assert.Equal(
            $"*Title*\n{expected}",
            SlackAlerts.TextOf(new OutboxMessage.Alert(Guid.Empty, "sales", "Title", said))
        );

    [Fact]
    public async Task An_address_of_a_private_network_is_not_called()
    {
        await using var host = await StartAsync("https://10.0.0.1/services/T0/B0/secret");
        await HandOffAsync(host, "ann");
        await host.DrainAsync();

        Assert.Equal(
            "dead address.private",
            await host.ScalarAsync<string>("SELECT state || ' ' || fault FROM outbox WHERE kind = 'alert'")
        );
    }

    private async Task<TestHost> StartAsync(string url)
    {
        await _folder.PublishAsync(
            [Step("h", "Nurture.HandOffToSales", ("reason", Literal("wants a & b")), ("timeout", Literal("1d")))],
            "T>h"
        );
        return await TestHost.StartAsync(
            await server.CloneAsync(),
            _folder.Path,
            settings: new Dictionary<string, string?>
            {
                ["Nurture:Alerts:Targets:sales:Kind"] = "slack",
                ["Nurture:Alerts:Targets:sales:Url"] = url,
            }
        );
    }

    private static async Task HandOffAsync(TestHost host, params string[] leads)
    {
        var crm = await Crm.ForAsync(host.Http, host.Database);
        foreach (var lead in leads)
        {
            var body = Crm.StageChange(lead, "MQL", host.Clock.GetUtcNow());
            body["data"]!["lead"]!["name"] = "Ann <Lee>";
            body["data"]!["lead"]!["company"] = new JsonObject { ["externalId"] = "acme", ["name"] = "Acme" };
            body["data"]!["lead"]!["owner"] = new JsonObject { ["email"] = "owner@example.com" };
            await crm.FireAsync(body);
        }
    }

    private static Task<string> OutboxAsync(TestHost host) =>
        host.ScalarAsync<string>("SELECT string_agg(kind || ' ' || state, ', ' ORDER BY kind) FROM outbox");

    private static string TextOf(byte[] body) => $"{JsonNode.Parse(Encoding.UTF8.GetString(body))!["text"]}";

    private static async Task<string> AnswerWithoutEndAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        var line = await reader.ReadLineAsync() ?? "";
        while (await reader.ReadLineAsync() is { Length: > 0 }) { }
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"u8.ToArray());
        // Until the other side has given up on the rest.
        _ = await reader.ReadToEndAsync();
        return line;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
