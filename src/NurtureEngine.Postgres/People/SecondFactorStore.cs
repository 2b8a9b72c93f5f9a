using Npgsql;
using NurtureEngine.Core.People;

namespace NurtureEngine.Postgres.People;

/// <summary>Keeps the secrets of authenticators and the recovery codes.</summary>
public sealed class SecondFactorStore(NpgsqlDataSource database)
{
    private const string FindSql = """
        SELECT totp_secret AS secret, totp_confirmed AS is_confirmed,
               (SELECT count(*) FROM recovery_code WHERE person_id = id)::int AS codes
          FROM person
         WHERE id = @id
        """;

    // A confirmed secret is not replaced by a new setup; it has to be turned off first.
    private const string BeginSql = "UPDATE person SET totp_secret = @secret WHERE id = @id AND NOT totp_confirmed";

    private const string ConfirmSql = """
        WITH confirmed AS (
            UPDATE person SET totp_confirmed = true WHERE id = @id AND totp_secret IS NOT NULL AND NOT totp_confirmed RETURNING id)
        INSERT INTO recovery_code (person_id, code_hash) SELECT confirmed.id, hash FROM confirmed CROSS JOIN unnest(@hashes) AS hash
        """;

    // Codes are good for some time steps, far less than ten minutes; each of them is taken once.
    private const string TakeSql = """
        UPDATE person
           SET totp_used = CASE WHEN totp_used_at > clock_timestamp() - interval '10 minutes' THEN totp_used || @code ELSE ARRAY[@code] END,
               totp_used_at = clock_timestamp()
         WHERE id = @id AND (totp_used_at > clock_timestamp() - interval '10 minutes' AND @code = ANY(totp_used)) IS NOT TRUE
        """;

    private const string RedeemSql = "DELETE FROM recovery_code WHERE person_id = @id AND code_hash = @hash";

    private const string ClearSql = """
        UPDATE person SET totp_secret = NULL, totp_confirmed = false, totp_used = '{}', totp_used_at = NULL WHERE id = @id;
        DELETE FROM recovery_code WHERE person_id = @id;
        DELETE FROM invitation WHERE person_id = @id
        """;

    /// <summary>What a person has; null where there is no such person.</summary>
    public Task<SecondFactorRow?> FindAsync(long id, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<SecondFactorRow>(FindSql, new { id }, cancellationToken);

    /// <summary>Keeps a secret, encrypted, that counts once it is confirmed; nothing where one is confirmed already.</summary>
    public Task BeginAsync(long id, byte[] secret, CancellationToken cancellationToken) =>
        database.ExecuteAsync(BeginSql, new { id, secret }, cancellationToken);

    /// <summary>From now on the secret counts; the hashes are those of its recovery codes. False where it did so already.</summary>
    public async Task<bool> ConfirmAsync(
        long id,
        byte[][] hashes,
        AuditEntry entry,
        CancellationToken cancellationToken
    ) => await database.ExecuteAsync(ConfirmSql, new { id, hashes }, entry, cancellationToken) > 0;

    /// <summary>Takes a code of the authenticator; false where it was taken before.</summary>
    public async Task<bool> TakeAsync(long id, string code, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(TakeSql, new { id, code }, cancellationToken) == 1;

    /// <summary>Uses up a recovery code; false where it is none.</summary>
    public async Task<bool> RedeemAsync(long id, byte[] hash, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(RedeemSql, new { id, hash }, cancellationToken) == 1;

    /// <summary>Takes all of it away, and ends links that were mailed.</summary>
    public Task ClearAsync(long id, AuditEntry? entry, CancellationToken cancellationToken) =>
        database.ExecuteAsync(ClearSql, new { id }, entry, cancellationToken);
}

/// <summary>What a person has beside their password.</summary>
public sealed record SecondFactorRow
{
    /// <summary>The authenticator's secret, encrypted; null where there is none.</summary>
    public byte[]? Secret { get; init; }

    /// <summary>Whether it is asked for at sign-in.</summary>
    public bool IsConfirmed { get; init; }

    /// <summary>Recovery codes that are left.</summary>
    public int Codes { get; init; }
}
