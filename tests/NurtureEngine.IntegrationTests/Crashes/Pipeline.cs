using Dapper;
using Npgsql;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Crashes;

/// <summary>What the database says of a run, whoever ran it.</summary>
internal sealed class Pipeline(string connectionString) : IAsyncDisposable
{
    private const string WaitingSql = """
        SELECT (SELECT count(*) FROM inbox WHERE state = 'pending')
             + (SELECT count(*) FROM enrollment WHERE due_at <= now())
             + (SELECT count(*) FROM touch WHERE state IN ('planned', 'claimed', 'handing', 'deferred'))
        """;

    // Time passes: what a dead host had in hand is nobody's any more.
    private const string ExpireSql = """
        UPDATE touch SET leased_until = clock_timestamp() - interval '1 second' WHERE leased_until IS NOT NULL;
        UPDATE hangfire.jobqueue SET fetchedat = fetchedat - interval '1 minute' WHERE fetchedat IS NOT NULL;
        """;

    private const string HauntedSql =
        $"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = '{HostProcess.ApplicationName}'";

    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(connectionString);

    public NpgsqlDataSource Database => _database;

    /// <summary>Waits until there is nothing left to do, or something else has come.</summary>
    public Task DrainedAsync(Task? orUntil = null) =>
        Eventually.TrueAsync(
            async () => orUntil is { IsCompleted: true } || await ScalarAsync(WaitingSql) == 0,
            "every event applied and every touch settled"
        );

    /// <summary>
    /// Waits until the server knows that the hosts are dead, which may finish a statement that they sent; how many touches were in flight
    /// then.
    /// </summary>
    public async Task<long> BuryAsync()
    {
        await Eventually.TrueAsync(async () => await ScalarAsync(HauntedSql) == 0, "the end of the hosts' connections");
        var inFlight = await ScalarAsync("SELECT count(*) FROM touch WHERE state = 'handing'");
        await using var connection = await _database.OpenConnectionAsync();
        await connection.ExecuteAsync(ExpireSql);
        return inFlight;
    }

    /// <summary>In each round several hosts die, at waypoints that nobody chose, or are killed as soon as the first of them is dead.</summary>
    public async Task KillAsync(string workflows, Random random, int rounds, int hosts, int mostWaypoints)
    {
        for (var round = 0; round < rounds; round++)
        {
            var started = Enumerable
                .Range(0, hosts)
                .Select(_ => HostProcess.StartServing(connectionString, "*", random.Next(3, mostWaypoints), workflows))
                .ToList();
            await Task.WhenAny(started.Select(host => host.ExitAsync()));
            foreach (var host in started)
            {
                await host.KillAsync();
                await host.DisposeAsync();
            }

            await BuryAsync();
        }
    }

    public async Task<long> ScalarAsync(string sql)
    {
        await using var connection = await _database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    /// <summary>Every promise about a run of so many leads, each told by one event that fires one e-mail.</summary>
    public async Task AssertOnceEachAsync(int leads, int mostUncertain)
    {
        Assert.Equal(leads, await ScalarAsync("SELECT count(*) FROM inbox WHERE state = 'applied'"));
        Assert.Equal(leads, await ScalarAsync("SELECT count(*) FROM timeline WHERE inbox_id IS NOT NULL"));
        Assert.Equal(leads, await ScalarAsync("SELECT count(*) FROM lead"));
        Assert.Equal(leads, await ScalarAsync("SELECT count(*) FROM enrollment"));
        Assert.Equal(leads, await ScalarAsync("SELECT count(*) FROM touch WHERE state IN ('accepted', 'uncertain')"));
        Assert.Equal(
            0,
            await ScalarAsync(
                "SELECT count(*) FROM (SELECT touch_id FROM development_inbox GROUP BY touch_id HAVING count(*) > 1) AS doubled"
            )
        );
        Assert.Equal(
            0,
            await ScalarAsync(
                "SELECT count(*) FROM touch WHERE state = 'accepted' AND id NOT IN (SELECT touch_id FROM development_inbox)"
            )
        );
        Assert.InRange(await ScalarAsync("SELECT count(*) FROM touch WHERE state = 'uncertain'"), 0, mostUncertain);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
