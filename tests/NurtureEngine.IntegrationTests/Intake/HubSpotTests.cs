using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Intake.HubSpot;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Intake;

/// <summary>HubSpot posts batches, again and again and in any order.</summary>
public sealed class HubSpotTests(PostgresServer server) : HostTests(server)
{
    private const string Secret = "hubspot-demo-client-secret";

    protected override IReadOnlyDictionary<string, string?>? Settings { get; } =
        new Dictionary<string, string?> { ["Nurture:Webhooks:HubSpot:ClientSecret"] = Secret };

    [Fact]
    public async Task Contacts_companies_stages_roles_and_deals_become_facts_once_in_whatever_order_they_come()
    {
        JsonObject[] events =
        [
            Of("contact.creation", 0, new() { ["objectId"] = 1 }),
            Property("contact", 1, 1, "email", "ann@acme.example"),
            Property("contact", 1, 2, "firstname", "Ann"),
            Property("contact", 1, 3, "lastname", "Lee"),
            Property("contact", 1, 4, "hs_buying_role", "DECISION_MAKER;CHAMPION"),
            Property("contact", 1, 5, "lifecyclestage", "lead"),
            Property("contact", 1, 6, "lifecyclestage", "marketingqualifiedlead"),
            Property("contact", 1, 7, "favourite_colour", "blue"),
            Property("company", 9, 8, "name", "Acme"),
            Property("company", 9, 9, "domain", "acme.example"),
            Of(
                "contact.associationChange",
                10,
                new()
                {
                    ["associationType"] = "CONTACT_TO_COMPANY",
                    ["fromObjectId"] = 1,
                    ["toObjectId"] = 9,
                }
            ),
            Property("deal", 5, 11, "dealname", "100 seats"),
            Property("deal", 5, 12, "dealstage", "closedwon"),
        ];
        var random = new Random(5);
        random.Shuffle(events);
        foreach (var chunk in events.Chunk(4))
        {
            Assert.Equal(HttpStatusCode.OK, await PostAsync(new JsonArray([.. chunk])));
            await _host.DrainAsync();
        }

        // The whole again, as HubSpot does after a timeout.
        await PostAsync(new JsonArray([.. events.Select(one => one.DeepClone())]));
        await _host.DrainAsync();

        var lead = (await GetAsync("/api/leads?externalId=1"))["items"]![0]!;
        Assert.Equal(
            ("Ann Lee", "ann@acme.example", "DecisionMaker", "blue"),
            (
                $"{lead["fields"]!["name"]}",
                $"{lead["fields"]!["email"]}",
                $"{lead["fields"]!["role"]}",
                $"{lead["fields"]!["custom.favourite_colour"]}"
            )
        );
        Assert.Equal(("MQL", "crm"), ($"{lead["stages"]![0]!["stage"]}", $"{lead["stages"]![0]!["origin"]}"));
        Assert.Equal("Acme", $"{lead["account"]!["name"]}");
        Assert.Equal(13, await _host.ScalarAsync<long>("SELECT count(*) FROM inbox WHERE state = 'applied'"));
        Assert.Equal("won", await _host.ScalarAsync<string>("SELECT fields->>'status' FROM opportunity"));
    }

    [Theory]
    [InlineData("0-1", "propertyChange", "MQL")]
    [InlineData("0-2", "propertyChange", null)]
    [InlineData("0-5", "propertyChange", null)]
    public async Task A_generic_subscription_means_the_kind_of_record_that_it_names(
        string kind,
        string what,
        string? stage
    )
    {
        await PostAsync(
            new JsonArray(
                Of("object.creation", 0, new() { ["objectTypeId"] = "0-1", ["objectId"] = 702 }),
                Of(
                    $"object.{what}",
                    1,
                    new()
                    {
                        ["objectTypeId"] = kind,
                        ["objectId"] = 702,
                        ["propertyName"] = "lifecyclestage",
                        ["propertyValue"] = "marketingqualifiedlead",
                    }
                ),
                Of("contact.creation", 0, new() { ["objectId"] = 702 })
            )
        );
        await _host.DrainAsync();

        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count(*) FROM lead"));
        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count(*) FROM inbox WHERE type = 'contact.creation'"));
        Assert.Equal(stage, await _host.ScalarAsync<string?>("SELECT max(stage) FROM lead_stage"));
    }

