using Npgsql;
using NurtureEngine.Core.People;

namespace NurtureEngine.Postgres.People;

/// <summary>Keeps links by which people choose a password, by their hashes. A person has one at a time.</summary>
public sealed class InvitationStore(NpgsqlDataSource database)
{
    // The lock makes a change of the address wait; after a change the link is refused.
    private const string LockSql =
        "SELECT COALESCE(email_key = lower(@address), false) FROM person WHERE id = @person FOR UPDATE";

    // The later expiry is kept, so that a reset does not shorten an invitation.
    private const string AddSql = """
        INSERT INTO invitation (token_hash, person_id, created_at, expires_at)
        VALUES (@hash, @person, clock_timestamp(), clock_timestamp() + @life)
        ON CONFLICT (person_id) DO UPDATE
           SET token_hash = excluded.token_hash, created_at = excluded.created_at,
               expires_at = GREATEST(invitation.expires_at, excluded.expires_at)
         WHERE invitation.created_at <= clock_timestamp() - @quiet
        """;

    private const string FindSql =
        "SELECT person_id FROM invitation WHERE token_hash = @hash AND expires_at > clock_timestamp()";

    private const string TakeSql =
        "DELETE FROM invitation WHERE token_hash = @hash AND expires_at > clock_timestamp() RETURNING person_id";

    /// <summary>Keeps a link to an address, which replaces an older one; false where the person has another address, or a link that is younger than <paramref name="quiet" />.</summary>
    public async Task<bool> AddAsync(
        long person,
        string address,
        byte[] hash,
        TimeSpan life,
        TimeSpan quiet,
        AuditEntry? entry,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (
            (await transaction.QueryAsync<bool>(LockSql, new { person, address }, cancellationToken)) is not [true]
            || await transaction.ExecuteAsync(
                AddSql,
                new
                {
                    person,
                    hash,
                    life,
                    quiet,
                },
                cancellationToken
            ) == 0
        )
        {
            return false;
        }

        await transaction.AuditAsync(entry, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Whose link it is; null where it is over or never was.</summary>
    public async Task<long?> FindAsync(byte[] hash, CancellationToken cancellationToken) =>
        (await database.QueryAsync<long?>(FindSql, new { hash }, cancellationToken)).SingleOrDefault();

    /// <summary>Uses a link up; null if it was used already.</summary>
    public async Task<long?> TakeAsync(byte[] hash, CancellationToken cancellationToken) =>
        (await database.QueryAsync<long?>(TakeSql, new { hash }, cancellationToken)).SingleOrDefault();
}
