using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Host.Facts;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.Postgres.Intake;

namespace NurtureEngine.IntegrationTests.Laws;

/// <summary>
/// In whatever order and however often events come, split over however many turns: leads end as if each had come once and in order, and
/// enter a track once per occasion.
/// </summary>
public sealed class StreamLawTests(PostgresServer server, ITestOutputHelper output) : HostTests(server)
{
    private static readonly int Streams = Draws.Of(300);
    private static readonly string[] Types =
    [
        "lead.created",
        "lead.updated",
        "lead.stage_changed",
        "lead.deleted",
        "activity.form_submitted",
        "deal.updated",
    ];
    private static readonly string[] Stages = ["RL", "MQL", "SQL"];

    private const string StateSql = """
        SELECT string_agg(state, E'\n' ORDER BY state)
          FROM (SELECT concat_ws(' | ', substr(i.external_id, length(@prefix) + 1), l.deleted_at IS NOT NULL, (l.fields - 'company')::text, a.fields::text,
                       (SELECT string_agg(s.life_cycle || s.stage || s.origin, ',' ORDER BY s.life_cycle) FROM lead_stage s WHERE s.lead_id = l.id),
                       (SELECT string_agg(c.channel || c.granted, ',' ORDER BY c.channel) FROM consent c WHERE c.lead_id = l.id),
                       (SELECT string_agg(o.fields::text, ',' ORDER BY o.external_id) FROM opportunity_contact oc JOIN opportunity o ON o.id = oc.opportunity_id
                         WHERE oc.source = i.source AND oc.external_id = i.external_id)) AS state
                  FROM lead_identity i JOIN lead l ON l.id = i.lead_id LEFT JOIN account a ON a.id = l.account_id
                 WHERE i.external_id LIKE @prefix || '%') AS leads
        """;

    [Fact]
    public async Task A_mixed_stream_ends_as_the_clean_one_and_enrolls_once_per_occasion()
    {
        var random = new Random(Seed.Of(output));
        await _host.ChangeRulebookAsync(rulebook =>
            rulebook["lifeCycles"]!.AsArray()[0]!["stages"]!.AsArray()[2]!["rule"] = JsonNode.Parse(
                """{"signs":["Quote"]}"""
            )
        );
        for (var stream = 0; stream < Streams; stream++)
        {
            var events = Events(random);
            var (clean, mixed) = ($"c{stream}-", $"m{stream}-");
            await TellAsync(events.Select((one, i) => (one(clean), $"{clean}{i}")).ToList());
            var told = events.Select((one, i) => (Body: one(mixed), Id: $"{mixed}{i}")).ToList();
            // Some twice, in any order, a few at a time.
            var crowd = told.Concat(told.Where(_ => random.Next(3) == 0)).ToArray();
            random.Shuffle(crowd);
            while (crowd.Length > 0)
            {
                var few = random.Next(1, crowd.Length + 1);
                await TellAsync([.. crowd.Take(few)]);
                crowd = crowd[few..];
            }

            Assert.Equal(await StateAsync(clean), await StateAsync(mixed));
        }

        Assert.Equal(0, await _host.ScalarAsync<long>("SELECT count(*) FROM inbox WHERE state <> 'applied'"));
        Assert.Equal(
            0,
            await _host.ScalarAsync<long>(
                "SELECT count(*) FROM (SELECT lead_id, track_id FROM enrollment GROUP BY 1, 2 HAVING count(*) > 1) AS twice"
            )
        );
        Assert.True(await _host.ScalarAsync<long>("SELECT count(*) FROM enrollment") > Streams / 10);
    }

    // Each at a moment of its own: facts of the same moment have no order but that of arrival.
    private List<Func<string, JsonObject>> Events(Random random)
    {
        var moments = Enumerable.Range(1, 50).ToArray();
        random.Shuffle(moments);
        return
        [
            .. moments
                .Take(random.Next(2, 14))
                .Order()
                .Select(minute =>
                {
                    var (type, lead) = (Types[random.Next(Types.Length)], $"{random.Next(3)}");
                    var at = _host.Clock.GetUtcNow().AddMinutes(minute - 60);
                    var (name, stage) = (Value(random, "Ann", "Bea"), Stages[random.Next(Stages.Length)]);
                    var (given, size) = (random.Next(3), random.Next(9));
                    return (Func<string, JsonObject>)(
                        prefix =>
                            Crm.Event(
                                type,
                                prefix + lead,
                                at,
                                $$$"""{"name":{{{name}}},"title":"{{{(size > 4 ? "CTO" : "")}}}","company":{"externalId":"{{{prefix}}}","name":"Acme","size":{{{size}}}},"consent":[{"channel":"email","granted":{{{(given > 0 ? "true" : "false")}}}}]}""",
                                $$"""{"to":"{{stage}}","activity":{"name":"{{(size > 5 ? "Quote" : "Other")}}"},"deal":{"externalId":"{{prefix}}","stage":"{{stage}}"} }"""
                            )
                    );
                }),
        ];
    }

    private static string Value(Random random, params string[] values) =>
        random.Next(values.Length + 2) is var i && i < values.Length ? $"\"{values[i]}\""
        : i == values.Length ? "null"
        : "\"\"";

    private async Task TellAsync(List<(JsonObject Body, string Id)> events)
    {
        await _host
            .Services.GetRequiredService<InboxStore>()
            .AppendAllAsync(
                [
                    .. events.Select(one => new IncomingEvent(
                        "dev",
                        one.Id,
                        Lanes.Of(new ExternalKey("dev", $"{one.Body["data"]!["lead"]!["externalId"]}")),
                        $"{one.Body["type"]}",
                        Encoding.UTF8.GetBytes(one.Body.ToJsonString())
                    )),
                ],
                _host.Clock.GetUtcNow(),
                CancellationToken.None
            );
        while (await _host.TurnAsync<FactsWorker>()) { }
    }

    private async Task<string> StateAsync(string prefix) =>
        (await _host.ScalarAsync<string?>(StateSql, new { prefix }))?.Replace(prefix, "", StringComparison.Ordinal)
        ?? "";
}
