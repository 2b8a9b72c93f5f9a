using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NurtureEngine.Host.Intake;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Api;

/// <summary>Webhooks as somebody sends them who is new to this, or who means harm.</summary>
public sealed class WebhookFaultTests(PostgresServer server) : HostTests(server)
{
    [Fact]
    public async Task A_wrong_secret_an_old_timestamp_and_an_unknown_source_are_refused_alike()
    {
        var (body, now) = (
            Bytes(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow())),
            TimeProvider.System.GetUtcNow()
        );
        HttpResponseMessage[] answers =
        [
            await _crm.PostAsync(body, "1", now, new byte[32]),
            await _crm.PostAsync(body, "2", now.AddSeconds(-310), _crm.Key),
            await _crm.PostAsync(body, "3", now.AddSeconds(310), _crm.Key),
            await _crm.PostAsync(body, "4", now, _crm.Key, source: "nobody"),
            await _host.Http.PostAsync("/webhooks/crm/dev", new ByteArrayContent(body)),
        ];

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
        Assert.Single((await Task.WhenAll(answers.Select(DetailAsync))).Distinct());
        Assert.Equal(0, await _host.ScalarAsync<long>("SELECT count(*) FROM inbox"));
    }

    [Fact]
    public async Task All_faults_of_one_body_come_back_at_once_with_their_places()
    {
        var answer = await FireTextAsync(
            """{"type":"lead.stage_changed","timestamp":"yesterday","data":{"lead":{"externalId":"","email":"not an address","company":{"name":"Acme","tier":"T9"},"consent":[{"channel":"email"}]}}}"""
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var places = (await ErrorsAsync(answer))
            .Select(error => error!["pointer"]!.GetValue<string>())
            .Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "#/data/lead/company/tier",
                "#/data/lead/consent/0/granted",
                "#/data/lead/email",
                "#/data/lead/externalId",
                "#/data/to",
                "#/timestamp",
            ],
            places
        );
        Assert.Equal(0, await _host.ScalarAsync<long>("SELECT count(*) FROM inbox"));
    }

    [Theory]
    [InlineData("{", "The body is no JSON")]
    [InlineData("", "The body is no JSON")]
    [InlineData("""{"type":"lead.created","type":"lead.deleted"}""", "names a member twice")]
    [InlineData("[]", "The body is an array; expected an object.")]
    [InlineData(
        """{"type":"lead.created","timestamp":"2026-06-01T00:00:00Z","data":{"lead":{"externalId":"1","timeZone":"CET+1"}}}""",
        "'CET+1' is no time zone; expected an IANA name such as Europe/Berlin."
    )]
    [InlineData(
        """{"type":"lead.stage_changed","timestamp":"2026-01-01T00:00:00Z","data":null}""",
        "'data' is missing"
    )]
    [InlineData(
        """{"type":"order.placed","timestamp":"2026-01-01T00:00:00Z","data":{"lead":{"externalId":"1"}}}""",
        "'order.placed' is not known"
    )]
    [InlineData(
        """{"type":"lead.updated","timestamp":"2026-01-01T00:00:00Z","data":{"lead":{"externalId":"\ud800"}}}""",
        "no valid Unicode"
    )]
    [InlineData(
        """{"type":"lead.updated","timestamp":"2026-01-01T00:00:00","data":{"lead":{"externalId":"1"}}}""",
        "is no instant"
    )]
    [InlineData(
        """{"type":"lead.updated","timestamp":"2026-01-01T00:00:00Z","data":{"lead":{"externalId":"1","name":"a\u0000b"}}}""",
        "NUL"
    )]
    [InlineData(
        """{"type":"lead.updated","timestamp":"2026-01-01T00:00:00Z","data":{"lead":{"externalId":"1","custom":{"a":[1]}}}}""",
        "'custom/a' is an array"
    )]
    [InlineData(
        """{"type":"lead.updated","timestamp":"2026-01-01T00:00:00Z","data":{"lead":{"externalId":"1","custom":{"a":"b\u0000c"}}}}""",
        "NUL"
    )]
    [InlineData(
        """{"type":"lead.updated","timestamp":null,"data":{"lead":{"externalId":"1"}}}""",
        "'timestamp' is missing"
    )]
    [InlineData(
        """{"type":"lead.updated","timestamp":"2026-01-01T00:00:00Z","data":{"lead":{"externalId":"1","consent":[{"channel":"","granted":true}]}}}""",
        "'channel' is missing"
    )]
    [InlineData(
        """{"type":"lead.updated","timestamp":"2026-01-01T00:00:00Z","data":{"lead":{"externalId":"1","consent":[{"channel":"pigeon","granted":true}]}}}""",
        "'pigeon' is not known"
    )]
    public async Task A_faulty_body_is_a_400_that_says_what_was_expected(string body, string expected)
    {
        var answer = await FireTextAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(
            (await ErrorsAsync(answer)).Select(error => error!["detail"]!.GetValue<string>()),
            detail => detail.Contains(expected, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_a_413_however_it_is_sent()
    {
        var body = Encoding.UTF8.GetBytes(new string(' ', CrmWebhook.MaxBody + 1));
        var answer = await _crm.PostAsync(body, "1", TimeProvider.System.GetUtcNow(), _crm.Key);
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/webhooks/crm/dev")
        {
            Content = new StreamContent(new MemoryStream(body)),
        };
        chunked.Headers.TransferEncodingChunked = true;
        var other = await _host.Http.SendAsync(chunked);

        Assert.Equal(
            (HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.RequestEntityTooLarge),
            (answer.StatusCode, other.StatusCode)
        );
    }

    [Fact]
    public async Task An_id_that_no_index_takes_is_refused_at_the_door()
    {
        var body = Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow());
        body["data"]!["lead"]!["externalId"] = new string('线', 201);

        Assert.Equal(HttpStatusCode.BadRequest, (await _crm.FireAsync(body)).StatusCode);
    }

    [Fact]
    public async Task An_event_whose_facts_are_not_applied_yet_is_kept_as_a_dead_letter()
    {
        var scored = Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow());
        scored["type"] = "lead.scored";
        var answer = await _crm.FireAsync(scored);
        await _host.DrainAsync();

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("event.type_unsupported", await _host.ScalarAsync<string>("SELECT fault_code FROM inbox"));
    }

    [Fact]
    public async Task An_event_from_the_future_can_not_outrank_those_to_come()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow().AddDays(400)));
        await _host.DrainAsync();

        Assert.Equal("event.in_future", await _host.ScalarAsync<string>("SELECT fault_code FROM inbox"));
    }

    [Fact]
    public async Task A_poisonous_event_is_set_aside_and_those_behind_it_are_applied()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow()), "poison");
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow()), "healthy");
        await _host.ExecuteAsync("UPDATE inbox SET body = 'damaged' WHERE event_id = 'poison'");
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await _host.DrainAsync();
            await _host.ExecuteAsync("UPDATE inbox SET retry_at = NULL WHERE state = 'pending'");
        }

        await _host.DrainAsync();
        Assert.Equal("dead", await _host.ScalarAsync<string>("SELECT state FROM inbox WHERE event_id = 'poison'"));
        Assert.Equal("applied", await _host.ScalarAsync<string>("SELECT state FROM inbox WHERE event_id = 'healthy'"));
    }

    [Fact]
    public async Task Fuzzed_bodies_are_never_the_servers_fault()
    {
        var random = new Random(20261121);
        var seed = Bytes(
            Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow(), tier: "T3", language: "en", version: 7)
        );
        for (var round = 0; round < 400; round++)
        {
            var body = seed.ToArray();
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            var answer = await _crm.PostAsync(body, $"fuzz-{round}", TimeProvider.System.GetUtcNow(), _crm.Key);
            Assert.True((int)answer.StatusCode is 202 or 400, $"Round {round} got {answer.StatusCode}.");
        }

        await _host.DrainAsync();
        Assert.Equal(
            0,
            await _host.ScalarAsync<long>(
                "SELECT count(*) FROM inbox WHERE state = 'pending' OR fault_code = 'event.failed'"
            )
        );
    }

    private Task<HttpResponseMessage> FireTextAsync(string body) =>
        _crm.PostAsync(
            Encoding.UTF8.GetBytes(body),
            Guid.NewGuid().ToString("N"),
            TimeProvider.System.GetUtcNow(),
            _crm.Key
        );

    private static byte[] Bytes(JsonObject body) => Encoding.UTF8.GetBytes(body.ToJsonString());

    private static async Task<JsonArray> ErrorsAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!.AsArray();

    private static async Task<string?> DetailAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString();
}
