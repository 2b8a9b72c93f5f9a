using Npgsql;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Postgres.Intake;

/// <summary>Puts what the engine itself wants or finds into the inbox, within the transaction of who does.</summary>
internal static class OwnEvents
{
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

        var keys = await LeadKeys.FindAsync(transaction, rows.Select(row => row.LeadId), cancellationToken);
        await AddAsync(
            transaction,
            rows.ConvertAll(row => new OwnEvent(
                row.Change.EventId,
                keys[row.LeadId],
                row.Change.Type,
                EngineEvents.Write(row.Change, keys[row.LeadId], now)
            )),
            now,
            cancellationToken
        );
    }

    /// <summary>Puts the engine's own events into the inbox; one whose id is there already is the same.</summary>
    public static Task AddAsync(
        NpgsqlTransaction transaction,
        List<OwnEvent> events,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        transaction.ExecuteAsync(
            AddSql,
            new
            {
                source = EngineEvents.Source,
                eventIds = events.ToArray(row => row.Id),
                lanes = events.ToArray(row => (short)Lanes.Of(row.Lead)),
                types = events.ToArray(row => row.Type),
                bodies = events.ToArray(row => row.Body),
                now,
            },
            cancellationToken
        );
}

/// <summary>An event of the engine's own, in the form in which the inbox keeps it.</summary>
internal sealed record OwnEvent(string Id, ExternalKey Lead, string Type, byte[] Body);
