using Npgsql;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Postgres.Leads;

/// <summary>What the engine's own events call a lead.</summary>
internal static class LeadKeys
{
    // A lead that several sources know goes by the first of its names, always the same.
    private const string FindSql = """
        SELECT DISTINCT ON (lead_id) lead_id, source, external_id
          FROM lead_identity
         WHERE lead_id = ANY(@leads)
         ORDER BY lead_id, kind, source, external_id
        """;

    private const string FindAccountsSql = """
        SELECT DISTINCT ON (account_id) account_id, source, external_id
          FROM account_identity
         WHERE account_id = ANY(@accounts)
         ORDER BY account_id, source = @byDomain, source, external_id
        """;

    public static async Task<Dictionary<long, ExternalKey>> FindAsync(
        NpgsqlTransaction transaction,
        IEnumerable<long> leads,
        CancellationToken cancellationToken
    ) =>
        (
            await transaction.QueryAsync<(long LeadId, string Source, string ExternalId)>(
                FindSql,
                new { leads = leads.Distinct().ToArray() },
                cancellationToken
            )
        ).ToDictionary(row => row.LeadId, row => new ExternalKey(row.Source, row.ExternalId));

    /// <summary>What accounts are called.</summary>
    public static async Task<Dictionary<long, ExternalKey>> FindAccountsAsync(
        NpgsqlTransaction transaction,
        IEnumerable<long> accounts,
        CancellationToken cancellationToken
    ) =>
        (
            await transaction.QueryAsync<(long AccountId, string Source, string ExternalId)>(
                FindAccountsSql,
                new { accounts = accounts.Distinct().ToArray(), byDomain = ExternalKey.ByDomain },
                cancellationToken
            )
        ).ToDictionary(row => row.AccountId, row => new ExternalKey(row.Source, row.ExternalId));
}
