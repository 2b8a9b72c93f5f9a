using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NurtureEngine.Host.Facts;
using NurtureEngine.Host.Tracks;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>The emergency stop, messages as they are kept, and a person's word on uncertain touches.</summary>
public sealed class SendingTests(PostgresServer server) : HostTests(server)
{
    [Fact]
    public async Task While_a_channel_is_stopped_nothing_leaves_and_afterwards_nothing_bursts()
    {
        var stopped = await StopAsync();
        for (var i = 0; i < 10; i++)
        {
            await _crm.FireAsync(Crm.StageChange($"lead-{i}", "MQL", _host.Clock.GetUtcNow()));
            await _host.DrainAsync();
            _host.Clock.Advance(TimeSpan.FromDays(1));
        }

        var during = (await InboxAsync()).Count;
        var released = await _host.Http.PostAsync("/api/sending/email/release", null);
        await _host.DrainAsync();
        var atOnce = (await InboxAsync()).Count;
        _host.Clock.Advance(TimeSpan.FromDays(1));
        await _host.DrainAsync();

        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.NoContent], [stopped.StatusCode, released.StatusCode]);
        Assert.Equal(0, during);
        Assert.InRange(atOnce, 0, 1);
        Assert.Equal(10, (await InboxAsync()).Count);
        Assert.Equal(
            "stopped first administrator Spam complaints, released first administrator ",
            await _host.ScalarAsync<string>(
                "SELECT string_agg(act || ' ' || by_whom || ' ' || COALESCE(reason, ''), ', ' ORDER BY id) FROM sending_stop_log"
            )
        );
    }

    [Fact]
    public async Task What_is_claimed_when_the_stop_comes_does_not_pass_the_gate()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow()));
        await _host.TurnAsync<FactsWorker>();
        await _host.TurnAsync<AdvanceWorker>();
        // Claimed by a host that died: its lease runs out while the channel is stopped.
        await _host.ExecuteAsync(
            "UPDATE touch SET state = 'claimed', lease = gen_random_uuid(), leased_until = clock_timestamp() - interval '1 minute'"
        );
        await StopAsync();
        await _host.DrainAsync();
        var held = await _host.ScalarAsync<string>("SELECT state FROM touch");
        await _host.Http.PostAsync("/api/sending/email/release", null);
        await _host.DrainAsync();

        Assert.Equal("planned", held);
        Assert.Single(await InboxAsync());
    }

    [Fact]
    public async Task A_stop_needs_a_reason_and_a_channel_and_is_told_once()
    {
        var nobody = await _host.Http.PostAsJsonAsync("/api/sending/email/stop", new { reason = " " });
        var fax = await _host.Http.PostAsJsonAsync("/api/sending/fax/stop", new { reason = "x" });
        await StopAsync();
        var again = await StopAsync();
        var stops = await ItemsAsync("/api/sending/stops");

        Assert.Equal(
            [HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.Conflict],
            [nobody.StatusCode, fax.StatusCode, again.StatusCode]
        );
        Assert.Equal("Spam complaints", stops[0]!["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_message_is_kept_as_it_left_with_the_targets_of_its_links()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow()));
        await _host.DrainAsync();
        var touch = (await ItemsAsync("/api/touches"))[0]!["id"]!.GetValue<string>();
        var message = await GetAsync($"/api/touches/{touch}/message");
        var sent = await _host.ScalarAsync<string>("SELECT html FROM development_inbox");

        Assert.Equal(sent, message["email"]!["html"]!.GetValue<string>());
        Assert.Contains("/u/", message["email"]!["html"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await _host.Http.GetAsync($"/api/touches/{Guid.NewGuid()}/message")).StatusCode
        );
    }

    [Fact]
    public async Task Uncertain_touches_are_settled_by_a_person_one_by_one_or_all_together()
    {
        for (var i = 0; i < 5; i++)
        {
            await _crm.FireAsync(Crm.StageChange($"lead-{i}", "MQL", _host.Clock.GetUtcNow()));
        }

        await _host.DrainAsync();
        await _host.ExecuteAsync("UPDATE touch SET state = 'uncertain', code = 'handing.interrupted'");
        var touches = (await ItemsAsync("/api/touches?state=uncertain"))
            .Select(touch => touch!["id"]!.GetValue<string>())
            .ToList();
        var one = await SettleAsync($"/api/touches/{touches[0]}/settle", """{"outcome": "rejected"}""");
        var again = await SettleAsync($"/api/touches/{touches[0]}/settle", """{"outcome": "accepted"}""");
        var named = await SettleAsync(
            "/api/touches/settle",
            $$"""{"outcome": "accepted", "touches": ["{{touches[1]}}", "{{touches[0]}}"]}"""
        );
        var early = await SettleAsync(
            "/api/touches/settle",
            """{"outcome": "accepted", "until": "2020-01-01T00:00:00Z"}"""
        );
        var rest = await SettleAsync(
            "/api/touches/settle",
            """{"outcome": "accepted", "until": "2100-01-01T00:00:00Z"}"""
        );
        var bad = await SettleAsync(
            "/api/touches/settle",
            """{"outcome": "perhaps", "until": "2100-01-01T00:00:00Z"}"""
        );
        var neither = await SettleAsync("/api/touches/settle", """{"outcome": "accepted"}""");

        Assert.Equal(
            "200 1, 409 , 200 1, 200 0, 200 3, 400 , 400 ",
            $"{one}, {again}, {named}, {early}, {rest}, {bad}, {neither}"
        );
        Assert.Equal(
            "accepted 4, rejected 1",
            await _host.ScalarAsync<string>(
                "SELECT string_agg(state || ' ' || count, ', ' ORDER BY state) FROM (SELECT state, count(*) FROM touch GROUP BY state) AS t"
            )
        );
        // What did not leave gives its place under the caps back.
        Assert.Equal(4, await _host.ScalarAsync<long>("SELECT count(*) FROM reservation"));
    }

    private Task<HttpResponseMessage> StopAsync() =>
        _host.Http.PostAsJsonAsync("/api/sending/email/stop", new { reason = "Spam complaints" });

    private async Task<string> SettleAsync(string path, string body)
    {
        using var content = new StringContent(body, null, "application/json");
        using var answer = await _host.Http.PostAsync(path, content);
        var settled = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["settled"];
        return $"{(int)answer.StatusCode} {settled}";
    }
}
