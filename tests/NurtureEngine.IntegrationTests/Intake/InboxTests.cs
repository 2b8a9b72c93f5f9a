using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.Postgres.Intake;

namespace NurtureEngine.IntegrationTests.Intake;

/// <summary>What the inbox keeps for how long, and how dead letters come back.</summary>
public sealed class InboxTests(PostgresServer server) : HostTests(server)
{
    [Fact]
    public async Task Applied_events_are_let_go_of_after_a_month_and_dead_letters_are_kept()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "RL", _host.Clock.GetUtcNow()));
        await _crm.FireAsync(Crm.StageChange("bea", "Champion", _host.Clock.GetUtcNow()));
        await _host.DrainAsync();
        var inbox = _host.Services.GetRequiredService<InboxStore>();
        await inbox.ForgetAsync(_host.Clock.GetUtcNow().AddDays(29), CancellationToken.None);
        Assert.Equal(2, await _host.ScalarAsync<long>("SELECT count(*) FROM inbox"));
        await inbox.ForgetAsync(_host.Clock.GetUtcNow().AddDays(31), CancellationToken.None);

        Assert.Equal("dead", await _host.ScalarAsync<string>("SELECT string_agg(state, ',') FROM inbox"));
    }

    [Fact]
    public async Task Dead_letters_come_back_by_what_they_have_in_common()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "Champion", _host.Clock.GetUtcNow()));
        await _crm.FireAsync(Crm.StageChange("bea", "MQL", _host.Clock.GetUtcNow().AddDays(9)));
        await _host.DrainAsync();

        Assert.Equal(0, await ReplayAsync("faultCode=stage.unknown&source=other"));
        Assert.Equal(0, await ReplayAsync("faultCode=stage.unknown&until=2001-01-01T00:00:00Z"));
        Assert.Equal(
            1,
            await ReplayAsync("faultCode=stage.unknown&source=dev&type=lead.stage_changed&from=2001-01-01T00:00:00Z")
        );
        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count(*) FROM inbox WHERE state = 'pending'"));
    }

    private async Task<int> ReplayAsync(string filter)
    {
        using var answer = await _host.Http.PostAsync($"/api/inbox/replay?{filter}", null);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["replayed"]!.GetValue<int>();
    }
}
