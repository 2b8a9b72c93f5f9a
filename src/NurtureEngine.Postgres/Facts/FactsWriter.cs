using System.Text.Json;
using Npgsql;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Leads;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Postgres.Facts;

/// <summary>Writes a batch of facts set-wise: a fixed number of statements, however many leads it changes.</summary>
internal sealed class FactsWriter(NpgsqlTransaction transaction, DateTimeOffset now)
{
    // Two lanes may meet a new account at once. The second waits for the first here and then gets fewer ids than it asked for.
    private const string AddAccountsSql = """
        WITH wanted AS MATERIALIZED (
            SELECT source, external_id, fields, stamps, nextval(pg_get_serial_sequence('account', 'id')) AS id
              FROM unnest(@sources, @externalIds, @fields, @stamps) AS w (source, external_id, fields, stamps)
             ORDER BY source, external_id),
        fresh AS (
            INSERT INTO account_identity (source, external_id, account_id)
            SELECT source, external_id, id FROM wanted
            ON CONFLICT DO NOTHING
            RETURNING account_id)
        INSERT INTO account (id, fields, stamps, created_at, updated_at)
        SELECT id, fields::jsonb, stamps::jsonb, @now, @now FROM wanted JOIN fresh ON fresh.account_id = wanted.id
        """;

    private const string UpdateAccountsSql = """
        UPDATE account
           SET fields = w.fields::jsonb, stamps = w.stamps::jsonb, updated_at = @now
          FROM unnest(@ids, @fields, @stamps) AS w (id, fields, stamps)
         WHERE account.id = w.id
        """;

    private const string AddLeadsSql = """
        WITH wanted AS MATERIALIZED (
            SELECT w.*, nextval(pg_get_serial_sequence('lead', 'id')) AS id
              FROM unnest(@sources, @externalIds, @fields, @stamps, @addresses, @deletedAt, @accounts, @activeAt)
                   AS w (source, external_id, fields, stamps, address, deleted_at, account_id, active_at)
             ORDER BY source, external_id),
        fresh AS (
            INSERT INTO lead_identity (source, external_id, lead_id)
            SELECT source, external_id, id FROM wanted
            ON CONFLICT DO NOTHING
            RETURNING lead_id)
        INSERT INTO lead (id, account_id, address, fields, stamps, deleted_at, active_at, created_at, updated_at)
        SELECT id, account_id, address, fields::jsonb, stamps::jsonb, deleted_at, active_at, @now, @now FROM wanted JOIN fresh ON fresh.lead_id = wanted.id
        """;

    private const string UpdateLeadsSql = """
        UPDATE lead
           SET fields = w.fields::jsonb, stamps = w.stamps::jsonb, address = w.address, deleted_at = w.deleted_at,
               account_id = w.account_id, active_at = w.active_at, updated_at = @now
          FROM unnest(@ids, @fields, @stamps, @addresses, @deletedAt, @accounts, @activeAt)
               AS w (id, fields, stamps, address, deleted_at, account_id, active_at)
         WHERE lead.id = w.id
        """;

    private const string FindAccountIdsSql = """
        SELECT i.source, i.external_id, i.account_id
          FROM unnest(@sources, @externalIds) AS w (source, external_id)
          JOIN account_identity i USING (source, external_id)
        """;

    private const string FindIdsSql = """
        SELECT i.source, i.external_id, i.lead_id
          FROM unnest(@sources, @externalIds) AS w (source, external_id)
          JOIN lead_identity i USING (source, external_id)
        """;

    private const string StagesSql = """
        INSERT INTO lead_stage (lead_id, life_cycle, stage, since, version, stamped_at)
        SELECT * FROM unnest(@ids, @cycles, @stages, @since, @versions, @stampedAt)
        ON CONFLICT (lead_id, life_cycle) DO UPDATE
           SET stage = excluded.stage, since = excluded.since, version = excluded.version, stamped_at = excluded.stamped_at
        """;

    private const string ConsentsSql = """
        INSERT INTO consent (lead_id, channel, purpose, granted, origin, at)
        SELECT * FROM unnest(@ids, @channels, @purposes, @granted, @origins, @at)
        ON CONFLICT (lead_id, channel, purpose) DO UPDATE
           SET granted = excluded.granted, origin = excluded.origin, at = excluded.at
        """;

    private const string DatesSql = """
        WITH wanted AS MATERIALIZED (SELECT * FROM unnest(@ids, @fields, @at) AS w (lead_id, field, at)),
        gone AS (
            DELETE FROM lead_date d
             WHERE d.lead_id = ANY(@leads) AND NOT EXISTS (SELECT 1 FROM wanted w WHERE w.lead_id = d.lead_id AND w.field = d.field))
        INSERT INTO lead_date (lead_id, field, at)
        SELECT lead_id, field, at FROM wanted
        ON CONFLICT (lead_id, field) DO UPDATE SET at = excluded.at WHERE lead_date.at <> excluded.at
        """;

