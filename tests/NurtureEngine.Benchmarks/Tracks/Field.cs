using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Running;
using NurtureEngine.Host;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Storage;
using NurtureEngine.Postgres.Settings;

namespace NurtureEngine.Benchmarks.Tracks;

/// <summary>
/// A private database with PostgreSQL's durable defaults, a track of two e-mails, and as many leads waiting in it as asked
/// for, spread over the coming month.
/// </summary>
internal sealed class Field : IAsyncDisposable
{
    private const string LeadsSql = """
        WITH added AS (
            INSERT INTO lead (fields, stamps, created_at, updated_at)
            SELECT jsonb_build_object('email', 'lead-' || i || '@example.com', 'name', 'Ann Lee'), '{}', now(), now()
              FROM generate_series(1, @count) AS i
            RETURNING id, fields->>'email' AS address)
        INSERT INTO lead_address (lead_id, channel, address) SELECT id, 'email', address FROM added
        """;

    // One more track for each million: a lead is in a track once.
    private const string WaitSql = """
        INSERT INTO enrollment (lead_id, track_id, track_version_id, state, due_at, entered_at, tokens)
        SELECT l.id, @track, @version, 0, @from + random() * interval '30 days', @from, @tokens FROM lead l
        """;

    // Every n-th lead, so that what is due lies scattered as it would.
    private const string DueSql = """
        UPDATE enrollment SET state = 0, tokens = @tokens, due_at = @due, code = NULL
         WHERE track_version_id = @Version AND state = 0 AND lead_id % @each = @rest
        """;

