using System.Collections.Immutable;
using Npgsql;
using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Leads;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Postgres.Facts;

/// <summary>Writes leads with all that belongs to them: names, addresses, stages, dates, consent.</summary>
internal sealed class LeadWriter(NpgsqlTransaction transaction, ChannelSet channels, DateTimeOffset now)
{
    private const string AddLeadsSql = """
        WITH wanted AS MATERIALIZED (
            SELECT w.*, nextval(pg_get_serial_sequence('lead', 'id')) AS id
              FROM unnest(@sources, @externalIds, @fields, @stamps, @deletedAt, @accounts, @activeAt)
                   AS w (source, external_id, fields, stamps, deleted_at, account_id, active_at)
             ORDER BY source, external_id),
        fresh AS (
            INSERT INTO lead_identity (source, external_id, lead_id)
            SELECT source, external_id, id FROM wanted
            ON CONFLICT DO NOTHING
            RETURNING lead_id)
        INSERT INTO lead (id, account_id, fields, stamps, deleted_at, active_at, created_at, updated_at)
        SELECT id, account_id, fields::jsonb, stamps::jsonb, deleted_at, active_at, @now, @now FROM wanted JOIN fresh ON fresh.lead_id = wanted.id
        """;

    private const string UpdateLeadsSql = """
        UPDATE lead
           SET fields = w.fields::jsonb, stamps = w.stamps::jsonb, deleted_at = w.deleted_at,
               account_id = w.account_id, active_at = w.active_at, updated_at = @now
          FROM unnest(@ids, @fields, @stamps, @deletedAt, @accounts, @activeAt)
               AS w (id, fields, stamps, deleted_at, account_id, active_at)
         WHERE lead.id = w.id
        """;

    private const string StagesSql = """
        INSERT INTO lead_stage (lead_id, life_cycle, stage, since, version, stamped_at, origin)
        SELECT * FROM unnest(@ids, @cycles, @stages, @since, @versions, @stampedAt, @origins)
        ON CONFLICT (lead_id, life_cycle) DO UPDATE
           SET stage = excluded.stage, since = excluded.since, version = excluded.version, stamped_at = excluded.stamped_at,
               origin = excluded.origin
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

    private const string NamesSql = """
        INSERT INTO lead_identity (source, external_id, lead_id)
        SELECT source, external_id, lead_id FROM unnest(@sources, @externalIds, @ids) AS w (source, external_id, lead_id)
         ORDER BY source, external_id
            ON CONFLICT DO NOTHING
        """;

    /// <summary>Writes leads and what they are called from now on; the id of each by its first name.</summary>
    public async Task<Dictionary<ExternalKey, long>> WriteAsync(
        IReadOnlyList<LeadBeforeAndAfter> changes,
        Func<Lead, ImmutableDictionary<string, DateTimeOffset>> datesOf,
        IReadOnlyCollection<KeyValuePair<ExternalKey, ExternalKey>> newNames,
        CancellationToken cancellationToken
    )
    {
        var leads = changes.Select(change => change.After).ToList();
        if (leads.Count == 0)
        {
            return [];
        }

        var ids = await WriteLeadsAsync(leads, cancellationToken);
        if (newNames.Count > 0)
        {
            var names = newNames.ToList();
            var added = await transaction.ExecuteAsync(
                NamesSql,
                new
                {
                    sources = names.ToArray(name => name.Key.Source),
                    externalIds = names.ToArray(name => name.Key.ExternalId),
                    ids = names.ToArray(name => ids[name.Value]),
                },
                cancellationToken
            );
            FactsChangedException.ThrowUnless(added == names.Count);
        }

        // What is as it was is not written again.
        await new AddressWriter(transaction, channels).WriteAsync(changes, ids, cancellationToken);
        await WriteStagesAsync(Changed(change => change.After.Stages != change.Before?.Stages), ids, cancellationToken);
        await WriteDatesAsync(Changed(change => !HasSameDates(change, datesOf)), datesOf, ids, cancellationToken);
        await WriteConsentsAsync(
            Changed(change => change.After.Consents != change.Before?.Consents),
            ids,
            cancellationToken
        );
        return ids;

        List<Lead> Changed(Func<LeadBeforeAndAfter, bool> isChanged) =>
            [.. changes.Where(isChanged).Select(change => change.After)];
    }

    private static bool HasSameDates(
        LeadBeforeAndAfter change,
        Func<Lead, ImmutableDictionary<string, DateTimeOffset>> datesOf
    )
    {
        var (before, after) = (change.Before is { } lead ? datesOf(lead) : [], datesOf(change.After));
        return before.Count == after.Count && !after.Except(before).Any();
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
        return rows.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
                StagesSql,
                new
                {
                    ids = rows.ToArray(row => row.Id),
                    cycles = rows.ToArray(row => row.Stage.LifeCycle),
                    stages = rows.ToArray(row => row.Stage.Stage),
                    since = rows.ToArray(row => row.Stage.Since),
                    versions = rows.ToArray(row => row.Stage.Stamp.Version),
                    stampedAt = rows.ToArray(row => row.Stage.Stamp.At),
                    origins = rows.ToArray(row => (short)row.Stage.Origin),
                },
                cancellationToken
            );
    }

    private Task WriteDatesAsync(
        List<Lead> leads,
        Func<Lead, ImmutableDictionary<string, DateTimeOffset>> datesOf,
        Dictionary<ExternalKey, long> ids,
        CancellationToken cancellationToken
    )
    {
        var rows = leads
            .SelectMany(lead => datesOf(lead).Select(date => (Id: ids[lead.Key], date.Key, date.Value)))
            .ToList();
        return leads.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
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
        return rows.Count == 0
            ? Task.CompletedTask
            : transaction.ExecuteAsync(
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
}

/// <summary>A lead as it was, null where it is new, and as it is now.</summary>
internal sealed record LeadBeforeAndAfter(Lead? Before, Lead After);
