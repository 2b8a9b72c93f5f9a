using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Intake;

/// <summary>A lead's stage by the word of a CRM, by a rule and by hand; and how long it stays.</summary>
public sealed class StageTests(PostgresServer server) : HostTests(server)
{
    [Fact]
    public async Task A_rule_moves_a_silent_lead_forward_and_the_CRM_has_the_last_word()
    {
        await RulesAsync();
        await _crm.FireAsync(
            Crm.Event(
                "lead.created",
                "ann",
                Now,
                """{"email":"ann@example.com","consent":[{"channel":"email","granted":true}]}"""
            )
        );
        await _crm.FireAsync(
            Crm.Event("activity.form_submitted", "ann", Now, data: """{"activity":{"name":"Quote"}}""")
        );
        await _host.DrainAsync();
        Assert.Equal("MQL rule", await StageAsync());
        // It enters what a lead enters at that stage.
        Assert.Single(await InboxAsync());

        _host.Clock.Advance(TimeSpan.FromHours(2));
        await _crm.FireAsync(Crm.StageChange("ann", "RL", Now));
        await _host.DrainAsync();
        Assert.Equal("RL crm", await StageAsync());

        // What it did before counts no more; what it does now does.
        await _crm.FireAsync(Crm.Event("activity.page_visited", "ann", Now.AddHours(1)));
        await _host.DrainAsync();
        Assert.Equal("RL crm", await StageAsync());
    }

    [Fact]
    public async Task A_stage_set_by_hand_says_so_and_the_time_in_each_stage_is_told()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "RL", Now));
        await _host.DrainAsync();
        _host.Clock.Advance(TimeSpan.FromDays(3));
        var id = await _host.ScalarAsync<long>("SELECT id FROM lead");
        using var answer = await _host.Http.PutAsJsonAsync(
            $"/api/leads/{id}/stages/customer",
            new { stage = "SQL", reason = "met at the fair" }
        );
        Assert.Equal(System.Net.HttpStatusCode.Accepted, answer.StatusCode);
        await _host.DrainAsync();
        _host.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal("SQL hand", await StageAsync());
        var moves = (await GetAsync($"/api/leads/{id}/stages"))["items"]!.AsArray();
        Assert.Equal(
            ["RL 3.0", "SQL 1.0"],
            moves.Select(move => $"{move!["stage"]} {move["days"]!.GetValue<double>():0.0}")
        );
    }

    [Fact]
    public async Task An_unknown_stage_by_hand_is_refused_at_once()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "RL", Now));
        await _host.DrainAsync();
        var id = await _host.ScalarAsync<long>("SELECT id FROM lead");
        using var answer = await _host.Http.PutAsJsonAsync(
            $"/api/leads/{id}/stages/customer",
            new { stage = "Champion" }
        );

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("RL, MQL, SQL", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_life_cycles_run_side_by_side_and_the_dictionary_says_what_each_stage_is()
    {
        await _host.ChangeRulebookAsync(rulebook =>
            rulebook["lifeCycles"]!.AsArray().Add(JsonNode.Parse("""{"name":"partner","preset":"partner"}"""))
        );
        await _crm.FireAsync(Crm.StageChange("ann", "SQL", Now));
        await _crm.FireAsync(
            Crm.Event("lead.stage_changed", "ann", Now, data: """{"lifeCycle":"partner","to":"Found"}""")
        );
        await _host.DrainAsync();

        Assert.Equal(
            "customer SQL, partner Found",
            await _host.ScalarAsync<string>(
                "SELECT string_agg(life_cycle || ' ' || stage, ', ' ORDER BY life_cycle) FROM lead_stage"
            )
        );
        var terms = (await GetAsync("/api/dictionary"))["items"]!.AsArray();
        Assert.Contains(
            terms,
            term => $"{term!["name"]}" == "Cooperating" && $"{term["definition"]!["zh-CN"]}".Length > 0
        );
    }

    private DateTimeOffset Now => _host.Clock.GetUtcNow();

    private Task<HttpResponseMessage> RulesAsync() =>
        _host.ChangeRulebookAsync(rulebook =>
            rulebook["lifeCycles"]!.AsArray()[0]!["stages"]!.AsArray()[1]!["rule"] = JsonNode.Parse(
                """{"signs":["quote"]}"""
            )
        );

    private Task<string> StageAsync() =>
        _host.ScalarAsync<string>(
            "SELECT stage || CASE origin WHEN 0 THEN ' crm' WHEN 1 THEN ' rule' ELSE ' hand' END FROM lead_stage"
        );
}
