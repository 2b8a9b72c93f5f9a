using NurtureEngine.Host.Facts;
using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Crashes;

/// <summary>Tracks that are set aside for others and go on after them, and kill -9 at moments nobody chose.</summary>
public sealed class LaneCrashTests(PostgresServer server, ITestOutputHelper output) : IDisposable
{
    private const int Leads = 150;
    private const int Rounds = 2;
    private const int Hosts = 3;

    private readonly TrackFolder _folder = new("lane-crash");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Whoever_is_set_aside_goes_on_whatever_is_killed()
    {
        var random = new Random(Seed.Of(output));
        await PublishAsync("low", "MQL", "welcome-hello", 40);
        await PublishAsync("high", "SQL", "welcome-value", 90);
        var database = await server.CloneAsync();
        await using var pipeline = new Pipeline(database);
        await FireAsync(database, pipeline);
        await pipeline.KillAsync(_folder.Path, random, Rounds, Hosts, mostWaypoints: 40);
        await using (HostProcess.StartServing(database, crashAt: null, 1, _folder.Path))
        {
            await Eventually.TrueAsync(
                async () =>
                    await pipeline.ScalarAsync("SELECT count(*) FROM enrollment WHERE state = 1") == 2 * Leads
                    && await pipeline.ScalarAsync("SELECT count(*) FROM inbox WHERE state = 'pending'") == 0,
                "every enrollment has run to its end"
            );
        }

        Assert.Equal(0, await pipeline.ScalarAsync("SELECT count(*) FROM enrollment WHERE state <> 1"));
        Assert.Equal(
            Leads,
            await pipeline.ScalarAsync("SELECT count(*) FROM timeline WHERE kind = 'enrollment.resumed'")
        );
        Assert.Equal(
            0,
            await pipeline.ScalarAsync(
                "SELECT count(*) FROM (SELECT touch_id FROM development_inbox GROUP BY 1 HAVING count(*) > 1) AS doubled"
            )
        );
    }

    private Task PublishAsync(string name, string stage, string content, int priority) =>
        _folder.PublishAsync(
            [
                Step("pause", "Elsa.Delay", ("timeSpan", Literal("1s"))),
                Step("mail", "Nurture.SendEmail", ("templateId", Literal(content))),
            ],
            "T>pause pause>mail",
            Step("T", "Nurture.LeadStageChanged", ("stage", Literal(stage))),
            name,
            ("lane", "nurture"),
            ("priority", priority),
            ("whenTaken", "pause")
        );

    // All are set aside when the killing begins: how fast the hosts are decides nothing.
    private async Task FireAsync(string database, Pipeline pipeline)
    {
        await using var intake = await TestHost.StartAsync(database, workflows: _folder.Path);
        var crm = await Crm.ForAsync(intake.Http, pipeline.Database);
        var now = TimeProvider.System.GetUtcNow();
        foreach (var (stage, at) in new[] { ("MQL", now.AddSeconds(-1)), ("SQL", now) })
        {
            await Parallel.ForAsync(
                0,
                Leads,
                new ParallelOptions { MaxDegreeOfParallelism = 16 },
                async (i, _) =>
                    Assert.True(
                        (
                            await crm.FireAsync(Crm.StageChange($"lead-{i}", stage, at), $"{stage}-{i}")
                        ).IsSuccessStatusCode
                    )
            );
            while (await intake.TurnAsync<FactsWorker>()) { }
        }

        Assert.Equal(Leads, await pipeline.ScalarAsync("SELECT count(*) FROM enrollment WHERE held_by = '{lane}'"));
    }
}