    // The tests' own, which stay as they are when the shipped ones change; from the repository's folder.
    private static readonly Dictionary<string, string?> Fixtures = new()
    {
        ["Nurture:WorkflowsFolder"] = "tests/Fixtures/workflows",
        ["Nurture:TemplatesFolder"] = "tests/Fixtures/templates",
    };

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"nb-{Guid.NewGuid():N}"[..16]);
    private readonly List<IAsyncDisposable> _others = [];
    private NurtureDatabase _database = null!;
    private ServiceProvider _services = null!;

    public NpgsqlDataSource Database => _database.Source;

    public IServiceProvider Services => _services;

    public int Track { get; private set; }

    public int Version { get; private set; }

    /// <summary>Where a lead stands who waits between the two mails, and falls due.</summary>
    public byte[] Waiting { get; } =
        TokenCodec.Write(
            Standing.At(new StepId("welcome-flow"), new StepId("becomes-mql")) with
            {
                Tokens = [new Token(new StepId("pause"), 1, DateTimeOffset.UtcNow.AddMinutes(-1), null)],
            }
        );

    /// <param name="settings">Settings of the host beside its defaults.</param>
    /// <param name="change">Puts other services in place of the host's.</param>
    public static async Task<Field> OpenAsync(
        Dictionary<string, string?>? settings = null,
        Action<IServiceCollection>? change = null
    )
    {
        var field = new Field();
        Directory.CreateDirectory(field._folder);
        File.SetUnixFileMode(field._folder, (UnixFileMode)0b111_101_101);
        field._database = await NurtureDatabase.OpenAsync(null, field._folder, _ => { }, CancellationToken.None);
        await field._database.MigrateAsync(CancellationToken.None);
        field._services = ServicesOf(field._database, settings, change);
        await field.KeepAnyHourAsync();
        await field.Services.GetRequiredService<FirstStart>().RunAsync(CancellationToken.None);
        await using var connection = await field.Database.OpenConnectionAsync();
        (field.Track, field.Version) = await connection.QuerySingleAsync<(int, int)>(
            "SELECT track_id, id FROM track_version WHERE is_current"
        );
        return field;
    }

    /// <summary>One more host on the same database, with connections of its own; it ends with the field.</summary>
    public async Task<IServiceProvider> JoinAsync(Dictionary<string, string?> settings)
    {
        var database = await NurtureDatabase.OpenAsync(null, _folder, _ => { }, CancellationToken.None);
        var services = ServicesOf(database, settings, change: null);
        _others.AddRange([services, database]);
        await services.GetRequiredService<FirstStart>().RunAsync(CancellationToken.None);
        return services;
    }

    private static ServiceProvider ServicesOf(
        NurtureDatabase database,
        Dictionary<string, string?>? settings,
        Action<IServiceCollection>? change
    )
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection(Fixtures).AddInMemoryCollection(settings ?? []).Build()
        );
        NurtureApplication.AddServices(services, database);
        change?.Invoke(services);
        return services.BuildServiceProvider();
    }

    // Without hours and days, so that what is due leaves whenever it is measured.
    private async Task KeepAnyHourAsync()
    {
        var rulebook = JsonNode.Parse(await ShippedRulebook.ReadJsonAsync(CancellationToken.None))!.AsObject();
        foreach (var rule in new[] { "quietHours", "workingDays" })
        {
            rulebook["cadence"]!.AsObject().Remove(rule);
        }

        await Services
            .GetRequiredService<RulebookStore>()
            .SeedAsync(rulebook.ToJsonString(), DateTimeOffset.UtcNow, CancellationToken.None);
    }

    /// <summary>Adds leads, each waiting in the track.</summary>
    public async Task PopulateAsync(int leads)
    {
        await using var connection = await Database.OpenConnectionAsync();
        await connection.ExecuteAsync(LeadsSql, new { count = leads }, commandTimeout: 0);
        await WaitInAsync(connection, Track, Version);
        await connection.ExecuteAsync("VACUUM ANALYZE", commandTimeout: 0);
    }

    /// <summary>Puts every lead into one more track, a copy of the first.</summary>
    public async Task PopulateCopyAsync(string name)
    {
        await using var connection = await Database.OpenConnectionAsync();
        var (track, version) = await connection.QuerySingleAsync<(int, int)>(
            """
            WITH copy AS (INSERT INTO track (definition_id, created_at) VALUES (@name, now()) RETURNING id)
            INSERT INTO track_version (track_id, number, hash, definition, is_current, program, published_at)
            SELECT copy.id, 1, hash, definition, true, program, now() FROM copy, track_version WHERE track_version.id = @Version
            RETURNING track_id, id
            """,
            new { name, Version }
        );
        await WaitInAsync(connection, track, version);
        await connection.ExecuteAsync("VACUUM ANALYZE enrollment", commandTimeout: 0);
    }

    /// <summary>Makes one in so many of those who wait due now, another one each round.</summary>
    public async Task<int> MakeDueAsync(int each, int round)
    {
        await using var connection = await Database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
            DueSql,
            new
            {
                tokens = Waiting,
                due = DateTimeOffset.UtcNow.AddMinutes(-1),
                Version,
                each,
                rest = round % each,
            },
            commandTimeout: 0
        );
    }

    /// <summary>Lets go of what a round has planned, and puts those who got it back to waiting, as a track with another pause would.</summary>
    public async Task ResetAsync()
    {
        await using var connection = await Database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            TRUNCATE touch, touch_event, ledger;
            UPDATE enrollment SET state = 0, tokens = @tokens, due_at = now() + interval '1 day' + random() * interval '30 days', code = NULL
             WHERE due_at IS NULL;
            """,
            new { tokens = Waiting },
            commandTimeout: 0
        );
        // As autovacuum does sooner or later; rounds follow each other faster than in life.
        await connection.ExecuteAsync("VACUUM ANALYZE enrollment", commandTimeout: 0);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var other in _others)
        {
            await other.DisposeAsync();
        }

        await _services.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WaitInAsync(NpgsqlConnection connection, int track, int version) =>
        await connection.ExecuteAsync(
            WaitSql,
            new
            {
                track,
                version,
                tokens = Waiting,
                from = DateTimeOffset.UtcNow.AddDays(1),
            },
            commandTimeout: 0
        );
}
