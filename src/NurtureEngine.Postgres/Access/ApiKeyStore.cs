using Npgsql;

namespace NurtureEngine.Postgres.Access;

/// <summary>Keeps the API keys by their hashes.</summary>
public sealed class ApiKeyStore(NpgsqlDataSource database)
{
    private const string FindSql =
        "SELECT name, scopes, person_id FROM api_key WHERE hash = @hash AND revoked_at IS NULL";

    private const string AddSql = """
        INSERT INTO api_key (name, hash, scopes, created_at, person_id) VALUES (@name, @hash, @scopes, @now, @person)
        """;

    private const string AddFirstSql = """
        INSERT INTO api_key (name, hash, scopes, created_at)
        SELECT @name, @hash, @scopes, @now
         WHERE NOT EXISTS (SELECT 1 FROM api_key)
        """;

    /// <summary>The key of that hash; null where there is none or it was revoked.</summary>
    public async Task<ApiKey?> FindAsync(byte[] hash, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<ApiKey>(FindSql, new { hash }, cancellationToken);

    /// <summary>Adds a key; of a person it sees the leads that they see, and null sees all.</summary>
    public async Task AddAsync(
        string name,
        byte[] hash,
        string[] scopes,
        long? person,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        await database.ExecuteAsync(
            AddSql,
            new
            {
                name,
                hash,
                scopes,
                person,
                now,
            },
            cancellationToken
        );

    /// <summary>Adds the key where there is none at all yet; false where there is.</summary>
    public async Task<bool> AddFirstAsync(
        string name,
        byte[] hash,
        string[] scopes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await AdvisoryLock.TakeAsync(transaction, AdvisoryLock.FirstKey, cancellationToken);
        var parameters = new
        {
            name,
            hash,
            scopes,
            now,
        };
        var added = await transaction.ExecuteAsync(AddFirstSql, parameters, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return added == 1;
    }
}

/// <summary>A key's name and what it may do.</summary>
public sealed record ApiKey
{
    public string Name { get; init; } = "";
    public string[] Scopes { get; init; } = [];

    /// <summary>Whose it is; null for a system's.</summary>
    public long? PersonId { get; init; }
}
