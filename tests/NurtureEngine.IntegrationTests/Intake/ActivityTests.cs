using System.Text.Json.Nodes;
using NurtureEngine.Core.Intake;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Intake;

/// <summary>What leads do, as several systems tell it.</summary>
public sealed class ActivityTests(PostgresServer server) : HostTests(server)
{
    private static readonly byte[] OtherKey = [.. Enumerable.Repeat((byte)7, 32)];

    protected override IReadOnlyDictionary<string, string?>? Settings { get; } =
        new Dictionary<string, string?>
        {
            ["Nurture:Webhooks:Sources:web:Secrets:0"] = WebhookSignature.NewSecret(OtherKey),
        };

    [Fact]
    public async Task One_real_visit_that_two_tools_report_counts_once_and_two_that_one_reports_count_twice()
    {
        await _crm.FireAsync(Crm.Event("lead.created", "ann", Now, """{"email":"ann@example.com"}"""));
        await _host.DrainAsync();
        await VisitAsync("dev", Now);
        await VisitAsync("dev", Now.AddMinutes(1));
        await _host.DrainAsync();
        await MergeNamesAsync();
        await VisitAsync("web", Now.AddSeconds(20));
        await VisitAsync("web", Now.AddSeconds(70));
        await VisitAsync("web", Now.AddSeconds(90));
        await _host.DrainAsync();

        Assert.Equal(
            2,
            await _host.ScalarAsync<long>(
                "SELECT count(*) FROM timeline WHERE arguments->>'effect' = 'reported_before'"
            )
        );
        Assert.Equal(
            3,
            await _host.ScalarAsync<long>(
                "SELECT count(*) FROM timeline WHERE kind = 'activity.page_visited' AND NOT arguments ? 'effect'"
            )
        );
    }

    [Fact]
    public async Task Where_an_activity_came_from_and_what_it_cost_is_on_the_timeline()
    {
        await _crm.FireAsync(
            Crm.Event(
                "activity.event_attended",
                "ann",
                Now,
                data: """{"activity":{"name":"Expo","source":"trade fair","campaign":"spring","cost":{"amount":120.5,"currency":"eur"}}}"""
            )
        );
        await _host.DrainAsync();

        var told = JsonNode.Parse(await _host.ScalarAsync<string>("SELECT arguments::text FROM timeline"))!;
        Assert.Equal(
            ("trade fair", "spring", "120.5 EUR"),
            ($"{told["source"]}", $"{told["campaign"]}", $"{told["cost"]}")
        );
    }

    private DateTimeOffset Now => _host.Clock.GetUtcNow();

    // Both tools know the same person: the website's name is one of the lead.
    private Task MergeNamesAsync() =>
        _host.ExecuteAsync(
            "INSERT INTO lead_identity (source, external_id, lead_id) SELECT 'web', 'ann', lead_id FROM lead_identity WHERE source = 'dev'"
        );

    private async Task VisitAsync(string source, DateTimeOffset at)
    {
        var body = Crm.Event("activity.page_visited", "ann", at, data: """{"activity":{"name":"/pricing"}}""");
        using var answer = await _crm.PostAsync(
            System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()),
            Guid.NewGuid().ToString(),
            TimeProvider.System.GetUtcNow(),
            source == "dev" ? _crm.Key : OtherKey,
            source
        );
        Assert.True(answer.IsSuccessStatusCode);
    }
}
