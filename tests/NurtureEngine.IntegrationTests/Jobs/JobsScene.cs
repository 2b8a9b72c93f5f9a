using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Host.Facts;
using NurtureEngine.Host.Scheduling.Jobs;
using NurtureEngine.Host.Tracks;
using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Jobs;

/// <summary>A host whose jobs are made in Hangfire's tables and run by no server but the test: turns are taken by hand.</summary>
internal sealed class JobsScene : IAsyncDisposable
{
    /// <summary>Hangfire's tables; its schema's version stays.</summary>
    /// <summary>How many duties a host registers.</summary>
    public const int Duties = 6;

    public const string CountOfDuties = "SELECT count(*) FROM hangfire.set WHERE key = 'recurring-jobs'";

    public static readonly string[] Tables =
    [
        "aggregatedcounter",
        "counter",
        "hash",
        "job",
        "jobparameter",
        "jobqueue",
        "list",
        "lock",
        "server",
        "set",
        "state",
    ];

    // A slot is to be found by a server: its job is in the queue, or scheduled.
    private const string ServedSql = """
        SELECT count(DISTINCT job.id)
          FROM hangfire.job
         WHERE invocationdata::text LIKE '%SendSlotJob%'
           AND (EXISTS (SELECT FROM hangfire.jobqueue q WHERE q.jobid = job.id AND q.queue = 'email')
                OR EXISTS (SELECT FROM hangfire.set s WHERE s.key = 'schedule' AND s.value = 'email:' || job.id))
        """;

    private readonly TrackFolder _folder = new("jobs");
    private readonly TestClock _machine = new(TimeProvider.System.GetUtcNow());

    private JobsScene() { }

    public TestHost Host { get; private set; } = null!;

    public static async Task<JobsScene> StartAsync(PostgresServer server)
    {
        var scene = new JobsScene();
        await scene._folder.PublishAsync(
            [Step("hello", "Nurture.SendEmail", ("templateId", Literal("welcome-hello")))],
            "T>hello"
        );
        scene.Host = await scene.StartHostAsync(await server.CloneAsync(), TimeSpan.Zero);
        return scene;
    }

    /// <summary>A second host on the same database, whose business clock differs.</summary>
    public Task<TestHost> StartHostAsync(string connectionString, TimeSpan ahead) =>
        TestHost.StartAsync(
            connectionString,
            _folder.Path,
            clock: new TestClock(TimeProvider.System.GetUtcNow() + ahead),
            machineClock: _machine,
            services: services => services.AddJobs(connectionString)
        );

    /// <summary>Plans a touch for each of the leads, due at these distances from now.</summary>
    public async Task PlanAsync(params TimeSpan[] due)
    {
        var crm = await Crm.ForAsync(Host.Http, Host.Database);
        foreach (var (i, at) in due.Index())
        {
            await crm.FireAsync(Crm.StageChange($"lead-{Guid.NewGuid():N}-{i}", "MQL", Host.Clock.GetUtcNow()));
            while (await Host.TurnAsync<FactsWorker>() | await Host.TurnAsync<AdvanceWorker>()) { }
            await Host.ExecuteAsync(
                "UPDATE touch SET due_at = @at WHERE id = (SELECT id FROM touch WHERE state = 'planned' ORDER BY lead_id DESC LIMIT 1)",
                new { at = Host.Clock.GetUtcNow() + at }
            );
        }
    }

    /// <summary>Merges a lead into a new one.</summary>
    public async Task MergeAsync(long lead)
    {
        var crm = await Crm.ForAsync(Host.Http, Host.Database);
        var goes = await Host.ScalarAsync<string>(
            "SELECT external_id FROM lead_identity WHERE lead_id = @lead",
            new { lead }
        );
        await crm.FireAsync(
            Crm.Event("lead.merged", "stays", Host.Clock.GetUtcNow(), data: $$"""{"merged":["{{goes}}"]}""")
        );
        while (await Host.TurnAsync<FactsWorker>()) { }
    }

    /// <summary>Takes a turn that looks at everything.</summary>
    public Task TurnAsync(TestHost? host = null)
    {
        _machine.Advance(TimeSpan.FromSeconds(20));
        return (host ?? Host).TurnAsync<SlotTurn>();
    }

    /// <summary>Time passes since jobs were made.</summary>
    public Task ForgetStartsAsync() =>
        Host.ExecuteAsync("UPDATE send_slot SET started_at = started_at - interval '1 minute'");

    /// <summary>How many jobs of slots a server would find.</summary>
    public Task<long> ServedAsync() => Host.ScalarAsync<long>(ServedSql);

    /// <summary>Works on a slot as a server does.</summary>
    public Task RunJobAsync(DateTimeOffset slot, CancellationToken cancellationToken = default) =>
        Host.Services.GetRequiredService<SendSlotJob>().RunAsync("email", slot, cancellationToken);

    public Task<long> SentAsync() => Host.ScalarAsync<long>("SELECT count(*) FROM development_inbox");

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _folder.Dispose();
    }
}
