using Npgsql;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Postgres.Facts;

/// <summary>Writes what became of touches: their history, suppressions, and the certainty that an uncertain one has left.</summary>
internal static class FeedbackWriter
{
    private const string HistorySql = """
        INSERT INTO touch_event (recorded_at, lead_id, touch_id, state, code, argument)
        SELECT @now, lead_id, touch_id, word, 'feedback', name
          FROM unnest(@leads, @touches, @words, @names) AS w (lead_id, touch_id, word, name)
        """;

    // Whatever is heard of a touch, it has left. Rows are locked in the order of their keys, as by every writer.
    private const string CertainSql = """
        WITH heard AS MATERIALIZED (
            SELECT t.lead_id, t.id
              FROM touch t
             WHERE t.lead_id = ANY(@leads) AND t.id = ANY(@touches) AND t.state = 'uncertain'
             ORDER BY t.lead_id, t.id
               FOR UPDATE),
        settled AS (
            UPDATE touch
               SET state = 'accepted', code = 'feedback.heard', argument = NULL
              FROM heard
             WHERE touch.lead_id = heard.lead_id AND touch.id = heard.id
            RETURNING touch.lead_id, touch.id)
        INSERT INTO touch_event (recorded_at, lead_id, touch_id, state, code)
        SELECT @now, lead_id, id, 'accepted', 'feedback.heard' FROM settled
        """;

    // The address that the message went to, which may be another than the lead has by now, and for who wants no more that one too.
    private const string SuppressSql = """
        INSERT INTO suppression (channel, address, reason, at)
        SELECT DISTINCT ON (address) 'email', address, reason, @now
          FROM (SELECT r.address, w.reason
                  FROM unnest(@leads, @touches, @reasons) AS w (lead_id, touch_id, reason)
                  JOIN reservation r USING (lead_id, touch_id)
                 UNION ALL
                SELECT l.address, w.reason
                  FROM unnest(@leads, @touches, @reasons) AS w (lead_id, touch_id, reason)
                  JOIN lead l ON l.id = w.lead_id
                 WHERE w.reason <> @bounced
                    OR NOT EXISTS (SELECT FROM reservation r WHERE r.lead_id = w.lead_id AND r.touch_id = w.touch_id)) AS found
         WHERE address IS NOT NULL
         ORDER BY address, reason
            ON CONFLICT (channel, address) DO UPDATE
           -- An address that takes no mail takes no service either: the stricter reason stays.
           SET reason = CASE WHEN suppression.reason = @bounced THEN suppression.reason ELSE excluded.reason END
        """;

    private const string SoftSql = """
        WITH counted AS (
            INSERT INTO soft_bounce (channel, address, count, first_at, last_at)
            SELECT 'email', l.address, count(*), @now, @now FROM lead l WHERE l.id = ANY(@leads) AND l.address IS NOT NULL GROUP BY l.address
                ON CONFLICT (channel, address) DO UPDATE
               SET count = soft_bounce.count + excluded.count, last_at = excluded.last_at
            RETURNING address, count, first_at, last_at)
        INSERT INTO suppression (channel, address, reason, at)
        SELECT 'email', address, @bounced, @now FROM counted WHERE count >= @most AND last_at - first_at >= @over
            ON CONFLICT DO NOTHING
        """;

    private const string ArrivesSql =
        "DELETE FROM soft_bounce WHERE channel = 'email' AND address IN (SELECT address FROM lead WHERE id = ANY(@leads))";

    /// <summary>With the leads locked, so that the gate sees a suppression with its lead or not at all.</summary>
    public static async Task WriteAsync(
        NpgsqlTransaction transaction,
        FactBatch batch,
        Dictionary<ExternalKey, long> ids,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (batch.Feedbacks.Count == 0)
        {
            return;
        }

        var rows = batch.Feedbacks.ConvertAll(row => (Lead: ids[row.Lead], row.Feedback));
        await transaction.ExecuteAsync(
            HistorySql,
            new
            {
                leads = rows.ToArray(row => row.Lead),
                touches = rows.ToArray(row => row.Feedback.Touch),
                words = rows.ToArray(row => row.Feedback.Word),
                names = rows.ToArray(row => row.Feedback.Name),
                now,
            },
            cancellationToken
        );
        await transaction.ExecuteAsync(
            CertainSql,
            new
            {
                leads = rows.ToArray(row => row.Lead),
                touches = rows.ToArray(row => row.Feedback.Touch),
                now,
            },
            cancellationToken
        );
        await SuppressAsync(
            transaction,
            rows.FindAll(row => row.Feedback.Suppression is not null),
            now,
            cancellationToken
        );
        await CountAsync(transaction, rows, now, cancellationToken);
    }

    private static Task SuppressAsync(
        NpgsqlTransaction transaction,
        List<(long Lead, Feedback Feedback)> rows,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        rows.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                SuppressSql,
                new
                {
                    leads = rows.ToArray(row => row.Lead),
                    touches = rows.ToArray(row => row.Feedback.Touch),
                    reasons = rows.ToArray(row => row.Feedback.Suppression!),
                    bounced = SuppressionReason.Bounced,
                    now,
                },
                cancellationToken
            );

    private static async Task CountAsync(
        NpgsqlTransaction transaction,
        List<(long Lead, Feedback Feedback)> rows,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var arrive = rows.Where(row => row.Feedback.ShowsThatItArrives).Select(row => row.Lead).ToArray();
        if (arrive.Length > 0)
        {
            await transaction.ExecuteAsync(ArrivesSql, new { leads = arrive }, cancellationToken);
        }

        var soft = rows.Where(row => row.Feedback.Kind == FeedbackKind.SoftBounced).Select(row => row.Lead).ToArray();
        if (soft.Length > 0)
        {
            await transaction.ExecuteAsync(
                SoftSql,
                new
                {
                    leads = soft,
                    most = SoftBounces.Most,
                    over = SoftBounces.Over,
                    bounced = SuppressionReason.Bounced,
                    now,
                },
                cancellationToken
            );
        }
    }
}
