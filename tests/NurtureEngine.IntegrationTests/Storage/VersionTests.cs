using System.Runtime.InteropServices;
using Npgsql;
using NurtureEngine.Host.Storage;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Storage;

/// <summary>The oldest and the newest PostgreSQL, as a private and as an external database.</summary>
public sealed class VersionTests : IDisposable
{
    private readonly string _folder = TestFolder.New("ver");

    public void Dispose() => TestFolder.Delete(_folder);

    [Theory]
    [InlineData(15)]
    [InlineData(18)]
    public async Task The_way_works_on_a_private_database_of_that_version(int major)
    {
        // Made by these very binaries; the host then has to choose them by the folder's version.
        await using (
            await EmbeddedPostgres.StartAsync(_folder, await BinariesAsync(major), _ => { }, CancellationToken.None)
        ) { }
        await using var host = HostProcess.Start(
            new Dictionary<string, string> { ["Nurture__DataFolder"] = _folder },
            []
        );
        await host.ReadyAsync();

        Assert.Contains($"private PostgreSQL {major}", host.Errors, StringComparison.Ordinal);
        await host.StopAsync();
    }

    [Theory]
    [InlineData(15)]
    [InlineData(18)]
    public async Task The_way_works_on_an_external_database_of_that_version(int major)
    {
        await using var server = await EmbeddedPostgres.StartAsync(
            _folder,
            await BinariesAsync(major),
            _ => { },
            CancellationToken.None
        );
        await using (var connection = new NpgsqlConnection(server.ConnectionStringFor("postgres") + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await using var create = new NpgsqlCommand("CREATE DATABASE external", connection);
            await create.ExecuteNonQueryAsync();
        }

        await using var host = await TestHost.StartAsync(server.ConnectionStringFor("external"), migrate: true);
        await host.SetCadenceAsync("{}");
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Crm.StageChange("ann", "MQL", host.Clock.GetUtcNow()));
        await host.DrainAsync();

        Assert.Equal(1, await host.ScalarAsync<long>("SELECT count(*) FROM development_inbox"));
        Assert.Equal(
            major,
            (await host.ScalarAsync<int>("SELECT current_setting('server_version_num')::int")) / 10_000
        );
    }

    private static async Task<PostgresBinaries> BinariesAsync(int major)
    {
        var architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        var package =
            major == 15 ? $"embedded-postgres-15-linux-{architecture}" : $"@embedded-postgres/linux-{architecture}";
        var folder = Path.Combine(Repository.Root, "node_modules", package, "native", "bin");
        return await PostgresBinaries.TryOpenAsync(folder, CancellationToken.None)
            ?? throw new DirectoryNotFoundException(
                $"{folder} holds no PostgreSQL: build the host, which runs npm ci."
            );
    }
}
