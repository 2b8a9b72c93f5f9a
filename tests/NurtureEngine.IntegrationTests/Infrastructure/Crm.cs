using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using NurtureEngine.Core.Intake;
using NurtureEngine.Postgres.Intake;

namespace NurtureEngine.IntegrationTests.Infrastructure;

/// <summary>A CRM: signs events with the secret of source <c>dev</c> and posts them.</summary>
internal sealed class Crm(HttpClient http, byte[] key)
{
    public static async Task<Crm> ForAsync(HttpClient http, NpgsqlDataSource database) =>
        new(
            http,
            WebhookSignature.KeyOf(
                (await new WebhookSourceStore(database).FindSecretAsync("dev", CancellationToken.None))!
            )!
        );

    /// <summary>A stage change of a lead that consented; what is not given is not sent.</summary>
    public static JsonObject StageChange(
        string lead,
        string to,
        DateTimeOffset at,
        string? tier = null,
        string? language = null,
        bool consents = true,
        long? version = null
    )
    {
        var body = JsonSerializer
            .SerializeToNode(
                new
                {
                    type = "lead.stage_changed",
                    timestamp = at,
                    data = new
                    {
                        lead = new
                        {
                            externalId = lead,
                            email = $"{lead}@example.com",
                            name = "Ann Lee",
                        },
                        to,
                    },
                }
            )!
            .AsObject();
        var fields = body["data"]!["lead"]!.AsObject();
        if (tier is not null)
        {
            fields["company"] = new JsonObject
            {
                ["externalId"] = $"company-of-{lead}",
                ["name"] = "Acme",
                ["tier"] = tier,
            };
        }

        if (language is not null)
        {
            fields["language"] = language;
        }

        if (consents)
        {
            fields["consent"] = new JsonArray(
                new JsonObject
                {
                    ["channel"] = "email",
                    ["purpose"] = "marketing",
                    ["granted"] = true,
                }
            );
        }

        if (version is not null)
        {
            body["data"]!["version"] = version;
        }

        return body;
    }

    /// <summary>An event about a lead; <paramref name="lead"/> and <paramref name="data"/> are JSON beside the lead's id.</summary>
    public static JsonObject Event(string type, string id, DateTimeOffset at, string lead = "{}", string data = "{}")
    {
        var fields = JsonNode.Parse(lead)!.AsObject();
        fields["externalId"] = id;
        var content = JsonNode.Parse(data)!.AsObject();
        content["lead"] = fields;
        return new JsonObject
        {
            ["type"] = type,
            ["timestamp"] = at,
            ["data"] = content,
        };
    }

    public Task<HttpResponseMessage> FireAsync(JsonObject body, string? eventId = null) =>
        PostAsync(
            Encoding.UTF8.GetBytes(body.ToJsonString()),
            eventId ?? Guid.NewGuid().ToString("N"),
            TimeProvider.System.GetUtcNow(),
            key
        );

    /// <summary>Posts whatever bytes, signed at whatever moment, with whatever key.</summary>
    public async Task<HttpResponseMessage> PostAsync(
        byte[] body,
        string eventId,
        DateTimeOffset signedAt,
        byte[] signWith,
        string source = "dev"
    )
    {
        var timestamp = signedAt.ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/webhooks/crm/{source}")
        {
            Content = new ByteArrayContent(body),
        };
        request.Headers.Add("webhook-id", eventId);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Sign(signWith, eventId, timestamp, body));
        return await http.SendAsync(request);
    }

    public byte[] Key => key;
}
