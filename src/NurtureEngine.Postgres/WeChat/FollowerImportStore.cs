using Npgsql;

namespace NurtureEngine.Postgres.WeChat;

/// <summary>How far the followers that an account had before it was connected have been read.</summary>
public sealed class FollowerImportStore(NpgsqlDataSource database)
{
    private const string Columns = """
        account, next_openid, done, total, fault, finished_at IS NOT NULL AS is_finished,
        fault IS NOT NULL AND retry_at > clock_timestamp() AS is_paused
        """;

    private const string ListSql =
        $"SELECT {Columns} FROM follower_import WHERE account = ANY(@accounts) ORDER BY account";

    // Of two hosts that have read the same page one moves on.
    private const string MoveSql = """
        INSERT INTO follower_import AS i (account, next_openid, done, total, retry_at, finished_at)
        VALUES (@account, @next, @read, @total, clock_timestamp(), CASE WHEN @isLast THEN clock_timestamp() END)
        ON CONFLICT (account) DO UPDATE
           SET next_openid = excluded.next_openid, done = i.done + excluded.done, total = excluded.total, fault = NULL,
               retry_at = excluded.retry_at, finished_at = excluded.finished_at
         WHERE i.next_openid = @before AND i.finished_at IS NULL
        """;

    private const string FailSql = """
        INSERT INTO follower_import (account, next_openid, done, total, fault, retry_at)
        VALUES (@account, '', 0, 0, @fault, clock_timestamp() + @pause)
        ON CONFLICT (account) DO UPDATE SET fault = excluded.fault, retry_at = excluded.retry_at
        """;

    /// <summary>How far the accounts are; those that were not begun are left out.</summary>
    public async Task<IReadOnlyList<FollowerImport>> ListAsync(
        string[] accounts,
        CancellationToken cancellationToken
    ) => await database.QueryAsync<FollowerImport>(ListSql, new { accounts }, cancellationToken);

    /// <summary>Notes that a page is stored.</summary>
    /// <param name="account">The account.</param>
    /// <param name="before">After whom the page began.</param>
    /// <param name="next">After whom the next one begins.</param>
    /// <param name="read">How many the page held.</param>
    /// <param name="total">How many there are in all.</param>
    /// <param name="isLast">Whether there is no further page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task MoveAsync(
        string account,
        string before,
        string next,
        int read,
        int total,
        bool isLast,
        CancellationToken cancellationToken
    ) =>
        database.ExecuteAsync(
            MoveSql,
            new
            {
                account,
                before,
                next,
                read,
                total,
                isLast,
            },
            cancellationToken
        );

    /// <summary>Notes that a page could not be read, and is not asked for again for a while.</summary>
    public Task FailAsync(string account, string fault, TimeSpan pause, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            FailSql,
            new
            {
                account,
                fault,
                pause,
            },
            cancellationToken
        );
}

/// <summary>How far an account is.</summary>
public sealed record FollowerImport
{
    public string Account { get; init; } = "";

    /// <summary>After whom the next page begins; empty for the beginning.</summary>
    public string NextOpenid { get; init; } = "";

    public int Done { get; init; }

    public int Total { get; init; }

    /// <summary>Why the last page could not be read; null if it could.</summary>
    public string? Fault { get; init; }

    /// <summary>Whether the last attempt failed, and the next one is not due yet.</summary>
    public bool IsPaused { get; init; }

    public bool IsFinished { get; init; }
}
