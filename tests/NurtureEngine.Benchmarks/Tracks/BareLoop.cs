using Dapper;

namespace NurtureEngine.Benchmarks.Tracks;

/// <summary>
/// The raw reference: claims what is due, updates it and inserts a touch, its event and two ledger rows for each, in one
/// transaction a batch; the same bytes into the same tables, and no rule at all.
/// </summary>
internal sealed class BareLoop(Field field, int batch)
{
    private const string ClaimSql = """
        SELECT lead_id, id FROM enrollment
         WHERE track_version_id = @version AND state = 0 AND due_at <= now()
         ORDER BY due_at LIMIT @batch FOR UPDATE SKIP LOCKED
        """;

    private const string UpdateSql = """
        UPDATE enrollment SET tokens = @tokens, due_at = NULL, state = 0
          FROM unnest(@leads, @ids) AS w (lead_id, id)
         WHERE enrollment.lead_id = w.lead_id AND enrollment.id = w.id
        """;

    private const string TouchSql = """
        INSERT INTO touch (lead_id, id, enrollment_id, step, visit, channel, content_version_id, state, priority, due_at, planned_at)
        SELECT lead_id, touch, id, 'value', 1, 'email', @content, 'planned', 80, now(), now()
          FROM unnest(@leads, @ids, @touches) AS w (lead_id, id, touch)
        """;

    private const string EventSql = """
        INSERT INTO touch_event (recorded_at, lead_id, touch_id, state)
        SELECT now(), lead_id, touch, 'planned' FROM unnest(@leads, @touches) AS w (lead_id, touch)
        """;

    private const string LedgerSql = """
        INSERT INTO ledger (recorded_at, lead_id, enrollment_id, touch_id, step, code, argument, rulebook)
        SELECT now(), lead_id, id, NULL, 'value', 'step.entered', NULL, 1 FROM unnest(@leads, @ids) AS w (lead_id, id)
        UNION ALL
        SELECT now(), lead_id, id, touch, 'value', 'touch.planned', 'welcome-value', 1 FROM unnest(@leads, @ids, @touches) AS w (lead_id, id, touch)
        """;

    private readonly byte[] _tokens = field.Waiting;

    /// <summary>Works until nothing is due.</summary>
    public async Task DrainAsync(int content)
    {
        await using var connection = await field.Database.OpenConnectionAsync();
        while (true)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            var rows = (
                await connection.QueryAsync<(long Lead, long Id)>(
                    ClaimSql,
                    new { version = field.Version, batch },
                    transaction
                )
            ).AsList();
            if (rows.Count == 0)
            {
                return;
            }

            var parameters = new
            {
                leads = rows.Select(row => row.Lead).ToArray(),
                ids = rows.Select(row => row.Id).ToArray(),
                touches = rows.Select(_ => Guid.NewGuid()).ToArray(),
                tokens = _tokens,
                content,
            };
            foreach (var sql in new[] { UpdateSql, TouchSql, EventSql, LedgerSql })
            {
                await connection.ExecuteAsync(sql, parameters, transaction);
            }

            await transaction.CommitAsync();
        }
    }
}
