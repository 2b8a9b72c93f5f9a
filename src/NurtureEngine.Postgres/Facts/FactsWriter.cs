using System.Text.Json;
using Npgsql;
using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Postgres.Facts;

/// <summary>Writes a batch of facts set-wise: a fixed number of statements, however many leads it changes.</summary>
internal sealed class FactsWriter(NpgsqlTransaction transaction, ChannelSet channels, DateTimeOffset now)
{
    private const string TimelineSql = """
        INSERT INTO timeline (recorded_at, lead_id, occurred_at, kind, arguments, inbox_id, source)
        SELECT @now, lead_id, occurred_at, kind, arguments::jsonb, inbox_id, source
          FROM unnest(@ids, @occurredAt, @kinds, @arguments, @inboxIds, @sources) AS w (lead_id, occurred_at, kind, arguments, inbox_id, source)
        """;

    private const string StageMovesSql = """
        INSERT INTO stage_move (lead_id, life_cycle, from_stage, to_stage, origin, since)
        SELECT * FROM unnest(@ids, @cycles, @from, @to, @origins, @since)
        """;

    private const string SettleSql = """
        UPDATE inbox
           SET state = CASE WHEN w.code IS NULL THEN 'applied' ELSE 'dead' END, fault_code = w.code, fault = w.fault, retry_at = NULL, settled_at = @now
          FROM unnest(@ids, @codes, @faults) AS w (id, code, fault)
         WHERE inbox.id = w.id AND inbox.state = 'pending'
        """;

    public async Task WriteAsync(FactBatch batch, CancellationToken cancellationToken)
    {
        var records = new RecordsWriter(transaction, now);
        await records.WriteAccountsAsync(batch, cancellationToken);
        var ids = await new LeadWriter(transaction, channels, now).WriteAsync(
            [.. batch.Leads.Select(lead => new LeadBeforeAndAfter(batch.Before(lead.Key), lead))],
            batch.DatesOf,
            batch.NewLeadNames.All,
            cancellationToken
        );
        await records.WriteOpportunitiesAsync(batch, cancellationToken);
        await WriteTimelineAsync(batch, ids, cancellationToken);
        await WriteStageMovesAsync(batch, ids, cancellationToken);
        await FeedbackWriter.WriteAsync(transaction, batch, ids, now, cancellationToken);
        await new FactMoves(transaction, now).WriteAsync(batch, ids, cancellationToken);
        await FeedbackWriter.SettleAsync(transaction, batch, ids, now, cancellationToken);
        await SettleAsync(batch, cancellationToken);
    }

    private Task WriteTimelineAsync(
        FactBatch batch,
        Dictionary<ExternalKey, long> ids,
        CancellationToken cancellationToken
    )
    {
        var rows = batch.Timeline;
        return rows.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                TimelineSql,
                new
                {
                    ids = rows.ToArray(row => ids[row.Lead]),
                    occurredAt = rows.ToArray(row => row.Entry.OccurredAt),
                    kinds = rows.ToArray(row => row.Entry.Kind),
                    arguments = rows.ToArray(row => JsonSerializer.Serialize(row.Entry.Arguments)),
                    inboxIds = rows.ToArray(row => row.InboxId),
                    sources = rows.ToArray(row => row.Source),
                    now,
                },
                cancellationToken
            );
    }

    private Task WriteStageMovesAsync(
        FactBatch batch,
        Dictionary<ExternalKey, long> ids,
        CancellationToken cancellationToken
    )
    {
        var rows = batch.StageMoves;
        return rows.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                StageMovesSql,
                new
                {
                    ids = rows.ToArray(row => ids[row.Lead]),
                    cycles = rows.ToArray(row => row.Move.Stage.LifeCycle),
                    from = rows.ToArray(row => row.Move.From),
                    to = rows.ToArray(row => row.Move.Stage.Stage),
                    origins = rows.ToArray(row => (short)row.Move.Stage.Origin),
                    since = rows.ToArray(row => row.Move.Stage.Since),
                },
                cancellationToken
            );
    }

    private Task SettleAsync(FactBatch batch, CancellationToken cancellationToken)
    {
        var rows = batch
            .Applied.Select(id => (Id: id, Code: (string?)null, Fault: (string?)null))
            .Concat(
                batch
                    .Refused.Where(row => row.Event.InboxId is not null)
                    .Select(row =>
                        (Id: row.Event.InboxId!.Value, Code: (string?)row.Why.Code, Fault: (string?)row.Why.Argument)
                    )
            )
            .ToList();
        return rows.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                SettleSql,
                new
                {
                    ids = rows.ToArray(row => row.Id),
                    codes = rows.ToArray(row => row.Code),
                    faults = rows.ToArray(row => row.Fault),
                    now,
                },
                cancellationToken
            );
    }
}
