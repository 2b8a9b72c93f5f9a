using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using NurtureEngine.Host;
using NurtureEngine.Host.Facts;
using NurtureEngine.Host.Outgoing;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Storage;
using NurtureEngine.Host.Touches;
using NurtureEngine.Host.Tracks;

namespace NurtureEngine.IntegrationTests.Infrastructure;

/// <summary>A host in this process: real HTTP, real database, business time moved by hand, loops turned by hand.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly NurtureDatabase _database;

    private TestHost(WebApplication app, NurtureDatabase database, TestClock clock, string adminKey)
    {
        (_app, _database, Clock) = (app, database, clock);
        AdminKey = adminKey;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Http.DefaultRequestHeaders.Authorization = new("Bearer", adminKey);
    }

    public TestClock Clock { get; }

    public string AdminKey { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public NpgsqlDataSource Database => _database.Source;

    public static async Task<TestHost> StartAsync(
        string connectionString,
        string? workflows = null,
        string? templates = null,
        TestClock? clock = null,
        TestClock? machineClock = null,
        bool migrate = false,
        IReadOnlyDictionary<string, string?>? settings = null,
        Action<IServiceCollection>? services = null
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:Nurture"] = connectionString,
                ["Nurture:Email:Mode"] = "inbox",
                ["Nurture:WorkflowsFolder"] = workflows ?? Path.Combine(TestFolder.Fixtures, "workflows"),
                ["Nurture:TemplatesFolder"] = templates ?? Path.Combine(TestFolder.Fixtures, "templates"),
            }
        );
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        clock ??= new TestClock(TimeProvider.System.GetUtcNow());
        builder.Services.AddKeyedSingleton<TimeProvider>(Clocks.Business, clock);
        if (machineClock is not null)
        {
            builder.Services.AddSingleton<TimeProvider>(machineClock);
        }

        var database = await NurtureDatabase.OpenAsync(connectionString, "", _ => { }, CancellationToken.None);
        if (migrate)
        {
            await database.MigrateAsync(CancellationToken.None);
        }

        NurtureApplication.AddServices(builder.Services, database);
        services?.Invoke(builder.Services);
        var app = builder.Build();
        NurtureApplication.MapFaces(app);
        var start = app.Services.GetRequiredService<FirstStart>();
        await start.RunAsync(CancellationToken.None);
        await app.StartAsync();
        var key = await start.MakeFirstKeyAsync(CancellationToken.None);
        return new TestHost(app, database, clock, key ?? "");
    }

    /// <summary>Turns every loop until none finds anything to do: what the host would do at this moment of business time.</summary>
    public async Task DrainAsync()
    {
        ITurn[] turns =
        [
            Services.GetRequiredService<MomentsWorker>(),
            Services.GetRequiredService<FactsWorker>(),
            Services.GetRequiredService<MoveWorker>(),
            Services.GetRequiredService<AdvanceWorker>(),
            Services.GetRequiredService<RecoveryWorker>(),
            Services.GetRequiredService<DispatchTurn>(),
            Services.GetRequiredService<OutboxWorker>(),
        ];
        bool worked;
        do
        {
            worked = false;
            foreach (var turn in turns)
            {
                worked |= await turn.RunTurnAsync(CancellationToken.None);
            }
        } while (worked);
    }

    /// <summary>The one-time password of the first administrator; null where there is somebody already.</summary>
    public Task<string?> FirstPasswordAsync() =>
        Services.GetRequiredService<FirstStart>().MakeFirstPersonAsync(CancellationToken.None);

    /// <summary>Has the host look at the tracks in force now.</summary>
    public Task RefreshTracksAsync() =>
        Services.GetRequiredService<TrackCatalog>().RefreshAsync(always: true, CancellationToken.None);

    /// <summary>Takes one turn of one loop.</summary>
    public Task<bool> TurnAsync<TTurn>()
        where TTurn : ITurn => Services.GetRequiredService<TTurn>().RunTurnAsync(CancellationToken.None);

    public async Task<T> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    public async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }
}
