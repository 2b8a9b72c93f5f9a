using Npgsql;

namespace NurtureEngine.Postgres.People;

/// <summary>Keeps links by which people choose a password, by their hashes. A person has one at a time.</summary>
public sealed class InvitationStore(NpgsqlDataSource database)
{
    private const string AddSql = """
        DELETE FROM invitation WHERE person_id = @person OR expires_at <= clock_timestamp();
        INSERT INTO invitation (token_hash, person_id, expires_at) VALUES (@hash, @person, clock_timestamp() + @life)
        """;

    private const string FindSql =
        "SELECT person_id FROM invitation WHERE token_hash = @hash AND expires_at > clock_timestamp()";

    private const string TakeSql =
        "DELETE FROM invitation WHERE token_hash = @hash AND expires_at > clock_timestamp() RETURNING person_id";

    /// <summary>Keeps a link, which replaces an older one.</summary>
    public async Task AddAsync(long person, byte[] hash, TimeSpan life, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.ExecuteAsync(
            AddSql,
            new
            {
                person,
                hash,
                life,
            },
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Whose link it is; null where it is over or never was.</summary>
    public async Task<long?> FindAsync(byte[] hash, CancellationToken cancellationToken) =>
        (await database.QueryAsync<long?>(FindSql, new { hash }, cancellationToken)).SingleOrDefault();

    /// <summary>Uses a link up; null where somebody has done so already.</summary>
    public async Task<long?> TakeAsync(byte[] hash, CancellationToken cancellationToken) =>
        (await database.QueryAsync<long?>(TakeSql, new { hash }, cancellationToken)).SingleOrDefault();
}
