using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Host.Tracks;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.Postgres.Tracks;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>Tracks of one lane that are set aside for one of a higher priority, and go on after it.</summary>
public sealed class LaneTests(PostgresServer server) : IAsyncLifetime
{
    private readonly TrackFolder _folder = new("lanes");
    private string _database = "";
    private TestHost _host = null!;
    private Crm _crm = null!;

    public async ValueTask InitializeAsync()
    {
        await PublishAsync("low", "RL", days: 5, 40, ("whenTaken", "pause"));
        await PublishAsync("middle", "MQL", days: 3, 60, ("whenTaken", "pause"), ("successor", "low"));
        await PublishAsync("high", "SQL", days: 2, 90, ("exitStages", new System.Text.Json.Nodes.JsonArray("Rev")));
        _database = await server.CloneAsync();
        _host = await TestHost.StartAsync(_database, workflows: _folder.Path);
        _crm = await Crm.ForAsync(_host.Http, _host.Database);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_track_that_was_set_aside_goes_on_when_the_other_has_run_to_its_end()
    {
        await FireAsync("ann", "RL");
        await FireAsync("ann", "SQL");

        Assert.Equal("high 0, low 4 {lane}", await StandingAsync());
        await PassAsync(days: 2);
        Assert.Equal("high 1, low 0", await StandingAsync());
        await PassAsync(days: 3);
        Assert.Equal("high 1, low 1", await StandingAsync());
        Assert.Equal(
            "lane lane",
            await _host.ScalarAsync<string>(
                "SELECT string_agg(arguments ->> 'by', ' ') FROM timeline WHERE kind IN ('enrollment.paused', 'enrollment.resumed')"
            )
        );
    }

    [Fact]
    public async Task A_track_that_was_set_aside_goes_on_when_the_lead_has_left_the_other()
    {
        await FireAsync("ann", "RL");
        await FireAsync("ann", "SQL");
        await FireAsync("ann", "Rev");

        Assert.Equal("high 2 stage.advanced, low 0", await StandingAsync());
    }

    [Fact]
    public async Task Of_two_the_higher_goes_on_first_and_a_pause_of_the_lead_holds_both()
    {
        await FireAsync("ann", "RL");
        await FireAsync("ann", "MQL");
        await FireAsync("ann", "SQL");
        await _host.Http.PostAsync("/api/leads/1/pause", null);
        await FireAsync("ann", "Rev");

        Assert.Equal("high 2 stage.advanced, low 4 {lane,lead}, middle 4 {lead}", await StandingAsync());
        await _host.Http.PostAsync("/api/leads/1/resume", null);
        await _host.DrainAsync();
        Assert.Equal("high 2 stage.advanced, low 4 {lane}, middle 0", await StandingAsync());
    }

    [Fact]
    public async Task Merged_leads_keep_what_was_set_aside()
    {
        await FireAsync("ann", "RL");
        await FireAsync("ann", "SQL");
        await FireAsync("bea", "SQL");
        await _crm.FireAsync(Crm.Event("lead.merged", "ann", _host.Clock.GetUtcNow(), data: """{"merged":["bea"]}"""));
        await _host.DrainAsync();

        Assert.Equal("high 0, high 2 lead.merged, low 4 {lane}", await StandingAsync());
        await PassAsync(days: 2);
        Assert.Equal("high 1, high 2 lead.merged, low 0", await StandingAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_happens_one_track_of_a_lane_is_active_where_any_is_in_it(int seed)
    {
        await using var other = await TestHost.StartAsync(_database, workflows: _folder.Path, clock: _host.Clock);
        var random = new Random(seed);
        string[] leads = ["ann", "bea", "cid", "dan", "eve"];
        string[] stages = ["RL", "MQL", "SQL", "Rev"];
        for (var i = 0; i < 60; i++)
        {
            var lead = leads[random.Next(leads.Length)];
            switch (random.Next(20))
            {
                case 0:
                    var gone = leads[random.Next(leads.Length)];
                    await _crm.FireAsync(
                        Crm.Event("lead.merged", lead, _host.Clock.GetUtcNow(), data: $$"""{"merged":["{{gone}}"]}""")
                    );
                    break;
                case < 7:
                    await PassAsync(days: 1);
                    break;
                default:
                    // Several at once, so that one batch of facts holds more than one of a lead.
                    await _crm.FireAsync(
                        Crm.StageChange(lead, stages[random.Next(stages.Length)], _host.Clock.GetUtcNow())
                    );
                    break;
            }

            // Two hosts share the work.
            if (random.Next(2) == 0)
            {
                await Task.WhenAll(_host.DrainAsync(), other.DrainAsync());
                Assert.Equal(0, await CountAsync(MoreThanOneSql));
            }
        }

        // The highest runs for two days: whoever it was taken for has to go on.
        await PassAsync(days: 2);
        Assert.Equal(0, await CountAsync(NotOneSql));
        Assert.NotEqual(0, await CountAsync("SELECT count(*) FROM timeline WHERE kind = 'enrollment.resumed'"));
    }

    [Fact]
    public async Task Whoever_was_forgotten_goes_on_within_the_hour()
    {
        await FireAsync("ann", "RL");
        await FireAsync("ann", "SQL");
        // As a host of an earlier program, or an event that failed too often, leaves it.
        await _host.ExecuteAsync("UPDATE enrollment SET state = 1, due_at = NULL, ended_at = now() WHERE state = 0");
        var recovery = _host.Services.GetRequiredService<LaneRecovery>();
        var tracks = _host.Services.GetRequiredService<TrackCatalog>().Tracks;

        Assert.Equal(1, await recovery.RunTurnAsync(tracks, _host.Clock.GetUtcNow(), CancellationToken.None));
        await _host.DrainAsync();
        Assert.Equal("high 1, low 0", await StandingAsync());
        Assert.Equal(0, await recovery.RunTurnAsync(tracks, _host.Clock.GetUtcNow(), CancellationToken.None));
    }

    [Fact]
    public async Task The_lower_track_of_merged_leads_is_set_aside_and_goes_on()
    {
        await FireAsync("ann", "SQL");
        await FireAsync("bea", "RL");
        await _crm.FireAsync(Crm.Event("lead.merged", "ann", _host.Clock.GetUtcNow(), data: """{"merged":["bea"]}"""));
        await _host.DrainAsync();

        Assert.Equal("high 0, low 4 {lane}", await StandingAsync());
        await PassAsync(days: 2);
        Assert.Equal("high 1, low 0", await StandingAsync());
    }

    private const string MoreThanOneSql = """
        SELECT count(*) FROM (
            SELECT FROM enrollment WHERE state IN (0, 3, 4) AND held_by IS NULL GROUP BY lead_id HAVING count(*) > 1) AS broken
        """;

    private const string NotOneSql = """
        SELECT count(*) FROM (
            SELECT FROM enrollment WHERE state IN (0, 3, 4)
             GROUP BY lead_id HAVING count(*) FILTER (WHERE held_by IS NULL) <> 1) AS broken
        """;

    private Task<long> CountAsync(string sql) => _host.ScalarAsync<long>(sql);

    private Task PublishAsync(
        string name,
        string stage,
        int days,
        int priority,
        params (string, System.Text.Json.Nodes.JsonNode)[] settings
    ) =>
        _folder.PublishAsync(
            [Step("w", "Elsa.Delay", ("timeSpan", Literal($"{days}d")))],
            "T>w",
            Step("T", "Nurture.LeadStageChanged", ("stage", Literal(stage))),
            name,
            [("lane", "nurture"), ("priority", priority), ("reEnrolment", "perOccasion"), .. settings]
        );

    private async Task FireAsync(string lead, string stage)
    {
        await _crm.FireAsync(Crm.StageChange(lead, stage, _host.Clock.GetUtcNow()));
        await _host.DrainAsync();
        _host.Clock.Advance(TimeSpan.FromMinutes(1));
    }

    private async Task PassAsync(int days)
    {
        _host.Clock.Advance(TimeSpan.FromDays(days));
        await _host.DrainAsync();
    }

    private Task<string> StandingAsync() =>
        _host.ScalarAsync<string>(
            """
            SELECT string_agg(concat_ws(' ', t.definition_id, e.state, e.code, e.held_by::text), ', ' ORDER BY t.definition_id, e.state, e.id)
              FROM enrollment e JOIN track t ON t.id = e.track_id
            """
        );
}
