using Npgsql;
using NurtureEngine.Core.People;

namespace NurtureEngine.Postgres.People;

/// <summary>Keeps who people are at an identity provider.</summary>
public sealed class PersonLoginStore(NpgsqlDataSource database)
{
    private const string FindSql = """
        SELECT p.id, p.user_name, p.user_name_key, p.password_hash, p.must_change, p.security_stamp, p.version
          FROM person_login l
          JOIN person p ON p.id = l.person_id
         WHERE l.issuer = @issuer AND l.subject = @subject
        """;

    private const string AddSql = """
        INSERT INTO person_login (issuer, subject, person_id) VALUES (@issuer, @subject, @person)
        ON CONFLICT DO NOTHING
        """;

    private const string HasSql = """
        SELECT EXISTS (SELECT FROM person_login WHERE person_id = @person AND (@issuer::text IS NULL OR issuer = @issuer))
        """;

    /// <summary>The person; null if the subject is unknown.</summary>
    public Task<Person?> FindAsync(string issuer, string subject, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<Person>(FindSql, new { issuer, subject }, cancellationToken);

    /// <summary>Whether a person has signed in at an issuer before; null asks for any.</summary>
    public async Task<bool> HasAsync(long person, string? issuer, CancellationToken cancellationToken) =>
        (await database.QueryAsync<bool>(HasSql, new { person, issuer }, cancellationToken)).Single();

    /// <summary>Links the subject to the person; does nothing if either already has a link at the issuer.</summary>
    public Task AddAsync(
        string issuer,
        string subject,
        long person,
        AuditEntry entry,
        CancellationToken cancellationToken
    ) =>
        database.ExecuteAsync(
            AddSql,
            new
            {
                issuer,
                subject,
                person,
            },
            entry,
            cancellationToken
        );
}
