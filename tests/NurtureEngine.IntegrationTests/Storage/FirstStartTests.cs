using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Storage;

/// <summary>What the first start makes, it makes once.</summary>
public sealed class FirstStartTests(PostgresServer server)
{
    [Fact]
    public async Task Two_first_starts_at_once_make_one_key_and_one_rulebook()
    {
        var connectionString = await server.CloneAsync();
        var hosts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TestHost.StartAsync(connectionString)));

        Assert.Single(hosts, host => host.AdminKey.Length > 0);
        Assert.Equal(1, await hosts[0].ScalarAsync<long>("SELECT count(*) FROM rulebook"));
        Assert.Equal(1, await hosts[0].ScalarAsync<long>("SELECT count(*) FROM track_version"));
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }
    }
}
