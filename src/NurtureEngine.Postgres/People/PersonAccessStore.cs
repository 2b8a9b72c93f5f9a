using Npgsql;
using NurtureEngine.Core.People;

namespace NurtureEngine.Postgres.People;

/// <summary>Keeps the roles and details of people: what they may do, which leads they see, and how they are reached.</summary>
public sealed class PersonAccessStore(NpgsqlDataSource database)
{
    private const string RolesSql = "SELECT role FROM person_role WHERE person_id = @id ORDER BY role";

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

    // A link that was mailed to the previous address is removed.
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

    /// <summary>What a person may do.</summary>
    public async Task<IReadOnlyList<string>> RolesAsync(long id, CancellationToken cancellationToken) =>
        await database.QueryAsync<string>(RolesSql, new { id }, cancellationToken);

    /// <summary>Everybody, by user name.</summary>
    public async Task<IReadOnlyList<PersonRow>> ListAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync<PersonRow>(ListSql, null, cancellationToken);

    /// <summary>Sets the roles of a person and ends their sessions; false if no administrator would remain, also with concurrent changes.</summary>
    public async Task<bool> SetRolesAsync(
        long id,
        string[] roles,
        AuditEntry? entry,
        CancellationToken cancellationToken
    )
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
        await transaction.AuditAsync(entry, cancellationToken);
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
    public async Task<bool> SetDetailsAsync(
        long id,
        PersonDetails details,
        AuditEntry? entry,
        CancellationToken cancellationToken
    )
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
            return await database.ExecuteAsync(SetDetailsSql, parameters, entry, cancellationToken) > 0;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
    }

    /// <summary>Sets by which clock a person reads, an IANA name; null for the organisation's.</summary>
    public Task SetZoneAsync(long id, string? zone, CancellationToken cancellationToken) =>
        database.ExecuteAsync(SetZoneSql, new { id, zone }, cancellationToken);
}
