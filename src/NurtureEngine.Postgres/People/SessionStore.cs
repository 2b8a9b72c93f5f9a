using Npgsql;
using NurtureEngine.Core.People;

namespace NurtureEngine.Postgres.People;

/// <summary>Where people are signed in. Times are machine time in UTC; what is over by the database's clock is not found.</summary>
public sealed class SessionStore(NpgsqlDataSource database)
{
    private const string AddSql = """
        INSERT INTO session (key_hash, person_id, ticket, stamp, agent, created_at, seen_at, expires_at)
        VALUES (@hash, @person, @ticket, @stamp, @agent, clock_timestamp(), clock_timestamp(), @until)
        """;

    // However often it is used, a session is over after a week.
    private const string FindSql = """
        SELECT s.ticket
          FROM session s
          JOIN person p ON p.id = s.person_id AND p.security_stamp = s.stamp
         WHERE s.key_hash = @hash AND s.expires_at > clock_timestamp() AND s.created_at > clock_timestamp() - interval '7 days'
        """;

    private const string RenewSql = """
        UPDATE session SET ticket = @ticket, stamp = @stamp, seen_at = clock_timestamp(), expires_at = @until
         WHERE key_hash = @hash AND person_id = @person
        """;

    private const string EndSql = "DELETE FROM session WHERE key_hash = @hash";

    private const string EndOthersSql = "DELETE FROM session WHERE person_id = @person AND key_hash <> @hash";

    private const string EndAllSql = "DELETE FROM session WHERE person_id = @person";

    private const string TidySql = "DELETE FROM session WHERE expires_at <= clock_timestamp()";

    private const string ListSql = """
        SELECT encode(key_hash, 'hex') AS id, agent, created_at, seen_at, key_hash = @hash AS is_own
          FROM session
         WHERE person_id = @person AND expires_at > clock_timestamp() AND stamp = (SELECT security_stamp FROM person WHERE id = @person)
         ORDER BY seen_at DESC
        """;

    private const string EndOneSql = "DELETE FROM session WHERE person_id = @person AND encode(key_hash, 'hex') = @id";

    public Task AddAsync(
        byte[] hash,
        long person,
        byte[] ticket,
        string stamp,
        string agent,
        DateTimeOffset until,
        AuditEntry entry,
        CancellationToken cancellationToken
    ) =>
        database.ExecuteAsync(
            AddSql,
            new
            {
                hash,
                person,
                ticket,
                stamp,
                agent,
                until,
            },
            entry,
            cancellationToken
        );

    /// <summary>The ticket, encrypted; null where there is no such session, or it is over.</summary>
    public Task<byte[]?> FindAsync(byte[] hash, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<byte[]>(FindSql, new { hash }, cancellationToken);

    /// <summary>Puts another ticket into a session of the same person; that of somebody else is left alone.</summary>
    public Task RenewAsync(
        byte[] hash,
        long person,
        byte[] ticket,
        string stamp,
        DateTimeOffset until,
        CancellationToken cancellationToken
    ) =>
        database.ExecuteAsync(
            RenewSql,
            new
            {
                hash,
                person,
                ticket,
                stamp,
                until,
            },
            cancellationToken
        );

    public Task EndAsync(byte[] hash, CancellationToken cancellationToken) =>
        database.ExecuteAsync(EndSql, new { hash }, cancellationToken);

    /// <summary>Ends all sessions of a person but one.</summary>
    public Task EndOthersAsync(long person, byte[] hash, CancellationToken cancellationToken) =>
        database.ExecuteAsync(EndOthersSql, new { person, hash }, cancellationToken);

    /// <summary>Ends all sessions of a person.</summary>
    public Task EndAllAsync(long person, CancellationToken cancellationToken) =>
        database.ExecuteAsync(EndAllSql, new { person }, cancellationToken);

    /// <summary>Ends one of a person's sessions by its id; false where they have none of that id.</summary>
    public async Task<bool> EndOneAsync(
        long person,
        string id,
        AuditEntry entry,
        CancellationToken cancellationToken
    ) => await database.ExecuteAsync(EndOneSql, new { person, id }, entry, cancellationToken) == 1;

    /// <summary>A person's sessions, the one seen last first; <paramref name="hash"/> is that of the one who asks.</summary>
    public async Task<IReadOnlyList<SessionRow>> ListAsync(
        long person,
        byte[] hash,
        CancellationToken cancellationToken
    ) => await database.QueryAsync<SessionRow>(ListSql, new { person, hash }, cancellationToken);

    /// <summary>Removes what is over.</summary>
    public Task TidyAsync(CancellationToken cancellationToken) =>
        database.ExecuteAsync(TidySql, null, cancellationToken);
}

/// <summary>A session as its owner sees it.</summary>
public sealed record SessionRow
{
    public string Id { get; init; } = "";

    /// <summary>What the browser calls itself.</summary>
    public string Agent { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset SeenAt { get; init; }

    /// <summary>Whether it is the one that asks.</summary>
    public bool IsOwn { get; init; }
}
