using System.Text.Json.Nodes;
using Npgsql;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Storage;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.Postgres.Migrations;
using NurtureEngine.Postgres.Settings;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace NurtureEngine.IntegrationTests.Infrastructure;

/// <summary>One private PostgreSQL for the whole run, with a migrated database to clone.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string Template = "nurture_template";
    private readonly string _folder = TestFolder.New("server");
    private EmbeddedPostgres? _server;
    private int _clones;

    public async ValueTask InitializeAsync()
    {
        _server = await EmbeddedPostgres.StartAsync(_folder, binaries: null, _ => { }, CancellationToken.None);
        // Hosts die here, machines don't: nothing has to reach the disk. And no test lasts until the next vacuum of its database, which
        // costs the more the more databases there are.
        foreach (
            var setting in new[]
            {
                "fsync = off",
                "full_page_writes = off",
                "synchronous_commit = off",
                "checkpoint_timeout = '1h'",
                "max_wal_size = '4GB'",
                "jit = off",
                "autovacuum_naptime = '10min'",
            }
        )
        {
            await ExecuteAsync($"ALTER SYSTEM SET {setting}");
        }

        await ExecuteAsync("SELECT pg_reload_conf()");
        await ExecuteAsync($"CREATE DATABASE {Template}");
        await using (var template = NpgsqlDataSource.Create(ConnectionStringFor(Template) + ";Pooling=false"))
        {
            await MigrationRunner.MigrateAsync(template, CancellationToken.None);
            // Most tests let leads go through whole tracks at whatever hour it is: those that are about cadence set its rules.
            var rulebook = JsonNode.Parse(await ShippedRulebook.ReadJsonAsync(CancellationToken.None))!.AsObject();
            rulebook.Remove("cadence");
            await new RulebookStore(template).SeedAsync(
                rulebook.ToJsonString(),
                TimeProvider.System.GetUtcNow(),
                CancellationToken.None
            );
        }
    }

    /// <summary>A fresh database with the product's schema; its connection string.</summary>
    public async Task<string> CloneAsync()
    {
        var name = $"clone_{Interlocked.Increment(ref _clones)}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {Template}");
        return ConnectionStringFor(name);
    }

    /// <summary>Deletes a database that nobody needs any more, so that a whole run fits into memory.</summary>
    public Task DropAsync(string connectionString) =>
        ExecuteAsync($"DROP DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    /// <summary>A fresh database without any schema.</summary>
    public async Task<string> CreateEmptyAsync()
    {
        var name = $"empty_{Interlocked.Increment(ref _clones)}";
        await ExecuteAsync($"CREATE DATABASE {name}");
        return ConnectionStringFor(name);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        TestFolder.Delete(_folder);
    }

    // Many small pools share one server.
    private string ConnectionStringFor(string database) =>
        new NpgsqlConnectionStringBuilder(_server!.ConnectionStringFor(database))
        {
            MaxPoolSize = 20,
            ConnectionIdleLifetime = 10,
        }.ConnectionString;

    private readonly SemaphoreSlim _one = new(1);

    // PostgreSQL clones a template only while nobody else does.
    private async Task ExecuteAsync(string sql)
    {
        await _one.WaitAsync();
        try
        {
            await using var connection = new NpgsqlConnection(
                _server!.ConnectionStringFor("postgres") + ";Pooling=false"
            );
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
        finally
        {
            _one.Release();
        }
    }
}
