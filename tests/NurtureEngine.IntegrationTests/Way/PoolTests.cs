using System.Diagnostics.Metrics;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>Pieces of a pool, each lead's next, over the real database.</summary>
public sealed class PoolTests(PostgresServer server) : IDisposable
{
    private readonly TrackFolder _folder = new("pool");
    private readonly string _templates = TestFolder.New("pool-templates");

    public void Dispose()
    {
        _folder.Dispose();
        TestFolder.Delete(_templates);
    }

    [Fact]
    public async Task A_lead_gets_the_pieces_by_priority_each_once_and_new_ones_when_they_come()
    {
        await PieceAsync("basics", priority: 20);
        await PieceAsync("advanced", priority: 10);
        await _folder.PublishAsync(
            [
                Step("p", "Nurture.ContentPool", ("pool", Literal("education")), ("whenExhausted", Literal("wait"))),
                Step("w", "Elsa.Delay", ("timeSpan", Literal("7d"))),
            ],
            "T>p p.Sent>w w>p",
            null,
            "track",
            ("timeLimit", "400d")
        );
        var database = await server.CloneAsync();
        var clock = new TestClock(TimeProvider.System.GetUtcNow());
        await using (var host = await TestHost.StartAsync(database, _folder.Path, _templates, clock))
        {
            var crm = await Crm.ForAsync(host.Http, host.Database);
            await crm.FireAsync(Crm.StageChange("ann", "MQL", clock.GetUtcNow()));
            await PassAsync(host, days: 20);
            Assert.Equal("basics advanced", await SentAsync(host));
        }

        await PieceAsync("expert", priority: 90);
        await using var later = await TestHost.StartAsync(database, _folder.Path, _templates, clock);
        await PassAsync(later, days: 2);

        Assert.Equal("basics advanced expert", await SentAsync(later));
        // Looking for more leaves no trace.
        Assert.Equal(
            3,
            await later.ScalarAsync<long>("SELECT count(*) FROM ledger WHERE code = 'step.entered' AND step = 'p'")
        );
    }

    [Fact]
    public async Task Who_has_had_all_in_another_track_leaves_by_Exhausted()
    {
        await PieceAsync("basics", priority: 20);
        await _folder.PublishAsync(
            [
                Step("m", "Nurture.SendEmail", ("templateId", Literal("basics"))),
                Step("p", "Nurture.ContentPool", ("pool", Literal("education"))),
                Step("g", "Nurture.Goal"),
            ],
            "T>m m>p p.Exhausted>g"
        );
        await using var host = await TestHost.StartAsync(await server.CloneAsync(), _folder.Path, _templates);
        var crm = await Crm.ForAsync(host.Http, host.Database);
        var lags = new List<double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == NurtureMetrics.Name)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, lag, _, _) => lags.Add(lag));
        listener.Start();
        await crm.FireAsync(Crm.StageChange("ann", "MQL", host.Clock.GetUtcNow()));
        await host.TurnAsync<NurtureEngine.Host.Facts.FactsWorker>();
        host.Clock.Advance(TimeSpan.FromHours(3));
        await host.DrainAsync();

        Assert.Equal("goal.reached", await host.ScalarAsync<string>("SELECT code FROM enrollment"));
        // Other tests of the run are measured too.
        Assert.Contains(lags, lag => lag is >= 3 * 3_600 and < 3 * 3_600 + 60);
    }

    private static async Task PassAsync(TestHost host, int days)
    {
        await host.DrainAsync();
        for (var day = 0; day < days; day++)
        {
            host.Clock.Advance(TimeSpan.FromDays(1));
            await host.DrainAsync();
        }
    }

    private static Task<string> SentAsync(TestHost host) =>
        host.ScalarAsync<string>(
            "SELECT string_agg(c.key, ' ' ORDER BY t.planned_at) FROM touch t JOIN content_version c ON c.id = t.content_version_id WHERE t.state = 'accepted'"
        );

    private async Task PieceAsync(string key, int priority)
    {
        var folder = Path.Combine(_templates, key);
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "content.yaml"),
            $"channel: email\npurpose: marketing\npool: education\npoolPriority: {priority}\nsubject:\n  en: {key}\npreheader:\n  en: {key}\n"
        );
        await File.WriteAllTextAsync(Path.Combine(folder, "body.en.html"), $"<p>{key}</p>");
    }
}
