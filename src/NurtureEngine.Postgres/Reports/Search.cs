using Npgsql;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Reports;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Postgres.Reports;

/// <inheritdoc cref="ISearch" />
public sealed class Search(NpgsqlDataSource database) : ISearch
{
    private const int Most = 10;

    private const string Alive = "l.deleted_at IS NULL AND l.merged_into IS NULL";

    // Sorts behind every character.
    private const string Last = "\U0010FFFF";

    // Bounds the work for a prefix that very many share: of those, the latest of a sample are shown.
    private const int MostLooked = 1_000;

    // Every branch uses an index.
    private static string FoundLeadsSql(string seen) =>
        $"""
            (SELECT l.id FROM lead_address JOIN lead l ON l.id = lead_address.lead_id
              WHERE address ~>=~ @text AND address ~<~ @end AND {Alive} AND {seen} LIMIT @MostLooked)
             UNION
            (SELECT l.id FROM lead l
              WHERE lower(l.fields->>'name') ~>=~ lower(@typed) AND lower(l.fields->>'name') ~<~ (lower(@typed) || @last) AND length(l.fields->>'name') <= 300 AND {Alive} AND {seen}
              LIMIT @MostLooked)
             UNION
            SELECT lead_id FROM lead_identity WHERE external_id = @typed
             UNION
            SELECT id FROM lead WHERE id = @id
            """;

    private const string FoundAccountsSql = """
        SELECT account_id FROM account_identity WHERE external_id = @typed
         UNION
        (SELECT account_id FROM account_identity WHERE source = 'domain' AND external_id ~>=~ @text AND external_id ~<~ @end LIMIT @MostLooked)
         UNION
        (SELECT id FROM account
          WHERE lower(fields->>'name') ~>=~ lower(@typed) AND lower(fields->>'name') ~<~ (lower(@typed) || @last) AND length(fields->>'name') <= 300
          LIMIT @MostLooked)
        """;

    public async Task<SearchResult> FindAsync(string text, LeadReach reach, CancellationToken cancellationToken)
    {
        var typed = text.Trim();
        if (!ISearch.Takes(typed) || typed.Contains('\0', StringComparison.Ordinal))
        {
            return new SearchResult([], []);
        }

        var lower = typed.ToLowerInvariant();
        var parameters = ReachSql.Parameters(
            reach,
            new
            {
                typed,
                text = lower,
                last = Last,
                end = lower + Last,
                id = long.TryParse(typed, out var id) ? id : 0,
                emailField = Fields.Email,
                Most,
                MostLooked,
            }
        );
        var seen = ReachSql.ConditionOf(reach);
        var leads = $"""
            SELECT l.id, l.fields->>'name' AS name, l.fields->>@emailField AS email, a.fields->>'name' AS company
              FROM ({FoundLeadsSql(seen)}) AS found
              JOIN lead l ON l.id = found.id
              LEFT JOIN account a ON a.id = l.account_id
             WHERE {Alive} AND {seen}
             ORDER BY l.active_at DESC NULLS LAST, l.id DESC
             LIMIT @Most
            """;
        var accounts = $"""
            SELECT a.id, a.fields->>'name' AS name, a.fields->>'domain' AS domain
              FROM ({FoundAccountsSql}) AS found
              JOIN account a ON a.id = found.account_id
             WHERE EXISTS (SELECT FROM lead l WHERE l.account_id = a.id AND {Alive} AND {seen})
             GROUP BY a.id
             ORDER BY a.updated_at DESC, a.id DESC
             LIMIT @Most
            """;
        return new SearchResult(
            await database.QueryAsync<FoundLead>(leads, parameters, cancellationToken),
            await database.QueryAsync<FoundAccount>(accounts, parameters, cancellationToken)
        );
    }
}