    [Fact]
    public async Task A_generic_merge_and_deal_and_company_are_what_they_say()
    {
        await PostAsync(
            new JsonArray(
                Generic("creation", "0-1", 1),
                Generic("creation", "0-1", 2),
                Of(
                    "object.merge",
                    2,
                    new()
                    {
                        ["objectTypeId"] = "0-1",
                        ["primaryObjectId"] = 1,
                        ["mergedObjectIds"] = new JsonArray(2),
                        ["newObjectId"] = 1,
                    }
                ),
                GenericProperty("0-3", 5, "dealname", "100 seats"),
                GenericProperty("0-2", 9, "name", "Acme"),
                Of(
                    "object.associationChange",
                    5,
                    new()
                    {
                        ["fromObjectTypeId"] = "0-2",
                        ["toObjectTypeId"] = "0-1",
                        ["fromObjectId"] = 9,
                        ["toObjectId"] = 1,
                    }
                )
            )
        );
        await _host.DrainAsync();

        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count(*) FROM lead WHERE merged_into IS NULL"));
        Assert.Equal("100 seats", await _host.ScalarAsync<string>("SELECT fields->>'name' FROM opportunity"));
        Assert.Equal(
            "Acme",
            await _host.ScalarAsync<string>(
                "SELECT a.fields->>'name' FROM lead l JOIN account a ON a.id = l.account_id WHERE l.merged_into IS NULL"
            )
        );

        JsonObject Generic(string what, string kind, int id) =>
            Of($"object.{what}", 0, new() { ["objectTypeId"] = kind, ["objectId"] = id });

        JsonObject GenericProperty(string kind, int id, string name, string value)
        {
            var property = Property("object", id, 3, name, value);
            property["objectTypeId"] = kind;
            return property;
        }
    }

    [Theory]
    [InlineData("contact.propertyChange", "hs_email_optout", "true", "withdrawn")]
    [InlineData("contact.propertyChange", "hs_email_optout_12345", "true", "withdrawn")]
    [InlineData("contact.propertyChange", "hs_email_optout", "false", "")]
    [InlineData("contact.subscriptionStatusChange", "status", "UNSUBSCRIBED", "withdrawn")]
    [InlineData("contact.subscriptionStatusChange", "status", "SUBSCRIBED", "")]
    public async Task Who_opts_out_there_has_withdrawn_consent(string type, string name, string value, string expected)
    {
        await PostAsync(
            new JsonArray(
                Of("contact.creation", 0, new() { ["objectId"] = 1 }),
                Of(
                    type,
                    1,
                    new()
                    {
                        ["objectId"] = 1,
                        ["propertyName"] = name,
                        ["propertyValue"] = value,
                    }
                )
            )
        );
        await _host.DrainAsync();

        Assert.Equal(
            expected,
            await _host.ScalarAsync<string>(
                "SELECT COALESCE(string_agg(CASE WHEN granted THEN 'granted' ELSE 'withdrawn' END, ' '), '') FROM consent WHERE channel = 'email'"
            )
        );
    }

    [Fact]
    public async Task Of_two_records_that_end_in_a_third_the_primary_one_is_believed()
    {
        await PostAsync(
            new JsonArray(
                Change(1, "email", "primary@example.com"),
                Change(1, "firstname", "Pri"),
                Change(2, "email", "secondary@example.com"),
                Change(2, "firstname", "Sec"),
                Change(2, "lastname", "SecL"),
                Of(
                    "contact.merge",
                    9,
                    new()
                    {
                        ["primaryObjectId"] = 1,
                        ["mergedObjectIds"] = new JsonArray(2),
                        ["newObjectId"] = 3,
                    }
                )
            )
        );
        await _host.DrainAsync();

        Assert.Equal(
            "primary@example.com Pri",
            await _host.ScalarAsync<string>(
                "SELECT (fields->>'email') || ' ' || (fields->>'name') FROM lead WHERE merged_into IS NULL"
            )
        );

        JsonObject Change(int id, string name, string value) =>
            Of(
                "contact.propertyChange",
                id + 1,
                new()
                {
                    ["objectId"] = id,
                    ["propertyName"] = name,
                    ["propertyValue"] = value,
                }
            );
    }

