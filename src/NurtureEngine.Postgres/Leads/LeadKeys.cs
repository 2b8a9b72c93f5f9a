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
         ORDER BY lead_id, source, external_id
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
}
