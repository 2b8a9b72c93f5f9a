using Dapper;
using NurtureEngine.Benchmarks.Tracks;

namespace NurtureEngine.Benchmarks.Intake;

/// <summary>The least that facts can write, by two workers in batches of five hundred: an entry of the timeline for each event, its row settled.</summary>
internal sealed class BareFacts(Field field)
{
    private const string Sql = """
        WITH taken AS MATERIALIZED (
            SELECT id, type FROM inbox WHERE state = 'pending' AND lane % 2 = @half ORDER BY lane, id LIMIT 500 FOR UPDATE SKIP LOCKED),
        told AS (
            INSERT INTO timeline (recorded_at, lead_id, occurred_at, kind, arguments, inbox_id)
            SELECT now(), 1 + id % 25000, now(), type, '{}', id FROM taken),
        touched AS (
            UPDATE lead SET updated_at = now() WHERE lead.id IN (SELECT 1 + @half + id % 12500 * 2 FROM taken))
        UPDATE inbox SET state = 'applied', settled_at = now() FROM taken WHERE inbox.id = taken.id
        """;

    public Task DrainAsync() => Task.WhenAll(Enumerable.Range(0, 2).Select(half => Task.Run(() => WorkAsync(half))));

    private async Task WorkAsync(int half)
    {
        await using var connection = await field.Database.OpenConnectionAsync();
        while (await connection.ExecuteAsync(Sql, new { half }) > 0) { }
    }
}