    [Fact]
    public async Task A_merge_and_what_nobody_understands_refuse_nothing_else_of_the_batch()
    {
        await PostAsync(
            new JsonArray(
                Of("contact.creation", 0, new() { ["objectId"] = 1 }),
                Of("contact.creation", 1, new() { ["objectId"] = 2 }),
                Of("ticket.creation", 2, new() { ["objectId"] = 7 }),
                JsonNode.Parse("17"),
                JsonNode.Parse(
                    """{"subscriptionType":"contact.propertyChange","objectId":1,"occurredAt":1,"propertyName":"a","propertyValue":"LONE"}"""
                ),
                Of(
                    "contact.merge",
                    3,
                    new()
                    {
                        ["primaryObjectId"] = 1,
                        ["mergedObjectIds"] = new JsonArray(2),
                        ["newObjectId"] = 3,
                    }
                )
            )
        );
        await _host.DrainAsync();

        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count(*) FROM lead WHERE merged_into IS NULL"));
        Assert.Equal(
            3,
            await _host.ScalarAsync<long>("SELECT count(*) FROM inbox WHERE fault_code = 'event.type_unsupported'")
        );
    }

    [Fact]
    public async Task A_stage_that_is_not_mapped_waits_until_it_is()
    {
        await PostAsync(new JsonArray(Property("contact", 1, 1, "lifecyclestage", "4711")));
        await _host.DrainAsync();
        Assert.Equal("stage.unknown", await _host.ScalarAsync<string>("SELECT fault_code FROM inbox"));

        await _host.ChangeRulebookAsync(rulebook =>
            rulebook["hubspot"] = JsonNode.Parse("""{"stages":{"4711":"SQL"}}""")
        );
        using var answer = await _host.Http.PostAsync("/api/inbox/replay?faultCode=stage.unknown", null);
        await _host.DrainAsync();

        Assert.Equal("SQL", await _host.ScalarAsync<string>("SELECT stage FROM lead_stage"));
    }

    [Theory]
    [InlineData("wrong-secret-of-somebody", 0)]
    [InlineData(Secret, -400)]
    public async Task A_signature_that_is_wrong_or_old_is_refused(string secret, int seconds) =>
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(new JsonArray(), secret, seconds));

    [Fact]
    public async Task A_body_that_is_no_list_is_refused() =>
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(new JsonObject()));

    private JsonObject Property(string kind, int id, int minute, string name, string value) =>
        Of(
            $"{kind}.propertyChange",
            minute,
            new()
            {
                ["objectId"] = id,
                ["propertyName"] = name,
                ["propertyValue"] = value,
            }
        );

    private JsonObject Of(string type, int minute, JsonObject more)
    {
        more["subscriptionType"] = type;
        more["portalId"] = 33;
        more["eventId"] = 100;
        more["occurredAt"] = _host.Clock.GetUtcNow().AddMinutes(minute - 60).ToUnixTimeMilliseconds();
        return more;
    }

    private async Task<HttpStatusCode> PostAsync(JsonNode body, string secret = Secret, int seconds = 0)
    {
        var bytes = Encoding.UTF8.GetBytes(
            // Half a character, which no writer of JSON writes.
            body.ToJsonString().Replace("LONE", "\\ud83d", StringComparison.Ordinal)
        );
        var at = TimeProvider
            .System.GetUtcNow()
            .AddSeconds(seconds)
            .ToUnixTimeMilliseconds()
            .ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/hubspot?tenant=t%3A1")
        {
            Content = new ByteArrayContent(bytes),
        };
        var url = new Uri(_host.Http.BaseAddress!, "/webhooks/hubspot?tenant=t%3A1").ToString();
        request.Headers.Add("X-HubSpot-Request-Timestamp", at);
        request.Headers.Add("X-HubSpot-Signature-v3", HubSpotSignature.Sign(secret, "POST", url, bytes, at));
        using var answer = await _host.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
