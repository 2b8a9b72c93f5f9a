using Npgsql;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Postgres.Intake;

/// <summary>Puts the changes that steps ask for into the inbox, within the transaction of their turn.</summary>
internal static class LeadChanges
{
    // A lead that several sources know goes by the first of its names, always the same.
    private const string KeysSql = """
        SELECT DISTINCT ON (lead_id) lead_id, source, external_id
          FROM lead_identity
         WHERE lead_id = ANY(@leads)
         ORDER BY lead_id, source, external_id
        """;

    private const string AddSql = """
        INSERT INTO inbox (source, event_id, lane, type, received_at, body)
        SELECT @source, event_id, lane, type, @now, body
          FROM unnest(@eventIds, @lanes, @types, @bodies) AS w (event_id, lane, type, body)
        ON CONFLICT (source, event_id) DO NOTHING
        """;

    public static async Task AddAsync(
        NpgsqlTransaction transaction,
        List<(long LeadId, LeadChange Change)> rows,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (rows.Count == 0)
        {
            return;
        }

        var keys = (
            await transaction.QueryAsync<(long LeadId, string Source, string ExternalId)>(
                KeysSql,
                new { leads = rows.Select(row => row.LeadId).Distinct().ToArray() },
                cancellationToken
            )
        ).ToDictionary(row => row.LeadId, row => new ExternalKey(row.Source, row.ExternalId));
        await transaction.ExecuteAsync(
            AddSql,
            new
            {
                source = EngineEvents.Source,
                eventIds = rows.ToArray(row => row.Change.EventId),
                lanes = rows.ToArray(row => (short)Lanes.Of(keys[row.LeadId])),
                types = rows.ToArray(row => row.Change.Type),
                bodies = rows.ToArray(row => EngineEvents.Write(row.Change, keys[row.LeadId], now)),
                now,
            },
            cancellationToken
        );
    }
}
