using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NurtureEngine.Benchmarks.Tracks;
using NurtureEngine.Host.Tracks;

namespace NurtureEngine.Benchmarks.Email;

/// <summary>Leads, ten to an account, who agreed to marketing, each with a touch that is due.</summary>
internal sealed class DueTouches : IAsyncDisposable
{
    private const string LeadsSql = """
        INSERT INTO account (fields, stamps, created_at, updated_at)
        SELECT jsonb_build_object('name', 'Acme ' || i, 'tier', 'T3'), '{}', now(), now() FROM generate_series(1, @count / 10) AS i;
        INSERT INTO account_identity (source, external_id, account_id) SELECT 'crm', id::text, id FROM account;
        UPDATE lead SET account_id = 1 + id % (@count / 10);
        INSERT INTO consent (lead_id, channel, purpose, granted, origin, at) SELECT id, 'email', 'marketing', true, 'crm', now() FROM lead;
        """;

    private const string PlanSql = """
        TRUNCATE touch, touch_event, ledger, reservation, message;
        INSERT INTO touch (lead_id, id, enrollment_id, step, visit, channel, content_version_id, state, priority, due_at, planned_at)
        SELECT e.lead_id, gen_random_uuid(), e.id, 'hello', 1, 'email', (SELECT id FROM content_version WHERE key = 'welcome-hello' AND is_current),
               'planned', 50, now() - interval '1 second', now()
          FROM enrollment e;
        """;

    private readonly NpgsqlConnection _connection;

    private DueTouches(NpgsqlConnection connection) => _connection = connection;

    public static async Task<DueTouches> PlanAsync(Field field, int count)
    {
        await field.PopulateAsync(count);
        var due = new DueTouches(await field.Database.OpenConnectionAsync());
        await due._connection.ExecuteAsync(LeadsSql, new { count });
        await field.Services.GetRequiredService<TrackCatalog>().RefreshAsync(always: true, CancellationToken.None);
        return due;
    }

    public async Task ResetAsync()
    {
        await _connection.ExecuteAsync(PlanSql);
        await _connection.ExecuteAsync("VACUUM ANALYZE");
    }

    /// <summary>Whether any has not been accepted yet.</summary>
    public static async Task<bool> AnyLeftAsync(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT FROM touch WHERE state <> 'accepted')");
    }

    /// <exception cref="InvalidDataException">Some have not left; the message says what became of them.</exception>
    public async Task AssertAllAcceptedAsync()
    {
        var others = await _connection.QueryAsync<string>(
            "SELECT state || ' ' || COALESCE(code, '') || ' ' || count(*) FROM touch WHERE state <> 'accepted' GROUP BY state, code"
        );
        if (string.Join(", ", others) is { Length: > 0 } rest)
        {
            throw new InvalidDataException($"Not all were handed over: {rest}.");
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
