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
        SELECT DISTINCT ON (w.lead_id, w.touch_id) w.touch_id, t.channel, COALESCE(m.recipient, a.address) AS address
          FROM unnest(@leads, @touches) AS w (lead_id, touch_id)
          JOIN touch t ON t.id = w.touch_id
          LEFT JOIN lead_address a ON a.lead_id = w.lead_id AND a.channel = t.channel
          LEFT JOIN message m ON m.lead_id = w.lead_id AND m.touch_id = w.touch_id
         WHERE COALESCE(m.recipient, a.address) IS NOT NULL
         ORDER BY w.lead_id, w.touch_id, m.recorded_at DESC
        """;

    // Who wants no more wants none at the address that they have by now either. In the order of the addresses, as by every writer. An
    // address that takes no mail takes no service either: of two reasons the stricter stays.
    private const string SuppressSql = """
        INSERT INTO suppression (channel, address, reason, refusal, evidence, at)
        SELECT channel, address, min(reason), max(reason) FILTER (WHERE reason <> @bounced), min(evidence), @now
          FROM (SELECT channel, address, reason, evidence
                  FROM unnest(@channels, @addresses, @reasons, @evidence) AS w (channel, address, reason, evidence)
                 UNION ALL
                SELECT channel, a.address, w.reason, NULL
                  FROM unnest(@leads, @channels, @reasons) AS w (lead_id, channel, reason)
                  JOIN lead_address a USING (lead_id, channel)
                 WHERE w.reason <> @bounced) AS found
         GROUP BY channel, address
         ORDER BY channel, address
            ON CONFLICT (channel, address) DO UPDATE
           SET reason = CASE WHEN excluded.reason = @bounced OR suppression.reason = @unsubscribed THEN excluded.reason ELSE suppression.reason END,
               refusal = COALESCE(excluded.refusal, suppression.refusal),
               evidence = CASE WHEN excluded.reason = @bounced THEN COALESCE(excluded.evidence, suppression.evidence) ELSE COALESCE(suppression.evidence, excluded.evidence) END
        """;

    private const string SoftSql = """
        WITH counted AS (
            INSERT INTO soft_bounce (channel, address, count, first_at, last_at)
            SELECT channel, address, count(*), @now, @now
              FROM unnest(@channels, @addresses) AS w (channel, address) GROUP BY channel, address ORDER BY channel, address
                ON CONFLICT (channel, address) DO UPDATE
               SET count = soft_bounce.count + excluded.count, last_at = excluded.last_at
            RETURNING channel, address, count, first_at, last_at)
        INSERT INTO suppression (channel, address, reason, evidence, at)
        SELECT channel, address, @bounced, count || ' times in a row for the time being', @now
          FROM counted WHERE count >= @most AND last_at - first_at >= @over ORDER BY channel, address
            ON CONFLICT DO NOTHING
        """;

    private const string ArrivesSql = """
        DELETE FROM soft_bounce
         WHERE (channel, address) IN (
            SELECT channel, address
              FROM soft_bounce
             WHERE (channel, address) IN (SELECT * FROM unnest(@channels, @addresses))
             ORDER BY channel, address
               FOR UPDATE)
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
            await transaction.QueryAsync<(Guid Touch, string Channel, string Address)>(
                RecipientsSql,
                new { leads = rows.ToArray(row => row.Lead), touches = rows.ToArray(row => row.Feedback.Touch) },
                cancellationToken
            )
        ).ToDictionary(row => row.Touch);
        var heard = rows.Where(row => addresses.ContainsKey(row.Feedback.Touch))
            .Select(row =>
            {
                var (_, channel, address) = addresses[row.Feedback.Touch];
                return new Heard(row.Lead, channel, address, row.Feedback);
            })
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
                    channels = rows.ToArray(row => row.Channel),
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
        var arrive = rows.FindAll(row => row.Feedback.ShowsThatItArrives);
        if (arrive.Count > 0)
        {
            await transaction.ExecuteAsync(
                ArrivesSql,
                new { channels = arrive.ToArray(row => row.Channel), addresses = arrive.ToArray(row => row.Address) },
                cancellationToken
            );
        }

        var soft = rows.FindAll(row => row.Feedback.Kind == FeedbackKind.SoftBounced);
        if (soft.Count > 0)
        {
            await transaction.ExecuteAsync(
                SoftSql,
                new
                {
                    channels = soft.ToArray(row => row.Channel),
                    addresses = soft.ToArray(row => row.Address),
                    most = SoftBounces.Most,
                    over = SoftBounces.Over,
                    bounced = SuppressionReason.Bounced,
                    now,
                },
                cancellationToken
            );
        }
    }

    private sealed record Heard(long Lead, string Channel, string Address, Feedback Feedback);
}
