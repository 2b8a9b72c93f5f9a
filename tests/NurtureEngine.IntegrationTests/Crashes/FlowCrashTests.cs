using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Crashes;

/// <summary>Four hosts, flows that change leads, wait, ask people and hand over, and kill -9 at moments nobody chose.</summary>
public sealed class FlowCrashTests(PostgresServer server, ITestOutputHelper output) : IDisposable
{
    private const int Leads = 400;
    private const int Rounds = 3;
    private const int Hosts = 4;

    private const string WaitingSql = """
        SELECT (SELECT count(*) FROM inbox WHERE state = 'pending')
             + (SELECT count(*) FROM enrollment WHERE state <> 1)
             + (SELECT count(*) FROM touch WHERE state IN ('planned', 'claimed', 'handing', 'deferred'))
             + (SELECT count(*) FROM outbox WHERE state = 'waiting')
        """;

    private readonly TrackFolder _folder = new("crash");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_step_is_taken_once_and_nothing_is_lost_or_doubled()
    {
        var random = new Random(Seed.Of(output));
        await PublishAsync();
        var database = await server.CloneAsync();
        await using var pipeline = new Pipeline(database);
        await FireAsync(database, pipeline);

        await pipeline.KillAsync(_folder.Path, random, Rounds, Hosts, mostWaypoints: 60);
        await using (HostProcess.StartServing(database, crashAt: null, 1, _folder.Path))
        {
            await Eventually.TrueAsync(
                async () => await pipeline.ScalarAsync(WaitingSql) == 0,
                "every enrollment has run to its end"
            );
        }

        await AssertOnceEachAsync(pipeline);
    }

    private static async Task AssertOnceEachAsync(Pipeline pipeline)
    {
        foreach (
            var (what, sql) in new[]
            {
                ("enrolled and completed", "SELECT count(*) FROM enrollment WHERE state = 1"),
                ("given points once", "SELECT count(*) FROM lead WHERE fields ->> 'score' = '10'"),
                ("asked to be called", "SELECT count(*) FROM task WHERE kind = 'call'"),
                ("handed over", "SELECT count(*) FROM handoff"),
                (
                    "written about to the owner, at least once",
                    "SELECT count(DISTINCT touch_id) FROM development_inbox WHERE recipient = 'owner@example.com'"
                ),
                ("mailed or uncertain", "SELECT count(*) FROM touch WHERE state IN ('accepted', 'uncertain')"),
                (
                    "entered each of the six steps behind the trigger once",
                    "SELECT count(*) FROM (SELECT enrollment_id FROM ledger WHERE code = 'step.entered' GROUP BY 1 HAVING count(*) = 7 AND count(DISTINCT step) = 7) AS whole"
                ),
                (
                    "changed twice through the inbox",
                    "SELECT count(*) / 2 FROM inbox WHERE source = 'engine' AND state = 'applied'"
                ),
            }
        )
        {
            Assert.True(
                Leads == await pipeline.ScalarAsync(sql),
                $"{what}: {await pipeline.ScalarAsync(sql)} of {Leads}"
            );
        }

        Assert.Equal(0, await pipeline.ScalarAsync("SELECT count(*) FROM signal"));
        Assert.Equal(
            0,
            await pipeline.ScalarAsync(
                "SELECT count(*) FROM (SELECT touch_id FROM development_inbox WHERE recipient <> 'owner@example.com' GROUP BY 1 HAVING count(*) > 1) AS doubled"
            )
        );
    }

    private Task PublishAsync() =>
        _folder.PublishAsync(
            [
                Step("points", "Nurture.AdjustScore", ("by", Literal("10"))),
                Step("hello", "Nurture.SendEmail", ("templateId", Literal("welcome-hello"))),
                Step("pause", "Elsa.Delay", ("timeSpan", Literal("1s"))),
                Step("call", "Nurture.CreateCallTask", ("subject", Literal("Call")), ("dueIn", Literal("1d"))),
                Step("reply", "Nurture.WaitForReply", ("timeout", Literal("1s"))),
                Step("sales", "Nurture.HandOffToSales", ("timeout", Literal("1s"))),
            ],
            "T>points points>hello points>pause hello>call pause>call call>reply reply.TimedOut>sales"
        );

    // A host that takes no turns takes the events in, so that all of them are in flight when the killing begins.
    private async Task FireAsync(string database, Pipeline pipeline)
    {
        await using var intake = await TestHost.StartAsync(database, workflows: _folder.Path);
        var crm = await Crm.ForAsync(intake.Http, pipeline.Database);
        var now = TimeProvider.System.GetUtcNow();
        await Parallel.ForAsync(
            0,
            Leads,
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (i, _) =>
            {
                var body = Crm.StageChange($"lead-{i}", "MQL", now);
                body["data"]!["lead"]!["owner"] = new System.Text.Json.Nodes.JsonObject
                {
                    ["email"] = "owner@example.com",
                };
                Assert.True((await crm.FireAsync(body, $"event-{i}")).IsSuccessStatusCode);
            }
        );
    }
}
