using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Crashes;

/// <summary>Two hosts, a thousand touches in flight, and kill -9 at moments nobody chose.</summary>
public sealed class RandomMomentTests(PostgresServer server, ITestOutputHelper output)
{
    private const int Leads = 1_000;
    private const int Rounds = 6;

    // Few enough that work is left when the last round begins.
    private const int MostWaypoints = 60;

    [Fact]
    public async Task Every_event_is_applied_once_and_every_touch_delivered_once_or_uncertain()
    {
        var random = new Random(Seed.Of(output));
        var database = await server.CloneAsync();
        await using var pipeline = new Pipeline(database);
        await FireAsync(database, pipeline);

        var (inFlight, crashed) = (0L, 0);
        for (var round = 0; round < Rounds; round++)
        {
            // The first dies at a waypoint of its own work, the second wherever it happens to be then; both when there is none left.
            await using var first = HostProcess.StartServing(database, "*", random.Next(3, MostWaypoints));
            await using var second = HostProcess.StartServing(database, "*", random.Next(3, MostWaypoints));
            await pipeline.DrainedAsync(Task.WhenAny(first.ExitAsync(), second.ExitAsync()));
            crashed += first.HasExited || second.HasExited ? 1 : 0;
            await first.KillAsync();
            await second.KillAsync();
            inFlight += await pipeline.BuryAsync();
        }

        Assert.True(crashed >= Rounds / 2, $"Only {crashed} rounds ended in the middle of some work.");
        await using (var last = await HostProcess.ServeAsync(database))
        {
            await pipeline.DrainedAsync();
        }

        var uncertain = await pipeline.ScalarAsync("SELECT count(*) FROM touch WHERE state = 'uncertain'");
        output.WriteLine($"{Rounds * 2} hosts killed, {uncertain} touches uncertain of {inFlight} in flight");
        await pipeline.AssertOnceEachAsync(Leads, mostUncertain: (int)inFlight);
    }

    // A host that takes no turns takes the events in, so that all of them are in flight when the killing begins.
    private static async Task FireAsync(string database, Pipeline pipeline)
    {
        await using var intake = await TestHost.StartAsync(database);
        var crm = await Crm.ForAsync(intake.Http, pipeline.Database);
        var now = TimeProvider.System.GetUtcNow();
        await Parallel.ForAsync(
            0,
            Leads,
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (i, _) =>
                Assert.True(
                    (await crm.FireAsync(Crm.StageChange($"lead-{i}", "MQL", now), $"event-{i}")).IsSuccessStatusCode
                )
        );
    }
}