    private const string TimelineSql = """
        INSERT INTO timeline (recorded_at, lead_id, occurred_at, kind, arguments, inbox_id)
        SELECT @now, lead_id, occurred_at, kind, arguments::jsonb, inbox_id
          FROM unnest(@ids, @occurredAt, @kinds, @arguments, @inboxIds) AS w (lead_id, occurred_at, kind, arguments, inbox_id)
        """;

    private const string SettleSql = """
        UPDATE inbox
           SET state = CASE WHEN w.code IS NULL THEN 'applied' ELSE 'dead' END, fault_code = w.code, fault = w.fault, retry_at = NULL, settled_at = @now
          FROM unnest(@ids, @codes, @faults) AS w (id, code, fault)
         WHERE inbox.id = w.id AND inbox.state = 'pending'
        """;

    public async Task WriteAsync(FactBatch batch, CancellationToken cancellationToken)
    {
        await WriteAccountsAsync([.. batch.Accounts], cancellationToken);
        var leads = batch.Leads.ToList();
        var ids = await WriteLeadsAsync(leads, cancellationToken);
        await WriteStagesAsync(leads, ids, cancellationToken);
        await WriteDatesAsync(batch, leads, ids, cancellationToken);
        await WriteConsentsAsync(leads, ids, cancellationToken);
        await WriteTimelineAsync(batch, ids, cancellationToken);
        await FeedbackWriter.WriteAsync(transaction, batch, ids, now, cancellationToken);
        await new FactMoves(transaction, now).WriteAsync(batch, ids, cancellationToken);
        await FeedbackWriter.SettleAsync(transaction, batch, ids, now, cancellationToken);
        await SettleAsync(batch, cancellationToken);
    }

    private async Task WriteAccountsAsync(List<Account> accounts, CancellationToken cancellationToken)
    {
        var (known, fresh) = (
            accounts.Where(account => account.Id is not null).ToList(),
            accounts.Where(account => account.Id is null).ToList()
        );
        if (fresh.Count > 0)
        {
            var added = await transaction.ExecuteAsync(
                AddAccountsSql,
                new
                {
                    sources = fresh.ToArray(account => account.Key.Source),
                    externalIds = fresh.ToArray(account => account.Key.ExternalId),
                    fields = fresh.ToArray(account => FieldsJson.WriteValues(account.Fields)),
                    stamps = fresh.ToArray(account => FieldsJson.WriteStamps(account.Fields)),
                    now,
                },
                cancellationToken
            );
            FactsChangedException.ThrowUnless(added == fresh.Count);
        }

        if (known.Count > 0)
        {
            await transaction.ExecuteAsync(
                UpdateAccountsSql,
                new
                {
                    ids = known.ToArray(account => account.Id!.Value.Value),
                    fields = known.ToArray(account => FieldsJson.WriteValues(account.Fields)),
                    stamps = known.ToArray(account => FieldsJson.WriteStamps(account.Fields)),
                    now,
                },
                cancellationToken
            );
        }
    }

    private async Task<Dictionary<ExternalKey, long>> WriteLeadsAsync(
        List<Lead> leads,
        CancellationToken cancellationToken
    )
    {
        var accounts = await FindIdsAsync(
            FindAccountIdsSql,
            [.. leads.Select(lead => lead.Account).OfType<ExternalKey>().Distinct()],
            cancellationToken
        );
        var (known, fresh) = (
            leads.Where(lead => lead.Id is not null).ToList(),
            leads.Where(lead => lead.Id is null).ToList()
        );
        if (fresh.Count > 0)
        {
            var added = await transaction.ExecuteAsync(AddLeadsSql, Columns(fresh, accounts), cancellationToken);
            FactsChangedException.ThrowUnless(added == fresh.Count);
        }

        if (known.Count > 0)
        {
            await transaction.ExecuteAsync(UpdateLeadsSql, Columns(known, accounts), cancellationToken);
        }

        return await FindIdsAsync(FindIdsSql, leads.ConvertAll(lead => lead.Key), cancellationToken);
    }

