using Npgsql;

namespace NurtureEngine.Postgres.Leads;

/// <summary>Shows the opportunities that leads have to do with.</summary>
public sealed class OpportunityQueries(NpgsqlDataSource database)
{
    private const string OfLeadSql = """
        SELECT DISTINCT o.id, o.source, o.external_id, o.fields::text AS fields, a.fields->>'name' AS account, o.updated_at
          FROM lead_identity i
          JOIN opportunity_contact c USING (source, external_id)
          JOIN opportunity o ON o.id = c.opportunity_id
          LEFT JOIN account a ON a.id = o.account_id
         WHERE i.lead_id = @id AND o.fields->>'deleted' IS NULL
         ORDER BY o.id
        """;

    public async Task<IReadOnlyList<OpportunityRow>> OfLeadAsync(long id, CancellationToken cancellationToken) =>
        await database.QueryAsync<OpportunityRow>(OfLeadSql, new { id }, cancellationToken);
}

/// <summary>An opportunity as the database tells it; the fields are JSON.</summary>
public sealed record OpportunityRow
{
    public long Id { get; init; }
    public string Source { get; init; } = "";
    public string ExternalId { get; init; } = "";
    public string Fields { get; init; } = "{}";
    public string? Account { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}
