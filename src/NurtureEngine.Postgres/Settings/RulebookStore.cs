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

    private const string ReplaceSql = """
        INSERT INTO rulebook (content, changed_by, changed_at)
        SELECT @content::jsonb, @by, @now
         WHERE (SELECT max(version) FROM rulebook) = @expected
        RETURNING version
        """;

    private const string VersionsSql = """
        SELECT version, changed_by, changed_at
          FROM rulebook
         WHERE version < @before
         ORDER BY version DESC
         LIMIT @limit + 1
        """;

    private const string FindSql =
        "SELECT version, changed_by, changed_at, content::text AS content FROM rulebook WHERE version = @version";

    /// <summary>
    /// Puts a new version in force; null where the one in force is not (any more) the one that was expected.
    /// </summary>
    public async Task<int?> ReplaceAsync(
        string content,
        int expected,
        string by,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await AdvisoryLock.TakeAsync(transaction, AdvisoryLock.Rulebook, cancellationToken);
        var versions = await transaction.QueryAsync<int>(
            ReplaceSql,
            new
            {
                content,
                expected,
                by,
                now,
            },
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return versions.Count == 0 ? null : versions[0];
    }

    /// <summary>Who changed it when, newest first.</summary>
    public async Task<Page<RulebookVersion, int>> ListAsync(int? before, int limit, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<RulebookVersion>(
            VersionsSql,
            new { before = before ?? int.MaxValue, limit },
            cancellationToken
        );
        return Page.Of(rows, limit, row => row.Version);
    }

    /// <summary>One version whole; null where there is none of that number.</summary>
    public Task<RulebookVersion?> FindAsync(int version, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<RulebookVersion>(FindSql, new { version }, cancellationToken);

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

/// <summary>A version of the rulebook; in lists without its JSON.</summary>
public sealed record RulebookVersion
{
    public int Version { get; init; }
    public string ChangedBy { get; init; } = "";
    public DateTimeOffset ChangedAt { get; init; }
    public string? Content { get; init; }
}