    // A company that is named and can't be found would pass for one without a tier: better no lead than that.
    private object Columns(List<Lead> leads, Dictionary<ExternalKey, long> accounts) =>
        new
        {
            ids = leads.ToArray(lead => lead.Id?.Value ?? 0),
            sources = leads.ToArray(lead => lead.Key.Source),
            externalIds = leads.ToArray(lead => lead.Key.ExternalId),
            fields = leads.ToArray(lead => FieldsJson.WriteValues(lead.Fields)),
            stamps = leads.ToArray(lead => FieldsJson.WriteStamps(lead.Fields)),
            addresses = leads.ToArray(lead => lead.Email is { } email ? EmailAddress.Normalise(email) : null),
            deletedAt = leads.ToArray(lead => lead.DeletedAt),
            activeAt = leads.ToArray(lead => lead.ActiveAt),
            accounts = leads.ToArray(lead => lead.Account is { } account ? accounts[account] : (long?)null),
            now,
        };

    private async Task<Dictionary<ExternalKey, long>> FindIdsAsync(
        string sql,
        List<ExternalKey> keys,
        CancellationToken cancellationToken
    )
    {
        var parameters = new
        {
            sources = keys.ToArray(key => key.Source),
            externalIds = keys.ToArray(key => key.ExternalId),
        };
        var rows = await transaction.QueryAsync<(string Source, string ExternalId, long Id)>(
            sql,
            parameters,
            cancellationToken
        );
        return rows.ToDictionary(row => new ExternalKey(row.Source, row.ExternalId), row => row.Id);
    }

    private Task WriteStagesAsync(
        List<Lead> leads,
        Dictionary<ExternalKey, long> ids,
        CancellationToken cancellationToken
    )
    {
        var rows = leads
            .SelectMany(lead => lead.Stages.Values.Select(stage => (Id: ids[lead.Key], Stage: stage)))
            .ToList();
        return transaction.ExecuteAsync(
            StagesSql,
            new
            {
                ids = rows.ToArray(row => row.Id),
                cycles = rows.ToArray(row => row.Stage.LifeCycle),
                stages = rows.ToArray(row => row.Stage.Stage),
                since = rows.ToArray(row => row.Stage.Since),
                versions = rows.ToArray(row => row.Stage.Stamp.Version),
                stampedAt = rows.ToArray(row => row.Stage.Stamp.At),
            },
            cancellationToken
        );
    }

    private Task WriteDatesAsync(
        FactBatch batch,
        List<Lead> leads,
        Dictionary<ExternalKey, long> ids,
        CancellationToken cancellationToken
    )
    {
        var rows = leads
            .SelectMany(lead => batch.DatesOf(lead).Select(date => (Id: ids[lead.Key], date.Key, date.Value)))
            .ToList();
        return transaction.ExecuteAsync(
            DatesSql,
            new
            {
                leads = leads.ToArray(lead => ids[lead.Key]),
                ids = rows.ToArray(row => row.Id),
                fields = rows.ToArray(row => row.Key),
                at = rows.ToArray(row => row.Value),
            },
            cancellationToken
        );
    }

    private Task WriteConsentsAsync(
        List<Lead> leads,
        Dictionary<ExternalKey, long> ids,
        CancellationToken cancellationToken
    )
    {
        var rows = leads
            .SelectMany(lead => lead.Consents.Values.Select(consent => (Id: ids[lead.Key], Consent: consent)))
            .ToList();
        return transaction.ExecuteAsync(
            ConsentsSql,
            new
            {
                ids = rows.ToArray(row => row.Id),
                channels = rows.ToArray(row => row.Consent.Channel),
                purposes = rows.ToArray(row => row.Consent.Purpose),
                granted = rows.ToArray(row => row.Consent.Granted),
                origins = rows.ToArray(row => row.Consent.Origin),
                at = rows.ToArray(row => row.Consent.At),
            },
            cancellationToken
        );
    }

    private Task WriteTimelineAsync(
        FactBatch batch,
        Dictionary<ExternalKey, long> ids,
        CancellationToken cancellationToken
    )
    {
        var rows = batch.Timeline;
        return transaction.ExecuteAsync(
            TimelineSql,
            new
            {
                ids = rows.ToArray(row => ids[row.Lead]),
                occurredAt = rows.ToArray(row => row.Entry.OccurredAt),
                kinds = rows.ToArray(row => row.Entry.Kind),
                arguments = rows.ToArray(row => JsonSerializer.Serialize(row.Entry.Arguments)),
                inboxIds = rows.ToArray(row => row.InboxId),
                now,
            },
            cancellationToken
        );
    }

    private Task SettleAsync(FactBatch batch, CancellationToken cancellationToken)
    {
        var rows = batch
            .Applied.Select(id => (Id: id, Code: (string?)null, Fault: (string?)null))
            .Concat(
                batch.Refused.Select(row =>
                    (Id: row.InboxId, Code: (string?)row.Why.Code, Fault: (string?)row.Why.Argument)
                )
            )
            .ToList();
        return transaction.ExecuteAsync(
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
