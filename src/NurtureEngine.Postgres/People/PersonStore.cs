using Npgsql;
using NurtureEngine.Core.People;

namespace NurtureEngine.Postgres.People;

/// <summary>Keeps the people who sign in, and their roles.</summary>
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

    // Counted before the password is looked at, so that attempts side by side count as many. The last one that is allowed locks the account, unless it
    // is right.
    private const string AttemptSql = """
        UPDATE person
           SET failures = CASE WHEN failures + 1 >= @MostFailures THEN 0 ELSE failures + 1 END,
               locked_until = CASE WHEN failures + 1 >= @MostFailures THEN clock_timestamp() + @LockedFor END
         WHERE id = @id AND (locked_until IS NULL OR locked_until <= clock_timestamp())
        """;

    // If the correct password was the attempt that locked the account, one attempt is left for the code.
    private const string GiveBackSql = """
        UPDATE person SET failures = @MostFailures - 1, locked_until = NULL WHERE id = @id AND failures = 0 AND locked_until > clock_timestamp()
        """;

    private const string UnlockSql = "UPDATE person SET failures = 0, locked_until = NULL WHERE id = @id";

    private const string AnySql = "SELECT EXISTS (SELECT FROM person)";

    private const string RolesSql = "SELECT role FROM person_role WHERE person_id = @id ORDER BY role";

    private const string AddRoleSql =
        "INSERT INTO person_role (person_id, role) VALUES (@id, @role) ON CONFLICT DO NOTHING";

    private const string ListSql = """
        SELECT p.id, p.user_name, p.must_change, p.locked_until, p.email, p.reach, p.team, p.countries, p.partner,
               ARRAY(SELECT role FROM person_role WHERE person_id = p.id ORDER BY role) AS roles
          FROM person p
         ORDER BY p.user_name_key
        """;

    private const string SightSql = """
        SELECT p.email_key AS email, p.reach, p.countries, p.partner,
               ARRAY(SELECT role FROM person_role WHERE person_id = p.id ORDER BY role) AS roles,
               ARRAY(SELECT other.email_key FROM person other WHERE other.team = p.team AND other.email_key IS NOT NULL) AS team_emails
          FROM person p
         WHERE p.id = @id
        """;

    private const string DetailsSql =
        "SELECT email, time_zone, reach, team, countries, partner FROM person WHERE id = @id";

    // A link that was mailed to another address leads nowhere any more.
    private const string SetDetailsSql = """
        WITH ended AS (
            DELETE FROM invitation
             USING person
             WHERE person.id = @id AND invitation.person_id = @id AND person.email_key IS DISTINCT FROM lower(@Email))
        UPDATE person
           SET email = @Email, email_key = lower(@Email), reach = @Reach, team = @Team, countries = @Countries, partner = @Partner
         WHERE id = @id
        """;

    private const string SetZoneSql = "UPDATE person SET time_zone = @zone WHERE id = @id";

    private const string IsLastSql = """
        SELECT NOT EXISTS (SELECT FROM person_role WHERE role = @Administrator AND person_id <> @id)
        """;

    private const string SetRolesSql = """
        UPDATE person SET security_stamp = @stamp, version = gen_random_uuid() WHERE id = @id;
        DELETE FROM invitation WHERE person_id = @id;
        DELETE FROM person_role WHERE person_id = @id AND role <> ALL(@roles);
        INSERT INTO person_role (person_id, role) SELECT @id, role FROM unnest(@roles) AS role ON CONFLICT DO NOTHING
        """;

    /// <summary>How many wrong passwords in a row lock an account.</summary>
    public const int MostFailures = 5;

    /// <summary>For how long, by the database's clock.</summary>
    public static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(5);

    /// <summary>Takes one of the attempts that a person has; false where the account is locked.</summary>
    public async Task<bool> TakeAttemptAsync(long id, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            AttemptSql,
            new
            {
                id,
                MostFailures,
                LockedFor,
            },
            cancellationToken
        ) == 1;

    /// <summary>Returns one attempt if the correct password has just locked the account.</summary>
    public Task GiveBackAsync(long id, CancellationToken cancellationToken) =>
        database.ExecuteAsync(GiveBackSql, new { id, MostFailures }, cancellationToken);

    /// <summary>Forgets wrong attempts.</summary>
    public Task UnlockAsync(long id, CancellationToken cancellationToken) =>
        database.ExecuteAsync(UnlockSql, new { id }, cancellationToken);

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
        var added = await database.QueryAsync<long>(AddSql, Of(person, now), cancellationToken);
        person.Id = added.SingleOrDefault();
        return added.Count == 1;
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

        var id = await transaction.QuerySingleAsync<long>(AddSql, Of(person, now), cancellationToken);
        await transaction.ExecuteAsync(AddRoleSql, new { id, role }, cancellationToken);
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
            cancellationToken
        );
        person.Version = written == 1 ? next : person.Version;
        return written == 1;
    }

    /// <summary>What a person may do.</summary>
    public async Task<IReadOnlyList<string>> RolesAsync(long id, CancellationToken cancellationToken) =>
        await database.QueryAsync<string>(RolesSql, new { id }, cancellationToken);

    /// <summary>Everybody, by user name.</summary>
    public async Task<IReadOnlyList<PersonRow>> ListAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync<PersonRow>(ListSql, null, cancellationToken);

    /// <summary>Gives a person these roles and no others, and ends their sessions; false where nobody would be an administrator any more, whoever else is changed at the same time.</summary>
    public async Task<bool> SetRolesAsync(long id, string[] roles, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await AdvisoryLock.TakeAsync(transaction, AdvisoryLock.FirstPerson, cancellationToken);
        if (
            !roles.Contains(Roles.Administrator)
            && await transaction.QuerySingleAsync<bool>(IsLastSql, new { id, Roles.Administrator }, cancellationToken)
        )
        {
            return false;
        }

        await transaction.ExecuteAsync(
            SetRolesSql,
            new
            {
                id,
                roles,
                stamp = $"{Guid.NewGuid():N}",
            },
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>What decides which leads a person may see; null where there is no such person.</summary>
    public Task<PersonSight?> SightAsync(long id, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<PersonSight>(SightSql, new { id }, cancellationToken);

    /// <summary>How a person is reached, reads, and what they see; null where there is no such person.</summary>
    public Task<PersonDetails?> DetailsAsync(long id, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<PersonDetails>(DetailsSql, new { id }, cancellationToken);

    /// <summary>Writes all details but the time zone, which people set themselves; false if another person has the address.</summary>
    public async Task<bool> SetDetailsAsync(long id, PersonDetails details, CancellationToken cancellationToken)
    {
        var parameters = new
        {
            id,
            details.Email,
            details.Reach,
            details.Team,
            details.Countries,
            details.Partner,
        };
        try
        {
            return await database.ExecuteAsync(SetDetailsSql, parameters, cancellationToken) > 0;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
    }

    /// <summary>Sets by which clock a person reads, an IANA name; null for the organisation's.</summary>
    public Task SetZoneAsync(long id, string? zone, CancellationToken cancellationToken) =>
        database.ExecuteAsync(SetZoneSql, new { id, zone }, cancellationToken);

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

/// <summary>A person with their roles, for a list.</summary>
public sealed record PersonRow
{
    public long Id { get; init; }
    public string UserName { get; init; } = "";
    public bool MustChange { get; init; }
    public DateTimeOffset? LockedUntil { get; init; }
    public string[] Roles { get; init; } = [];
    public string? Email { get; init; }
    public string? Reach { get; init; }
    public string? Team { get; init; }
    public string[] Countries { get; init; } = [];
    public string? Partner { get; init; }
}

/// <summary>What decides which leads a person may see.</summary>
public sealed record PersonSight
{
    /// <summary>In lower case; null where it is not known.</summary>
    public string? Email { get; init; }

    /// <summary><c>own</c>, <c>team</c>, <c>territory</c>, <c>partner</c> or <c>all</c>; null goes by the roles.</summary>
    public string? Reach { get; init; }
    public string[] Countries { get; init; } = [];
    public string? Partner { get; init; }
    public string[] Roles { get; init; } = [];

    /// <summary>The addresses of everybody in the team, in lower case.</summary>
    public string[] TeamEmails { get; init; } = [];
}

/// <summary>How a person is reached, reads, and what they see of leads; null is unknown, or usual.</summary>
public sealed record PersonDetails
{
    public string? Email { get; init; }
    public string? TimeZone { get; init; }
    public string? Reach { get; init; }
    public string? Team { get; init; }
    public string[] Countries { get; init; } = [];
    public string? Partner { get; init; }
}
