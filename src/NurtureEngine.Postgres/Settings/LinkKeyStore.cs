using Npgsql;

namespace NurtureEngine.Postgres.Settings;

/// <summary>The keys that links are signed with, shared by all hosts; the newest signs, all are good to read.</summary>
public sealed class LinkKeyStore(NpgsqlDataSource database)
{
    private const string ListSql = "SELECT secret, is_wrapped FROM link_key ORDER BY id DESC";

    private const string AddFirstSql = """
        INSERT INTO link_key (secret, is_wrapped, created_at)
        SELECT @secret, @isWrapped, @now
         WHERE NOT EXISTS (SELECT 1 FROM link_key)
        """;

    /// <summary>The keys as they are stored, newest first.</summary>
    public async Task<IReadOnlyList<StoredKey>> ListAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync<StoredKey>(ListSql, null, cancellationToken);

    /// <summary>Stores the first key where there is none; hosts that start together agree on one.</summary>
    public async Task AddFirstAsync(
        byte[] secret,
        bool isWrapped,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await AdvisoryLock.TakeAsync(transaction, AdvisoryLock.LinkKey, cancellationToken);
        await transaction.ExecuteAsync(
            AddFirstSql,
            new
            {
                secret,
                isWrapped,
                now,
            },
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
    }
}

/// <summary>A key as it is stored: bare, or wrapped by a configured key.</summary>
public sealed record StoredKey
{
    public byte[] Secret { get; init; } = [];
    public bool IsWrapped { get; init; }
}
