using System.Diagnostics;
using System.Globalization;
using Npgsql;
using NurtureEngine.Host.Storage;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Storage;

/// <summary>The private PostgreSQL: started, shared, killed and found again.</summary>
public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly string _folder = TestFolder.New("pg");

    public void Dispose() => TestFolder.Delete(_folder);

    [Fact]
    public async Task The_first_starts_it_the_second_attaches_and_the_last_stops_it()
    {
        var first = await StartAsync();
        var second = await StartAsync();
        var (started, attached) = (first.ProcessId, second.ProcessId);
        await first.DisposeAsync();
        var stillThere = second.ProcessId;
        await second.DisposeAsync();

        Assert.NotNull(started);
        Assert.Equal((started, started), (attached, stillThere));
        Assert.Null(second.ProcessId);
    }

    [Fact]
    public async Task Two_that_start_at_once_share_one_server()
    {
        var servers = await Task.WhenAll(StartAsync(), StartAsync());

        Assert.NotNull(servers[0].ProcessId);
        Assert.Equal(servers[0].ProcessId, servers[1].ProcessId);
        await servers[0].DisposeAsync();
        await servers[1].DisposeAsync();
    }

    [Fact]
    public async Task Data_outlive_a_stop_and_a_start()
    {
        await using (var first = await StartAsync())
        {
            await ExecuteAsync(first, "CREATE TABLE kept AS SELECT 42 AS value");
        }

        await using var second = await StartAsync();

        Assert.Equal(42, await ScalarAsync(second, "SELECT value FROM kept"));
    }

    [Fact]
    public async Task A_killed_server_is_started_again_with_its_data()
    {
        await using var server = await StartAsync();
        await ExecuteAsync(server, "CREATE TABLE kept AS SELECT 42 AS value");
        var killed = server.ProcessId!.Value;
        Process.GetProcessById(killed).Kill();
        await Eventually.TrueAsync(() => Task.FromResult(server.ProcessId is null), "the killed server to be gone");
        await server.EnsureRunningAsync(CancellationToken.None);

        Assert.NotEqual(killed, server.ProcessId);
        Assert.Equal(42, await ScalarAsync(server, "SELECT value FROM kept"));
    }

    [Fact]
    public async Task A_server_that_is_still_recovering_is_waited_for_and_no_second_one_started()
    {
        await using var server = await StartAsync();
        Process.GetProcessById(server.ProcessId!.Value).Kill();
        await Eventually.TrueAsync(() => Task.FromResult(server.ProcessId is null), "the killed server to be gone");
        using var recovering = new RecoveringServer(server.ConnectionStringFor("postgres"));
        var ensured = server.EnsureRunningAsync(CancellationToken.None);
        var answers = await recovering.AnswerAsync(times: 5);

        Assert.Equal(5, answers);
        Assert.True(await ensured);
        Assert.Equal(1, await ScalarAsync(server, "SELECT 1"));
    }

    [Fact]
    public async Task A_stale_pid_file_that_names_a_living_stranger_is_no_obstacle()
    {
        await using (await StartAsync()) { }
        var pidFile = Path.Combine(_folder, "postgres", "postmaster.pid");
        await File.WriteAllTextAsync(pidFile, $"{Environment.ProcessId}\n{Path.Combine(_folder, "postgres")}\n");
        await using var server = await StartAsync();

        Assert.NotNull(server.ProcessId);
        Assert.NotEqual(Environment.ProcessId, server.ProcessId);
    }

    [Fact]
    public async Task A_first_start_that_was_cut_short_is_made_again()
    {
        var unfinished = Path.Combine(_folder, "postgres.new");
        Directory.CreateDirectory(unfinished);
        await File.WriteAllTextAsync(Path.Combine(unfinished, "PG_VERSION"), "15\n");
        await using var server = await StartAsync();

        Assert.NotNull(server.ProcessId);
    }

    [Fact]
    public async Task A_folder_too_deep_for_a_socket_gets_a_short_one()
    {
        var deep = Path.Combine(_folder, new string('d', 60), new string('e', 60));
        await using var server = await EmbeddedPostgres.StartAsync(
            deep,
            binaries: null,
            _ => { },
            CancellationToken.None
        );

        Assert.Equal(1, await ScalarAsync(server, "SELECT 1"));
    }

    [Fact]
    public async Task It_listens_on_no_port()
    {
        await using var server = await StartAsync();

        Assert.Equal("", await TextAsync(server, "SHOW listen_addresses"));
    }

    private Task<EmbeddedPostgres> StartAsync() =>
        EmbeddedPostgres.StartAsync(_folder, binaries: null, _ => { }, CancellationToken.None);

    private static async Task ExecuteAsync(EmbeddedPostgres server, string sql) => await TextAsync(server, sql);

    private static async Task<int> ScalarAsync(EmbeddedPostgres server, string sql) =>
        int.Parse((await TextAsync(server, sql))!, CultureInfo.InvariantCulture);

    private static async Task<string?> TextAsync(EmbeddedPostgres server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionStringFor("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
