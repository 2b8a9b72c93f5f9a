using Npgsql;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Postgres.Facts;

/// <summary>Reads what was reported of leads about the time of new reports.</summary>
internal sealed class ActivityReader(NpgsqlTransaction transaction)
{
    // What is recorded before it happens, by a clock that is fast, is recorded at most an hour before.
    private const string Sql = """
        SELECT lead_id, source, kind, arguments->>'name' AS name, occurred_at, (arguments->>'of')::timestamptz AS of
          FROM timeline
         WHERE lead_id = ANY(@leads) AND kind = ANY(@kinds) AND source IS NOT NULL
           AND occurred_at BETWEEN @from AND @until AND recorded_at >= @from - interval '1 hour'
        """;

    public async Task<ILookup<ExternalKey, SeenActivity>> ReadAsync(
        List<CrmEvent> activities,
        Dictionary<ExternalKey, long> ids,
        Dictionary<long, ExternalKey> keys,
        TimeSpan sameWithin,
        CancellationToken cancellationToken
    )
    {
        var leads = activities
            .Select(told => told.Lead)
            .Where(ids.ContainsKey)
            .Select(key => ids[key])
            .Distinct()
            .ToArray();
        var rows =
            leads.Length == 0
                ? []
                : await transaction.QueryAsync<ActivityRow>(
                    Sql,
                    new
                    {
                        leads,
                        kinds = activities.Select(told => told.Type).Distinct().ToArray(),
                        from = activities.Min(told => told.Stamp.At) - sameWithin,
                        until = activities.Max(told => told.Stamp.At) + sameWithin,
                    },
                    cancellationToken
                );
        return rows.ToLookup(
            row => keys[row.LeadId],
            row => new SeenActivity(row.Source, row.Kind, row.Name, row.OccurredAt, row.Of)
        );
    }

    private sealed record ActivityRow
    {
        public long LeadId { get; init; }
        public string Source { get; init; } = "";
        public string Kind { get; init; } = "";
        public string? Name { get; init; }
        public DateTimeOffset OccurredAt { get; init; }
        public DateTimeOffset? Of { get; init; }
    }
}
