using Npgsql;

namespace NurtureEngine.Postgres.Settings;

/// <summary>Encrypts all stored keys anew, in one transaction: those of links, and those of cookies and forms.</summary>
public sealed class KeyRewrap(NpgsqlDataSource database)
{
    private const string LinksSql = "SELECT id::text, secret, is_wrapped FROM link_key FOR UPDATE";

    private const string KeepLinksSql = """
        UPDATE link_key SET secret = w.secret, is_wrapped = w.is_wrapped
          FROM unnest(@ids, @secrets, @wrapped) AS w (id, secret, is_wrapped)
         WHERE link_key.id = w.id::smallint
        """;

    private const string ProtectionSql = "SELECT name AS id, secret, is_wrapped FROM protection_key FOR UPDATE";

    private const string KeepProtectionSql = """
        UPDATE protection_key SET secret = w.secret, is_wrapped = w.is_wrapped
          FROM unnest(@ids, @secrets, @wrapped) AS w (id, secret, is_wrapped)
         WHERE protection_key.name = w.id
        """;

    /// <summary>How many keys were encrypted anew. What <paramref name="rewrap"/> throws leaves all as they were.</summary>
    public async Task<int> RunAsync(Func<StoredKey, StoredKey> rewrap, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // No first key is added in between.
        await AdvisoryLock.TakeAsync(transaction, AdvisoryLock.LinkKey, cancellationToken);
        var count =
            await RewrapAsync(transaction, LinksSql, KeepLinksSql, rewrap, cancellationToken)
            + await RewrapAsync(transaction, ProtectionSql, KeepProtectionSql, rewrap, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return count;
    }

    private static async Task<int> RewrapAsync(
        NpgsqlTransaction transaction,
        string readSql,
        string keepSql,
        Func<StoredKey, StoredKey> rewrap,
        CancellationToken cancellationToken
    )
    {
        var rows = await transaction.QueryAsync<Row>(readSql, null, cancellationToken);
        var keys = rows.ConvertAll(row => rewrap(new StoredKey { Secret = row.Secret, IsWrapped = row.IsWrapped }));
        return await transaction.ExecuteAsync(
            keepSql,
            new
            {
                ids = rows.ToArray(row => row.Id),
                secrets = keys.ToArray(key => key.Secret),
                wrapped = keys.ToArray(key => key.IsWrapped),
            },
            cancellationToken
        );
    }

    private sealed record Row
    {
        public string Id { get; init; } = "";
        public byte[] Secret { get; init; } = [];
        public bool IsWrapped { get; init; }
    }
}
