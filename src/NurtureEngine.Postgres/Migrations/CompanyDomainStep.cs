using Npgsql;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Postgres.Migrations;

/// <summary>
/// Brings the domains by which companies are known to A-labels (<see cref="DomainName.ToAscii"/>). Where a company is known by the A-label already, both
/// stay as they are: companies are not merged.
/// </summary>
internal static class CompanyDomainStep
{
    private const string DomainsSql = "SELECT external_id FROM account_identity WHERE source = 'domain'";

    private const string RespellSql = """
        UPDATE account_identity i
           SET external_id = w.new
          FROM (SELECT DISTINCT ON (new) old, new FROM unnest(@old, @new) AS w (old, new) ORDER BY new, old) AS w
         WHERE i.source = 'domain' AND i.external_id = w.old
           AND NOT EXISTS (SELECT FROM account_identity other WHERE other.source = 'domain' AND other.external_id = w.new)
        """;

    public static Task RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        Respelling.RunAsync(
            connection,
            DomainsSql,
            domain => DomainName.ToAscii(domain) ?? domain,
            RespellSql,
            cancellationToken
        );
}
