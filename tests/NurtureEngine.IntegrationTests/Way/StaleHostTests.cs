using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Host.Facts;
using NurtureEngine.Host.Touches;
using NurtureEngine.Host.Tracks;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>Two hosts, and a version that one has published and the other has not seen yet or can't run.</summary>
public sealed class StaleHostTests(PostgresServer server) : IAsyncLifetime
{
    private readonly string _folder = TestFolder.New("stale");
    private readonly TestClock _clock = new(TimeProvider.System.GetUtcNow());
    private string _database = "";
    private TestHost _stale = null!;
    private Crm _crm = null!;

    // Its machine time stands still, so that it never looks again unless it has a reason to.
    public async ValueTask InitializeAsync()
    {
        _database = await server.CloneAsync();
        _stale = await TestHost.StartAsync(_database, clock: _clock, machineClock: new TestClock(_clock.GetUtcNow()));
        _crm = await Crm.ForAsync(_stale.Http, _stale.Database);
        await _stale.DrainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stale.DisposeAsync();
        TestFolder.Delete(_folder);
    }

    [Fact]
    public async Task A_lead_leaves_a_version_that_the_host_had_not_seen_yet()
    {
        await using var other = await PublishAsync("workflows/welcome.json", "Three days", "A pause of three days");
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _clock.GetUtcNow()));
        await other.DrainAsync();
        await _crm.FireAsync(Crm.StageChange("ann", "SQL", _clock.GetUtcNow().AddSeconds(1)));
        while (await _stale.TurnAsync<FactsWorker>()) { }

        Assert.Equal(2, await other.ScalarAsync<int>("SELECT number FROM track_version WHERE is_current"));
        Assert.Equal("stage.advanced", await other.ScalarAsync<string>("SELECT code FROM enrollment"));
    }

    [Fact]
    public async Task A_touch_of_a_version_that_the_host_had_not_seen_yet_is_left_to_its_next_look()
    {
        await using var other = await PublishAsync("workflows/welcome.json", "Three days", "A pause of three days");
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _clock.GetUtcNow()));
        await other.TurnAsync<FactsWorker>();
        await other.TurnAsync<AdvanceWorker>();
        await _stale.TurnAsync<DispatchTurn>();
        var left = await other.ScalarAsync<string>("SELECT state || ' ' || code FROM touch");
        await other.ExecuteAsync("UPDATE touch SET retry_at = now() - interval '1 second'");
        await other.DrainAsync();

        Assert.Equal("deferred track.unusable", left);
        Assert.Equal("accepted", await other.ScalarAsync<string>("SELECT state FROM touch"));
    }

    [Fact]
    public async Task Events_are_left_to_other_hosts_while_a_track_in_force_can_not_be_run()
    {
        await _stale.ExecuteAsync(
            "UPDATE track_version SET definition = replace(definition, 'Nurture.SendEmail', 'Nurture.SendCarrierPigeon')"
        );
        await using var behind = await TestHost.StartAsync(_database, workflows: "/nonexistent", clock: _clock);
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _clock.GetUtcNow()));
        await behind.DrainAsync();
        var pending = await behind.ScalarAsync<long>("SELECT count(*) FROM inbox WHERE state = 'pending'");
        await _stale.DrainAsync();

        Assert.Equal(1, pending);
        Assert.Equal(1, await _stale.ScalarAsync<long>("SELECT count(*) FROM enrollment"));
    }

    [Fact]
    public async Task A_track_that_could_not_be_run_is_once_it_can()
    {
        const string Replace = "UPDATE track_version SET definition = replace(definition, @from, @to)";
        await _stale.ExecuteAsync(Replace, new { from = "Nurture.SendEmail", to = "Nurture.SendCarrierPigeon" });
        await using var host = await TestHost.StartAsync(_database, workflows: "/nonexistent", clock: _clock);
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _clock.GetUtcNow()));
        await host.DrainAsync();
        await host.ExecuteAsync(Replace, new { from = "Nurture.SendCarrierPigeon", to = "Nurture.SendEmail" });
        await host.Services.GetRequiredService<TrackCatalog>().RefreshAsync(always: true, CancellationToken.None);
        await host.DrainAsync();

        Assert.Equal("accepted", await host.ScalarAsync<string>("SELECT state FROM touch"));
    }

    [Fact]
    public async Task A_host_with_an_older_folder_puts_no_older_content_back_in_force()
    {
        await using (await PublishAsync("templates/welcome-hello/content.yaml", "Welcome, ", "Changed, ")) { }
        await using (await TestHost.StartAsync(_database, clock: _clock)) { }

        Assert.Equal(
            2,
            await _stale.ScalarAsync<long>("SELECT count(*) FROM content_version WHERE key = 'welcome-hello'")
        );
        Assert.Equal(
            "Changed, {{ lead.first_name ?? \"and good to meet you\" }}",
            await _stale.ScalarAsync<string>(
                "SELECT source #>> '{Languages,en,Subject}' FROM content_version WHERE key = 'welcome-hello' AND is_current"
            )
        );
    }

    /// <summary>Another host whose folders hold one changed file, and which has brought it into the database.</summary>
    private async Task<TestHost> PublishAsync(string file, string from, string to)
    {
        TestFolder.CopyFixture("workflows", Path.Combine(_folder, "workflows"));
        TestFolder.CopyFixture("templates", Path.Combine(_folder, "templates"));
        var path = Path.Combine(_folder, file);
        var text = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, text.Replace(from, to, StringComparison.Ordinal));
        return await TestHost.StartAsync(
            _database,
            workflows: Path.Combine(_folder, "workflows"),
            templates: Path.Combine(_folder, "templates"),
            clock: _clock
        );
    }
}
