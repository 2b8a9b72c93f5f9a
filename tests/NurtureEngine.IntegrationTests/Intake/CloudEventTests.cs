using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using NurtureEngine.Core.Intake;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Intake;

/// <summary>CloudEvents in structured mode, and senders who send too much.</summary>
public sealed class CloudEventTests(PostgresServer server) : HostTests(server)
{
    private static readonly byte[] SlowKey = [.. Enumerable.Repeat((byte)9, 32)];

    protected override IReadOnlyDictionary<string, string?>? Settings { get; } =
        new Dictionary<string, string?>
        {
            ["Nurture:Webhooks:Sources:slow:Secrets:0"] = WebhookSignature.NewSecret(SlowKey),
            ["Nurture:Webhooks:Sources:slow:PerSecond"] = "1",
        };

    [Fact]
    public async Task A_CloudEvent_is_an_event_and_the_same_one_twice_is_one()
    {
        var body =
            $$"""{"specversion":"1.0","id":"e-1","source":"/crm/acme","type":"com.example.lead.created","time":"{{_host.Clock.GetUtcNow():O}}","datacontenttype":"application/json","data":{"lead":{"externalId":"ann","name":"Ann"} } }""";
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(body, "one"));
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(body, "two"));
        await _host.DrainAsync();

        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count(*) FROM inbox"));
        Assert.Equal("Ann", await _host.ScalarAsync<string>("SELECT fields->>'name' FROM lead"));
    }

    [Theory]
    [InlineData(
        """{"specversion":"0.3","id":"1","source":"/a","type":"lead.created","time":"2026-01-01T00:00:00Z","data":{"lead":{"externalId":"1"}}}"""
    )]
    [InlineData(
        """{"specversion":"1.0","source":"/a","type":"lead.created","time":"2026-01-01T00:00:00Z","data":{"lead":{"externalId":"1"}}}"""
    )]
    [InlineData(
        """{"specversion":"1.0","id":"1","source":"/a","type":"lead.created","time":"2026-01-01T00:00:00Z","data_base64":"e30="}"""
    )]
    public async Task One_that_is_none_is_refused(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(body, "one"));

    [Fact]
    public async Task One_in_binary_mode_is_an_event_and_its_headers_make_no_other_of_it()
    {
        const string body = """{"lead":{"externalId":"ann","name":"Ann"}}""";
        using var faulty = await BinaryAsync(body, "webhook", "one", ("ce-specversion", "1.0"));
        Assert.Equal(HttpStatusCode.BadRequest, faulty.StatusCode);
        Assert.Contains("type", await faulty.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        foreach (var type in new[] { "com.example.lead.created", "lead.deleted" })
        {
            using var answer = await BinaryAsync(
                body,
                "svix",
                "two",
                ("ce-specversion", "1.0"),
                ("ce-id", "e%20-1"),
                ("ce-source", "/crm/acme"),
                ("ce-type", type),
                ("ce-time", $"{_host.Clock.GetUtcNow():O}")
            );
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }

        await _host.DrainAsync();
        Assert.Equal(
            "Ann",
            await _host.ScalarAsync<string>("SELECT fields->>'name' FROM lead WHERE deleted_at IS NULL")
        );
        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count(*) FROM inbox"));
    }

    private async Task<HttpResponseMessage> BinaryAsync(
        string body,
        string prefix,
        string id,
        params (string Name, string Value)[] headers
    )
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var at = TimeProvider.System.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/crm/slow")
        {
            Content = new ByteArrayContent(bytes),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add($"{prefix}-id", id);
        request.Headers.Add($"{prefix}-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add($"{prefix}-signature", WebhookSignature.Sign(SlowKey, id, at.ToUnixTimeSeconds(), bytes));
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await _host.Http.SendAsync(request);
    }

    [Fact]
    public async Task A_source_that_sends_more_than_it_may_is_told_when_to_come_again_and_others_are_not()
    {
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 400 && !answers.Contains(HttpStatusCode.TooManyRequests); i++)
        {
            var body = Crm.Event("lead.created", $"{i}", _host.Clock.GetUtcNow());
            using var answer = await _crm.PostAsync(
                Encoding.UTF8.GetBytes(body.ToJsonString()),
                $"{i}",
                TimeProvider.System.GetUtcNow(),
                SlowKey,
                "slow"
            );
            answers.Add(answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                Assert.NotNull(answer.Headers.RetryAfter);
            }
        }

        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        Assert.Equal(
            answers.Count(code => code == HttpStatusCode.Accepted),
            await _host.ScalarAsync<long>("SELECT count(*) FROM inbox")
        );
        using var other = await _crm.FireAsync(Crm.Event("lead.created", "ann", _host.Clock.GetUtcNow()));
        Assert.Equal(HttpStatusCode.Accepted, other.StatusCode);
    }

    private async Task<HttpStatusCode> PostAsync(string body, string id)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var at = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/crm/dev")
        {
            Content = new ByteArrayContent(bytes),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", at.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Sign(_crm.Key, id, at, bytes));
        using var answer = await _host.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
