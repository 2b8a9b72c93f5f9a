using Npgsql;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Postgres.Leads;

/// <summary>
/// Finds who is meant by the names that events use: by the name itself, else a lead by the address and a company by the domain, each
/// only where it is nobody else's.
/// </summary>
internal static class NameResolver
{
    private const string LeadsSql = """
        SELECT w.number, i.lead_id AS id, i.kind
          FROM unnest(@numbers, @sources, @externalIds) AS w (number, source, external_id)
          JOIN lead_identity i USING (source, external_id)
        """;

    // A lead that is known by its address alone gets the first name that somebody gives it; a name that is an address is that of the one
    // lead who has it.
    private const string LeadsByAddressSql = """
        SELECT w.number, i.lead_id AS id, 2 AS kind
          FROM unnest(@numbers, @sources, @addresses) AS w (number, source, address)
          JOIN lead_identity i ON i.source = @byAddress AND i.external_id = w.address
         WHERE w.source <> @byAddress
           AND NOT EXISTS (SELECT FROM lead_identity other WHERE other.lead_id = i.lead_id AND other.source <> @byAddress)
         UNION ALL
        SELECT w.number, min(l.id), CASE WHEN count(*) = 1 THEN 2 ELSE 3 END
          FROM unnest(@numbers, @sources, @addresses) AS w (number, source, address)
          JOIN lead_address a ON a.channel = 'email' AND a.address = w.address
          JOIN lead l ON l.id = a.lead_id AND l.deleted_at IS NULL
         WHERE w.source = @byAddress
         GROUP BY w.number
        """;

    private const string AccountsSql = """
        SELECT w.number, i.account_id AS id, 0 AS kind
          FROM unnest(@numbers, @sources, @externalIds) AS w (number, source, external_id)
          JOIN account_identity i USING (source, external_id)
        """;

    // Two companies of one source stay two, whatever domain they share.
    private const string AccountsByDomainSql = """
        SELECT w.number, i.account_id AS id, 2 AS kind
          FROM unnest(@numbers, @sources, @addresses) AS w (number, source, domain)
          JOIN account_identity i ON i.source = @byDomain AND i.external_id = w.domain
         WHERE NOT EXISTS (SELECT FROM account_identity other WHERE other.account_id = i.account_id AND other.source = w.source)
        """;

    /// <summary>The leads that go by these names, or have these addresses.</summary>
    public static Task<List<FoundName>> FindLeadsAsync(
        NpgsqlTransaction transaction,
        IReadOnlyCollection<WantedName> wanted,
        CancellationToken cancellationToken
    ) => FindAsync(transaction, LeadsSql, LeadsByAddressSql, wanted, cancellationToken);

    /// <summary>The accounts that go by these names, or have these domains.</summary>
    public static Task<List<FoundName>> FindAccountsAsync(
        NpgsqlTransaction transaction,
        IReadOnlyCollection<WantedName> wanted,
        CancellationToken cancellationToken
    ) => FindAsync(transaction, AccountsSql, AccountsByDomainSql, wanted, cancellationToken);

    private static async Task<List<FoundName>> FindAsync(
        NpgsqlTransaction transaction,
        string byName,
        string byOther,
        IReadOnlyCollection<WantedName> wanted,
        CancellationToken cancellationToken
    )
    {
        if (wanted.Count == 0)
        {
            return [];
        }

        var names = wanted.ToList();
        var found = await RunAsync(byName, names);
        var known = found.Select(row => row.Name).ToHashSet();
        var rest = names.FindAll(name => name.Other is not null && !known.Contains(name.Key));
        return rest.Count == 0 ? found : [.. found, .. await RunAsync(byOther, rest)];

        async Task<List<FoundName>> RunAsync(string sql, List<WantedName> some)
        {
            var rows = await transaction.QueryAsync<(int Number, long Id, int Kind)>(
                sql,
                new
                {
                    numbers = Enumerable.Range(0, some.Count).ToArray(),
                    sources = some.ToArray(name => name.Key.Source),
                    externalIds = some.ToArray(name => name.Key.ExternalId),
                    addresses = some.ToArray(name => name.Other),
                    byAddress = ExternalKey.ByAddress,
                    byDomain = ExternalKey.ByDomain,
                },
                cancellationToken
            );
            return rows.ConvertAll(row => new FoundName(some[row.Number].Key, row.Id, (NameKind)row.Kind));
        }
    }
}

/// <summary>A name that is looked for; and the address or domain by which it may be found else, null where there is none.</summary>
public sealed record WantedName(ExternalKey Key, string? Other);

/// <summary>Whose name it is.</summary>
internal sealed record FoundName(ExternalKey Name, long Id, NameKind Kind);
