using System.Text;
using Npgsql;

namespace NurtureEngine.Postgres.Settings;

/// <summary>Keeps the rulebook's versions; the newest is in force.</summary>
public sealed class RulebookStore(NpgsqlDataSource database)
{
    private const string CurrentSql =
        "SELECT version, content::text AS content FROM rulebook ORDER BY version DESC LIMIT 1";

    private const string SeedSql = """
        INSERT INTO rulebook (content, changed_by, changed_at)
        SELECT @content::jsonb, 'first start', @now
         WHERE NOT EXISTS (SELECT 1 FROM rulebook)
        """;

    /// <summary>The version in force and its JSON; null before the first start has seeded one.</summary>
    public async Task<(int Version, byte[] Json)?> FindCurrentAsync(CancellationToken cancellationToken)
    {
        var row = await database.QuerySingleOrDefaultAsync<Row>(CurrentSql, null, cancellationToken);
        return row is null ? null : (row.Version, Encoding.UTF8.GetBytes(row.Content));
    }

    /// <summary>Stores the first version where there is none.</summary>
    public async Task SeedAsync(string content, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await AdvisoryLock.TakeAsync(transaction, AdvisoryLock.Rulebook, cancellationToken);
        await transaction.ExecuteAsync(SeedSql, new { content, now }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private sealed record Row(int Version, string Content);
}
