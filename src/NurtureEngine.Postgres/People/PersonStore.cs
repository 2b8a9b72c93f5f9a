using Npgsql;
using NurtureEngine.Core.People;

namespace NurtureEngine.Postgres.People;

/// <summary>Keeps the people who sign in.</summary>
public sealed class PersonStore(NpgsqlDataSource database)
{
    private const string Columns = "id, user_name, user_name_key, password_hash, must_change, security_stamp, version";

    private const string FindSql = $"SELECT {Columns} FROM person WHERE id = @id";

    private const string FindByNameSql = $"SELECT {Columns} FROM person WHERE user_name_key = @key";

    private const string FindByEmailSql = $"SELECT {Columns} FROM person WHERE email_key = lower(@email)";

    private const string AddSql = """
        WITH added AS (
            INSERT INTO person (user_name, user_name_key, password_hash, must_change, security_stamp, version, created_at)
            VALUES (@UserName, @UserNameKey, @PasswordHash, @MustChange, @SecurityStamp, gen_random_uuid(), @now)
            ON CONFLICT (user_name_key) DO NOTHING
            RETURNING id),
        known AS (
            INSERT INTO person_login (issuer, subject, person_id) SELECT @issuer, @subject, id FROM added WHERE @issuer::text IS NOT NULL)
        SELECT id FROM added
        """;

    private const string UpdateSql = """
        UPDATE person
           SET user_name = @UserName, user_name_key = @UserNameKey, password_hash = @PasswordHash, must_change = @MustChange,
               security_stamp = @SecurityStamp, version = @next
         WHERE id = @Id AND version = @Version
        """;

    private const string AnySql = "SELECT EXISTS (SELECT FROM person)";

    private const string AddRoleSql =
        "INSERT INTO person_role (person_id, role) VALUES (@id, @role) ON CONFLICT DO NOTHING";

    /// <summary>The person; null where there is none.</summary>
    public Task<Person?> FindAsync(long id, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<Person>(FindSql, new { id }, cancellationToken);

    /// <summary>The person of that name, in the form by which it is found; null where there is none.</summary>
    public Task<Person?> FindByNameAsync(string key, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<Person>(FindByNameSql, new { key }, cancellationToken);

    /// <summary>The person of that address; null where there is none.</summary>
    public Task<Person?> FindByEmailAsync(string email, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<Person>(FindByEmailSql, new { email }, cancellationToken);

    /// <summary>Adds a person; false where the name is taken.</summary>
    public async Task<bool> AddAsync(Person person, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var added = await transaction.QueryAsync<long>(AddSql, Of(person, now), cancellationToken);
        if (added is not [var id])
        {
            return false;
        }

        person.Id = id;
        await transaction.AuditAsync(TakeEntry(person), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Adds the first person with a role, where there is nobody yet; false where there is somebody. Hosts that start together agree on one.</summary>
    public async Task<bool> AddFirstAsync(
        Person person,
        string role,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await AdvisoryLock.TakeAsync(transaction, AdvisoryLock.FirstPerson, cancellationToken);
        if (await transaction.QuerySingleAsync<bool>(AnySql, null, cancellationToken))
        {
            return false;
        }

        person.Id = await transaction.QuerySingleAsync<long>(AddSql, Of(person, now), cancellationToken);
        await transaction.ExecuteAsync(AddRoleSql, new { person.Id, role }, cancellationToken);
        await transaction.AuditAsync(TakeEntry(person), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Writes a person as it is; false where somebody else has written it since it was read.</summary>
    public async Task<bool> UpdateAsync(Person person, CancellationToken cancellationToken)
    {
        var next = Guid.NewGuid();
        var written = await database.ExecuteAsync(
            UpdateSql,
            new
            {
                person.Id,
                person.UserName,
                person.UserNameKey,
                person.PasswordHash,
                person.MustChange,
                person.SecurityStamp,
                person.Version,
                next,
            },
            TakeEntry(person),
            cancellationToken
        );
        person.Version = written == 1 ? next : person.Version;
        return written == 1;
    }

    private static AuditEntry? TakeEntry(Person person)
    {
        var entry = person.Entry;
        person.Entry = null;
        return entry is null ? null : entry with { Subject = AuditEntry.SubjectOf(person.Id) };
    }

    private static object Of(Person person, DateTimeOffset now) =>
        new
        {
            person.UserName,
            person.UserNameKey,
            person.PasswordHash,
            person.MustChange,
            person.SecurityStamp,
            issuer = person.Login?.Issuer,
            subject = person.Login?.Subject,
            now,
        };
}
