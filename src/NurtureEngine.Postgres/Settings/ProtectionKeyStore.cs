using Dapper;
using Npgsql;

namespace NurtureEngine.Postgres.Settings;

/// <summary>The keys of cookies and forms, shared by all hosts. The framework asks for them without awaiting.</summary>
public sealed class ProtectionKeyStore(NpgsqlDataSource database)
{
    private const string ListSql = "SELECT secret, is_wrapped FROM protection_key ORDER BY created_at, name";

    private const string AddSql = """
        INSERT INTO protection_key (name, secret, is_wrapped, created_at)
        VALUES (@name, @Secret, @IsWrapped, @now)
        ON CONFLICT (name) DO UPDATE SET secret = excluded.secret, is_wrapped = excluded.is_wrapped
        """;

    private const string LockSql = "SELECT pg_advisory_xact_lock(@key)";

    /// <summary>The keys as they are stored, oldest first.</summary>
    public IReadOnlyList<StoredKey> List()
    {
        using var connection = database.OpenConnection();
        return [.. connection.Query<StoredKey>(ListSql)];
    }

    /// <summary>Has the first key made where there is none; of hosts that start together one makes it, and the others find it.</summary>
    public void EnsureFirst(Action make)
    {
        using var connection = database.OpenConnection();
        using var transaction = connection.BeginTransaction();
        connection.Execute(LockSql, new { key = AdvisoryLock.ProtectionKey }, transaction);
        if (List().Count == 0)
        {
            make();
        }
    }

    /// <summary>Stores a key under the framework's name for it.</summary>
    public void Add(string name, StoredKey key, DateTimeOffset now)
    {
        using var connection = database.OpenConnection();
        using var transaction = connection.BeginTransaction();
        // Whoever encrypts all keys anew must see this one, or be done.
        connection.Execute(LockSql, new { key = AdvisoryLock.LinkKey }, transaction);
        connection.Execute(
            AddSql,
            new
            {
                name,
                key.Secret,
                key.IsWrapped,
                now,
            },
            transaction
        );
        transaction.Commit();
    }
}
