using Npgsql;

namespace NurtureEngine.Postgres.Intake;

/// <summary>Keeps the webhook source that the first start makes, so that an event can be fired at once.</summary>
public sealed class WebhookSourceStore(NpgsqlDataSource database)
{
    private const string EnsureSql = """
        INSERT INTO webhook_source (name, secret, created_at) VALUES (@name, @secret, @now)
        ON CONFLICT (name) DO NOTHING
        """;

    /// <summary>Stores a source where none of that name exists.</summary>
    public async Task EnsureAsync(
        string name,
        string secret,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        await database.ExecuteAsync(
            EnsureSql,
            new
            {
                name,
                secret,
                now,
            },
            cancellationToken
        );

    /// <summary>The source's secret, or null where there is no such source.</summary>
    public async Task<string?> FindSecretAsync(string name, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<string>(
            "SELECT secret FROM webhook_source WHERE name = @name",
            new { name },
            cancellationToken
        );
}
