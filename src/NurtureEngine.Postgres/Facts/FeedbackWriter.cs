using Npgsql;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Consents;
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

    // Where messages went, which may be another address than the lead has by now; where that is not known any more, the lead's.
    private const string RecipientsSql = """
        SELECT DISTINCT ON (w.lead_id, w.touch_id) w.touch_id, COALESCE(m.recipient, a.address) AS address
          FROM unnest(@leads, @touches) AS w (lead_id, touch_id)
          LEFT JOIN lead_address a ON a.lead_id = w.lead_id AND a.channel = 'email'
          LEFT JOIN message m ON m.lead_id = w.lead_id AND m.touch_id = w.touch_id
         WHERE COALESCE(m.recipient, a.address) IS NOT NULL
         ORDER BY w.lead_id, w.touch_id, m.recorded_at DESC
        """;

    // Who wants no more wants none at the address that they have by now either. In the order of the addresses, as by every writer. An
    // address that takes no mail takes no service either: of two reasons the stricter stays.
    private const string SuppressSql = """
        INSERT INTO suppression (channel, address, reason, refusal, evidence, at)
        SELECT 'email', address, min(reason), max(reason) FILTER (WHERE reason <> @bounced), min(evidence), @now
          FROM (SELECT address, reason, evidence FROM unnest(@addresses, @reasons, @evidence) AS w (address, reason, evidence)
                 UNION ALL
                SELECT a.address, w.reason, NULL FROM unnest(@leads, @reasons) AS w (lead_id, reason) JOIN lead_address a USING (lead_id)
                 WHERE w.reason <> @bounced AND a.channel = 'email') AS found
         GROUP BY address
         ORDER BY address
            ON CONFLICT (channel, address) DO UPDATE
           SET reason = CASE WHEN excluded.reason = @bounced OR suppression.reason = @unsubscribed THEN excluded.reason ELSE suppression.reason END,
               refusal = COALESCE(excluded.refusal, suppression.refusal),
               evidence = CASE WHEN excluded.reason = @bounced THEN COALESCE(excluded.evidence, suppression.evidence) ELSE COALESCE(suppression.evidence, excluded.evidence) END
        """;

    private const string SoftSql = """
        WITH counted AS (
            INSERT INTO soft_bounce (channel, address, count, first_at, last_at)
            SELECT 'email', address, count(*), @now, @now FROM unnest(@addresses) AS w (address) GROUP BY address ORDER BY address
                ON CONFLICT (channel, address) DO UPDATE
               SET count = soft_bounce.count + excluded.count, last_at = excluded.last_at
            RETURNING address, count, first_at, last_at)
        INSERT INTO suppression (channel, address, reason, evidence, at)
        SELECT 'email', address, @bounced, count || ' times in a row for the time being', @now FROM counted WHERE count >= @most AND last_at - first_at >= @over ORDER BY address
            ON CONFLICT DO NOTHING
        """;

    private const string ArrivesSql = """
        DELETE FROM soft_bounce
         WHERE (channel, address) IN (
            SELECT channel, address FROM soft_bounce WHERE channel = 'email' AND address = ANY(@addresses) ORDER BY address FOR UPDATE)
        """;

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
        var addresses = (
            await transaction.QueryAsync<(Guid Touch, string Address)>(
                RecipientsSql,
                new { leads = rows.ToArray(row => row.Lead), touches = rows.ToArray(row => row.Feedback.Touch) },
                cancellationToken
            )
        ).ToDictionary(row => row.Touch, row => row.Address);
        var heard = rows.Where(row => addresses.ContainsKey(row.Feedback.Touch))
            .Select(row => new Heard(row.Lead, addresses[row.Feedback.Touch], row.Feedback))
            .ToList();
        await SuppressAsync(
            transaction,
            heard.FindAll(row => row.Feedback.Suppression is not null),
            now,
            cancellationToken
        );
        await CountAsync(transaction, heard, now, cancellationToken);
    }

    /// <summary>Makes uncertain touches certain; after the enrollments are locked, which come before touches.</summary>
    public static Task SettleAsync(
        NpgsqlTransaction transaction,
        FactBatch batch,
        Dictionary<ExternalKey, long> ids,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        batch.Feedbacks.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                CertainSql,
                new
                {
                    leads = batch.Feedbacks.ToArray(row => ids[row.Lead]),
                    touches = batch.Feedbacks.ToArray(row => row.Feedback.Touch),
                    now,
                },
                cancellationToken
            );

    private static Task SuppressAsync(
        NpgsqlTransaction transaction,
        List<Heard> rows,
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
                    addresses = rows.ToArray(row => row.Address),
                    reasons = rows.ToArray(row => row.Feedback.Suppression!),
                    evidence = rows.ToArray(row => row.Feedback.Name),
                    bounced = SuppressionReason.Bounced,
                    unsubscribed = SuppressionReason.Unsubscribed,
                    now,
                },
                cancellationToken
            );

    private static async Task CountAsync(
        NpgsqlTransaction transaction,
        List<Heard> rows,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var arrive = rows.Where(row => row.Feedback.ShowsThatItArrives).Select(row => row.Address).ToArray();
        if (arrive.Length > 0)
        {
            await transaction.ExecuteAsync(ArrivesSql, new { addresses = arrive }, cancellationToken);
        }

        var soft = rows.Where(row => row.Feedback.Kind == FeedbackKind.SoftBounced)
            .Select(row => row.Address)
            .ToArray();
        if (soft.Length > 0)
        {
            await transaction.ExecuteAsync(
                SoftSql,
                new
                {
                    addresses = soft,
                    most = SoftBounces.Most,
                    over = SoftBounces.Over,
                    bounced = SuppressionReason.Bounced,
                    now,
                },
                cancellationToken
            );
        }
    }

    private sealed record Heard(long Lead, string Address, Feedback Feedback);
}
