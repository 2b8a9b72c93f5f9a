using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NSubstitute;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Storage;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.Postgres.Migrations;

namespace NurtureEngine.IntegrationTests.Storage;

/// <summary>The schema: migrated once however many try, and refused where program and schema do not go together.</summary>
public sealed class MigrationTests(PostgresServer server)
{
    [Fact]
    public async Task Hosts_that_migrate_at_once_apply_each_step_once()
    {
        await using var database = NpgsqlDataSource.Create(await server.CreateEmptyAsync());
        var applied = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => MigrationRunner.MigrateAsync(database, CancellationToken.None))
        );

        Assert.Equal(MigrationRunner.Program, applied.Sum());
        Assert.Equal(0, await MigrationRunner.MigrateAsync(database, CancellationToken.None));
    }

    [Fact]
    public async Task A_schema_that_is_newer_and_still_good_for_this_program_is_accepted()
    {
        await using var database = NpgsqlDataSource.Create(await server.CloneAsync());
        await ExecuteAsync(
            database,
            "INSERT INTO schema_migration (number, name, hash, min_program) VALUES (9999, 'future', '', 1)"
        );

        Assert.Equal(0, await MigrationRunner.MigrateAsync(database, CancellationToken.None));
    }

    [Fact]
    public async Task A_schema_that_needs_a_newer_program_is_refused_with_one_sentence()
    {
        var connectionString = await server.CloneAsync();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await ExecuteAsync(
            database,
            "INSERT INTO schema_migration (number, name, hash, min_program) VALUES (9999, 'future', '', 9999)"
        );
        await using var host = HostProcess.StartServing(connectionString, crashAt: null, 1);

        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains("needs a program of schema version 9999 or newer", host.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_of_other_contents_is_refused()
    {
        await using var database = NpgsqlDataSource.Create(await server.CloneAsync());
        await ExecuteAsync(database, "UPDATE schema_migration SET hash = 'other' WHERE number = 2");

        var refused = await Assert.ThrowsAsync<SchemaException>(() =>
            MigrationRunner.MigrateAsync(database, CancellationToken.None)
        );

        Assert.Contains("0002_intake", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_who_may_not_make_the_schema_of_the_jobs_gets_a_sentence()
    {
        var connectionString = await server.CloneAsync();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await ExecuteAsync(
            database,
            """
            DROP SCHEMA hangfire CASCADE;
            DO $$ BEGIN CREATE ROLE without_schemas LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            GRANT ALL ON SCHEMA public TO without_schemas;
            GRANT ALL ON ALL TABLES IN SCHEMA public TO without_schemas;
            """
        );
        await using var theirs = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connectionString) { Username = "without_schemas" }.ConnectionString
        );

        var refused = await Assert.ThrowsAsync<SchemaException>(() =>
            MigrationRunner.MigrateAsync(theirs, CancellationToken.None)
        );

        Assert.Contains(
            "CREATE SCHEMA hangfire AUTHORIZATION without_schemas",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_step_outside_a_transaction_is_taken_up_again_where_it_was_left_and_runs_beside_waiting_hosts()
    {
        await using var database = NpgsqlDataSource.Create(await server.CloneAsync());
        var passages = 0;
        List<Migration> steps =
        [
            .. Migration.All,
            new(
                9_001,
                "index",
                1,
                "-- min_program: 1\n-- outside_transaction\nDROP INDEX CONCURRENTLY IF EXISTS lead_by_test;\n"
                    + "CREATE INDEX CONCURRENTLY lead_by_test ON lead (id);\n"
            )
            {
                Code = (_, _) => ++passages == 1 ? throw new IOException("The process died here.") : Task.CompletedTask,
            },
        ];

        await Assert.ThrowsAsync<IOException>(() =>
            MigrationRunner.MigrateAsync(database, steps, CancellationToken.None)
        );
        var unfinished = await ScalarAsync(database, "SELECT count(*) FROM schema_migration WHERE number = 9001");
        var applied = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => MigrationRunner.MigrateAsync(database, steps, CancellationToken.None))
        );

        Assert.Equal((0, 1, 2), (unfinished, applied.Sum(), passages));
        Assert.Equal(
            1,
            await ScalarAsync(
                database,
                "SELECT count(*) FROM pg_index WHERE indexrelid = 'lead_by_test'::regclass AND indisvalid"
            )
        );
    }

    [Fact]
    public async Task A_running_host_stops_its_work_when_the_schema_has_outgrown_it()
    {
        using var log = new LogKeeper();
        using var logs = new LoggerFactory([log]);
        await using var host = await TestHost.StartAsync(
            await server.CloneAsync(),
            services: services => services.AddSingleton<ILogger<SchemaFence>>(new Logger<SchemaFence>(logs))
        );
        var fence = host.Services.GetRequiredService<SchemaFence>();
        var turn = Substitute.For<ITurn>();
        var isTaken = new TaskCompletionSource();
        turn.RunTurnAsync(default)
            .ReturnsForAnyArgs(_ =>
            {
                isTaken.TrySetResult();
                return Task.FromResult(true);
            });
        using var loop = new TurnLoop<ITurn>(
            turn,
            host.Services.GetRequiredService<WorkSignal>(),
            fence,
            TimeProvider.System,
            NullLogger<TurnLoop<ITurn>>.Instance
        );
        await loop.StartAsync(CancellationToken.None);
        await isTaken.Task;
        await fence.LookAsync(CancellationToken.None);
        Assert.False(fence.IsClosed);

        await host.ExecuteAsync(
            "INSERT INTO schema_migration (number, name, hash, min_program) VALUES (9999, 'future', '', 9999)"
        );
        await fence.LookAsync(CancellationToken.None);

        await loop.ExecuteTask!;
        Assert.Contains("needs a program of schema version 9999", Assert.Single(log.Lines), StringComparison.Ordinal);
        Assert.Equal(
            System.Net.HttpStatusCode.ServiceUnavailable,
            (await host.Http.GetAsync("/healthz/ready")).StatusCode
        );
        var refused = await host.Http.PostAsync("/webhooks/crm", null);
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains(
            "needs a program of schema version 9999",
            await refused.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_verb_migrates_and_says_what_it_did()
    {
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__Nurture"] = await server.CreateEmptyAsync(),
            ["Nurture__Email__Mode"] = "inbox",
        };
        await using var first = HostProcess.Start(environment, ["migrate"]);
        var firstExit = await first.ExitAsync();
        await using var second = HostProcess.Start(environment, ["migrate"]);

        Assert.Equal((0, 0), (firstExit, await second.ExitAsync()));
        Assert.Contains($"{MigrationRunner.Program} migration(s) applied", first.Output, StringComparison.Ordinal);
        Assert.Contains("The schema is up to date.", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Partitions_take_in_the_rows_that_came_before_them()
    {
        await using var database = NpgsqlDataSource.Create(await server.CloneAsync());
        await ExecuteAsync(
            database,
            "INSERT INTO timeline (recorded_at, lead_id, occurred_at, kind, arguments) VALUES ('2031-05-20Z', 1, '2031-05-20Z', 'test', '{}')"
        );
        var partitions = new Partitions(database);
        var now = new DateTimeOffset(2031, 5, 1, 0, 0, 0, TimeSpan.Zero);
        await Task.WhenAll(
            partitions.RunTurnAsync(now, CancellationToken.None),
            partitions.RunTurnAsync(now, CancellationToken.None)
        );

        Assert.Equal(1, await ScalarAsync(database, "SELECT count(*) FROM timeline_2031_05"));
        Assert.Equal(0, await ScalarAsync(database, "SELECT count(*) FROM timeline_default"));
        Assert.Equal(1, await ScalarAsync(database, "SELECT count(*) FROM pg_class WHERE relname = 'ledger_2031_08'"));
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Database=x;Username=x;Timeout=2", "does not answer")]
    [InlineData("Nonsense", "is no connection string")]
    public async Task An_external_database_that_can_not_be_had_ends_in_one_sentence(
        string connectionString,
        string expected
    )
    {
        await using var host = HostProcess.StartServing(connectionString, crashAt: null, 1);

        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains(expected, host.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Errors, StringComparison.Ordinal);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql, object? parameters = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    private static async Task<long> ScalarAsync(NpgsqlDataSource database, string sql)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(sql);
    }
}
