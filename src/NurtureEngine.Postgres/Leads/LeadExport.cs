using System.Runtime.CompilerServices;
using Npgsql;
using NurtureEngine.Core.Reports;

namespace NurtureEngine.Postgres.Leads;

/// <summary>Reads all leads, a page at a time, for a file of them.</summary>
public sealed class LeadExport(NpgsqlDataSource database)
{
    private const int PageSize = 2_000;

    // The source's own name; where it has none for the lead, the lead's address names it, and who has neither can't be named in the file. Of a
    // company that the source does not know nothing is said: it would come back as another one.
    private static string SqlOf(LeadReach reach) =>
        $"""
            SELECT l.id, i.external_id, ({ReachSql.Seen("l.fields")})::text AS fields, ({ReachSql.Seen(
                "a.fields"
            )})::text AS account_fields, NULLIF(ai.external_id, ai.name) AS company_id,
                   ai.external_id IS NOT NULL AS has_company,
                   s.life_cycle, s.stage, c.granted, c.at AS consent_at
              FROM lead l
              LEFT JOIN LATERAL (
                   SELECT external_id FROM lead_identity WHERE lead_id = l.id AND source = @source AND kind = 0 ORDER BY external_id LIMIT 1) AS i ON true
              LEFT JOIN account a ON a.id = l.account_id
              LEFT JOIN LATERAL (
                   SELECT external_id, CASE WHEN external_id LIKE 'name:%' THEN external_id END AS name FROM account_identity
                    WHERE account_id = a.id AND source = @source ORDER BY external_id LIKE 'name:%', external_id LIMIT 1) AS ai ON true
              LEFT JOIN lead_stage s ON s.lead_id = l.id AND s.life_cycle = @lifeCycle
              LEFT JOIN consent c ON c.lead_id = l.id AND c.channel = 'email' AND c.purpose = 'marketing'
             WHERE l.id > @after AND l.merged_into IS NULL AND l.deleted_at IS NULL AND {ReachSql.ConditionOf(reach)}
               AND (i.external_id IS NOT NULL OR EXISTS (SELECT FROM lead_address a WHERE a.lead_id = l.id AND a.channel = 'email'))
             ORDER BY l.id
             LIMIT @PageSize
            """;

    private const string CustomSql = """
        SELECT DISTINCT name FROM lead l CROSS JOIN jsonb_object_keys(l.fields) AS name
         WHERE name LIKE 'custom.%' AND l.merged_into IS NULL AND l.deleted_at IS NULL
         ORDER BY name
        """;

    /// <summary>The custom fields that some lead has, with their prefix.</summary>
    public async Task<IReadOnlyList<string>> FindCustomFieldsAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync<string>(CustomSql, null, cancellationToken);

    /// <summary>The leads that live, by id; named as <paramref name="source"/> calls them, at their stage of one life cycle, within a reach.</summary>
    public async IAsyncEnumerable<ExportRow> ReadAsync(
        string source,
        string lifeCycle,
        LeadReach reach,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var after = 0L;
        List<ExportRow> page;
        do
        {
            page = await database.QueryAsync<ExportRow>(
                SqlOf(reach),
                ReachSql.Parameters(
                    reach,
                    new
                    {
                        source,
                        lifeCycle,
                        after,
                        PageSize,
                    }
                ),
                cancellationToken
            );
            foreach (var row in page)
            {
                after = row.Id;
                yield return row;
            }
        } while (page.Count == PageSize);
    }
}

/// <summary>A lead for a file; the fields are JSON.</summary>
public sealed record ExportRow
{
    public long Id { get; init; }
    public string? ExternalId { get; init; }
    public string Fields { get; init; } = "{}";
    public string? AccountFields { get; init; }
    public string? CompanyId { get; init; }

    /// <summary>Whether the source knows the lead's company at all.</summary>
    public bool HasCompany { get; init; }
    public string? LifeCycle { get; init; }
    public string? Stage { get; init; }
    public bool? Granted { get; init; }
    public DateTimeOffset? ConsentAt { get; init; }
}
