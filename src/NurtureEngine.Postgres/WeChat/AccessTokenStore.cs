using Npgsql;
using NurtureEngine.Postgres.Settings;

namespace NurtureEngine.Postgres.WeChat;

/// <summary>The access tokens of accounts on other platforms: one for all hosts, fetched by one at a time.</summary>
public sealed class AccessTokenStore(NpgsqlDataSource database)
{
    // After a failure the platform is not called for as long.
    private const string Pause = "1 minute";

    private const string Columns = $"""
        generation, secret, is_wrapped, fault,
        greatest(extract(epoch FROM expires_at - clock_timestamp()), 0)::float8 AS seconds_left,
        fault IS NOT NULL AND tried_at > clock_timestamp() - interval '{Pause}' AS is_paused
        """;

    private const string ReadSql = $"SELECT {Columns} FROM access_token WHERE account = @account";

    private const string FaultsSql =
        "SELECT account, fault FROM access_token WHERE account = ANY(@accounts) AND fault IS NOT NULL ORDER BY account";

    private const string LockSql = "SELECT pg_advisory_xact_lock(hashtextextended(@account, 5641829377402319))";

    private const string KeepSql = $"""
        INSERT INTO access_token AS t (account, generation, secret, is_wrapped, expires_at, fault, tried_at)
        VALUES (@account, 1, @secret, @isWrapped, clock_timestamp() + @lifetime, NULL, clock_timestamp())
        ON CONFLICT (account) DO UPDATE
           SET generation = t.generation + 1, secret = excluded.secret, is_wrapped = excluded.is_wrapped,
               expires_at = excluded.expires_at, fault = NULL, tried_at = excluded.tried_at
        RETURNING {Columns}
        """;

    // A token that is still good stays.
    private const string FailSql = $"""
        INSERT INTO access_token AS t (account, generation, secret, is_wrapped, expires_at, fault, tried_at)
        VALUES (@account, 0, NULL, false, NULL, @fault, clock_timestamp())
        ON CONFLICT (account) DO UPDATE SET fault = excluded.fault, tried_at = excluded.tried_at
        RETURNING {Columns}
        """;

    /// <summary>The token of an account; null if none was ever fetched.</summary>
    public Task<StoredToken?> ReadAsync(string account, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<StoredToken>(ReadSql, new { account }, cancellationToken);

    /// <summary>Why tokens of these accounts can't be had at present, by account.</summary>
    public async Task<IReadOnlyList<(string Account, string Fault)>> ListFaultsAsync(
        string[] accounts,
        CancellationToken cancellationToken
    ) => await database.QueryAsync<(string, string)>(FaultsSql, new { accounts }, cancellationToken);

    /// <summary>Notes why an account's tokens are no good at present.</summary>
    public Task FailAsync(string account, string fault, CancellationToken cancellationToken) =>
        database.ExecuteAsync(FailSql, new { account, fault }, cancellationToken);

    /// <summary>
    /// Fetches a token, unless a host that did so in the meantime has left one that will do. Hosts that want the same one wait for each other; a host that
    /// dies meanwhile leaves things as they were.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="isGood">Whether a stored token will do.</param>
    /// <param name="fetch">Asks the platform.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<StoredToken> FetchAsync(
        string account,
        Func<StoredToken, bool> isGood,
        Func<CancellationToken, Task<FetchedToken>> fetch,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.ExecuteAsync(LockSql, new { account }, cancellationToken);
        var known = await transaction.QueryAsync<StoredToken>(ReadSql, new { account }, cancellationToken);
        if (known is [var stored] && (stored.IsPaused || isGood(stored)))
        {
            return stored;
        }

        var fetched = await fetch(cancellationToken);
        Waypoints.Pass("token.fetched");
        var kept = fetched.Key is { } key
            ? await transaction.QueryAsync<StoredToken>(
                KeepSql,
                new
                {
                    account,
                    secret = key.Secret,
                    isWrapped = key.IsWrapped,
                    lifetime = fetched.Lifetime,
                },
                cancellationToken
            )
            : await transaction.QueryAsync<StoredToken>(
                FailSql,
                new { account, fault = fetched.Fault },
                cancellationToken
            );
        await transaction.CommitAsync(cancellationToken);
        return kept[0];
    }
}

/// <summary>A token as it is stored.</summary>
public sealed record StoredToken
{
    /// <summary>Counts the tokens of the account; 0 if there never was one.</summary>
    public int Generation { get; init; }

    /// <summary>The token; null while none could be had.</summary>
    public byte[]? Secret { get; init; }

    public bool IsWrapped { get; init; }

    /// <summary>Why the last attempt failed; null if it did not.</summary>
    public string? Fault { get; init; }

    /// <summary>For how long the token holds, in seconds; 0 for one that has expired.</summary>
    public double SecondsLeft { get; init; }

    /// <summary>Whether the last attempt failed a moment ago, so that the platform is not called.</summary>
    public bool IsPaused { get; init; }

    /// <summary>The token, bare or wrapped; null where there is none.</summary>
    public StoredKey? Key => Secret is null ? null : new StoredKey { Secret = Secret, IsWrapped = IsWrapped };
}

/// <summary>What came of asking a platform for a token.</summary>
/// <param name="Key">The token, as it is to be stored; null if there is none.</param>
/// <param name="Lifetime">For how long it holds.</param>
/// <param name="Fault">Why there is none; null if there is one.</param>
public sealed record FetchedToken(StoredKey? Key, TimeSpan Lifetime, string? Fault);
