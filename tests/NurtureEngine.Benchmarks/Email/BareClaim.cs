using Dapper;
using NurtureEngine.Benchmarks.Tracks;

namespace NurtureEngine.Benchmarks.Email;

/// <summary>
/// The least that dispatch can write, by as many workers in groups as small: touches are claimed, then in hand, then accepted, each with
/// an event, and the verdict in the ledger.
/// </summary>
internal sealed class BareClaim(Field field)
{
    private const int Workers = 8;
    private const int Group = 64;

    private const string ClaimSql = """
        WITH due AS MATERIALIZED (
            SELECT lead_id, id FROM touch WHERE state = 'planned' AND due_at <= now()
             ORDER BY priority DESC, due_at LIMIT @Group FOR UPDATE SKIP LOCKED)
        UPDATE touch SET state = 'claimed', lease = @lease, leased_until = clock_timestamp() + interval '1 minute'
          FROM due WHERE touch.lead_id = due.lead_id AND touch.id = due.id
        RETURNING touch.id
        """;

    private const string HandSql = """
        WITH gated AS (
            UPDATE touch SET state = 'handing', code = 'gate.passed' WHERE id = ANY(@ids) RETURNING lead_id, id, enrollment_id, step),
        events AS (
            INSERT INTO touch_event (recorded_at, lead_id, touch_id, state) SELECT now(), lead_id, id, 'handing' FROM gated)
        INSERT INTO ledger (recorded_at, lead_id, enrollment_id, touch_id, step, code, rulebook)
        SELECT now(), lead_id, enrollment_id, id, step, 'gate.passed', 1 FROM gated
        """;

    private const string SettleSql = """
        WITH settled AS (
            UPDATE touch SET state = 'accepted', lease = NULL, leased_until = NULL, settled_at = now() WHERE id = ANY(@ids) RETURNING lead_id, id)
        INSERT INTO touch_event (recorded_at, lead_id, touch_id, state) SELECT now(), lead_id, id, 'accepted' FROM settled
        """;

    public Task DrainAsync() => Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync)));

    private async Task WorkAsync()
    {
        await using var connection = await field.Database.OpenConnectionAsync();
        while (true)
        {
            var ids = (await connection.QueryAsync<Guid>(ClaimSql, new { Group, lease = Guid.NewGuid() })).ToArray();
            if (ids.Length == 0)
            {
                return;
            }

            await connection.ExecuteAsync(HandSql, new { ids });
            await connection.ExecuteAsync(SettleSql, new { ids });
        }
    }
}
