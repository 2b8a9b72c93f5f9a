using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.Postgres;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>Hosts that tell each other of work.</summary>
public sealed class WorkExchangeTests(PostgresServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const string ListenersSql = """
        SELECT array_agg(pid) FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN nurture_work'
        """;

    private const string CutSql = "SELECT count(pg_terminate_backend(pid)) FROM unnest($1) AS l (pid)";

    [Fact]
    public async Task A_host_that_makes_work_wakes_the_others_and_is_not_woken_back()
    {
        await using var database = NpgsqlDataSource.Create(await server.CloneAsync());
        WorkSignal here = new(),
            there = new();
        using var first = new WorkExchange(
            new WorkChannel(database),
            here,
            TimeProvider.System,
            NullLogger<WorkExchange>.Instance
        );
        using var second = new WorkExchange(
            new WorkChannel(database),
            there,
            TimeProvider.System,
            NullLogger<WorkExchange>.Instance
        );
        await first.StartAsync(CancellationToken.None);
        await second.StartAsync(CancellationToken.None);
        var listeners = await ListenersAsync(database, cut: []);
        var (woken, echo) = (there.Next, there.NextHere);

        here.Raise();
        await woken.WaitAsync(Patience);
        var wokenHere = here.Next;
        there.Raise();
        await wokenHere.WaitAsync(Patience);
        Assert.False(here.NextHere.IsCompleted, "What another host has told was told again.");
        Assert.True(echo.IsCompleted);

        await using (var command = database.CreateCommand(CutSql))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = listeners });
            await command.ExecuteNonQueryAsync();
        }

        await ListenersAsync(database, listeners);
        woken = there.Next;
        here.Raise();
        await woken.WaitAsync(Patience);
        await first.StopAsync(CancellationToken.None);
        await second.StopAsync(CancellationToken.None);
    }

    private static async Task<int[]> ListenersAsync(NpgsqlDataSource database, int[] cut)
    {
        int[] listeners = [];
        await Eventually.TrueAsync(
            async () =>
            {
                await using var command = database.CreateCommand(ListenersSql);
                listeners = await command.ExecuteScalarAsync() as int[] ?? [];
                return listeners.Except(cut).Count() == 2;
            },
            "both to listen"
        );
        return listeners;
    }
}
