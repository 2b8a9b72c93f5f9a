using Npgsql;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Leads;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Postgres.Facts;

/// <summary>Writes companies with their names, and opportunities.</summary>
internal sealed class RecordsWriter(NpgsqlTransaction transaction, DateTimeOffset now)
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

    // A domain that another account got meanwhile stays with that one.
    private const string NamesSql = """
        INSERT INTO account_identity (source, external_id, account_id)
        SELECT w.source, w.external_id, i.account_id
          FROM unnest(@sources, @externalIds, @firstSources, @firstIds) AS w (source, external_id, first_source, first_id)
          JOIN account_identity i ON i.source = w.first_source AND i.external_id = w.first_id
         ORDER BY w.source, w.external_id
            ON CONFLICT DO NOTHING
        """;

    private const string OpportunitiesSql = """
        INSERT INTO opportunity (source, external_id, account_id, fields, stamps, created_at, updated_at)
        SELECT w.source, w.external_id, i.account_id, w.fields::jsonb, w.stamps::jsonb, @now, @now
          FROM unnest(@sources, @externalIds, @accountSources, @accountIds, @fields, @stamps)
               AS w (source, external_id, account_source, account_external_id, fields, stamps)
          LEFT JOIN account_identity i ON i.source = w.account_source AND i.external_id = w.account_external_id
         ORDER BY w.source, w.external_id
            ON CONFLICT (source, external_id) DO UPDATE
           SET account_id = excluded.account_id, fields = excluded.fields, stamps = excluded.stamps, updated_at = excluded.updated_at
         WHERE @isKnown
        """;

    private const string ContactsSql = """
        INSERT INTO opportunity_contact (opportunity_id, source, external_id)
        SELECT o.id, w.source, w.external_id
          FROM unnest(@deals, @dealIds, @sources, @externalIds) AS w (deal, deal_id, source, external_id)
          JOIN opportunity o ON o.source = w.deal AND o.external_id = w.deal_id
            ON CONFLICT DO NOTHING
        """;

    public async Task WriteAccountsAsync(FactBatch batch, CancellationToken cancellationToken)
    {
        var accounts = batch.Accounts.ToList();
        var known = accounts.FindAll(account => account.Id is not null);
        var fresh = accounts.FindAll(account => account.Id is null);
        if (fresh.Count > 0)
        {
            var added = await transaction.ExecuteAsync(AddAccountsSql, Columns(fresh), cancellationToken);
            FactsChangedException.ThrowUnless(added == fresh.Count);
        }

        if (known.Count > 0)
        {
            await transaction.ExecuteAsync(UpdateAccountsSql, Columns(known), cancellationToken);
        }

        var names = batch.NewAccountNames.All.ToList();
        if (names.Count > 0)
        {
            await transaction.ExecuteAsync(
                NamesSql,
                new
                {
                    sources = names.ToArray(name => name.Key.Source),
                    externalIds = names.ToArray(name => name.Key.ExternalId),
                    firstSources = names.ToArray(name => name.Value.Source),
                    firstIds = names.ToArray(name => name.Value.ExternalId),
                },
                cancellationToken
            );
        }
    }

    public async Task WriteOpportunitiesAsync(FactBatch batch, CancellationToken cancellationToken)
    {
        foreach (var group in batch.Opportunities.GroupBy(opportunity => opportunity.Id is not null))
        {
            var rows = group.ToList();
            var written = await transaction.ExecuteAsync(
                OpportunitiesSql,
                new
                {
                    sources = rows.ToArray(row => row.Key.Source),
                    externalIds = rows.ToArray(row => row.Key.ExternalId),
                    accountSources = rows.ToArray(row => row.Account?.Source),
                    accountIds = rows.ToArray(row => row.Account?.ExternalId),
                    fields = rows.ToArray(row => FieldsJson.WriteValues(row.Fields)),
                    stamps = rows.ToArray(row => FieldsJson.WriteStamps(row.Fields)),
                    isKnown = group.Key,
                    now,
                },
                cancellationToken
            );
            FactsChangedException.ThrowUnless(written == rows.Count);
        }

        var contacts = batch.Contacts.ToList();
        if (contacts.Count > 0)
        {
            await transaction.ExecuteAsync(
                ContactsSql,
                new
                {
                    deals = contacts.ToArray(row => row.Opportunity.Source),
                    dealIds = contacts.ToArray(row => row.Opportunity.ExternalId),
                    sources = contacts.ToArray(row => row.Lead.Source),
                    externalIds = contacts.ToArray(row => row.Lead.ExternalId),
                },
                cancellationToken
            );
        }
    }

    private object Columns(List<Account> accounts) =>
        new
        {
            ids = accounts.ToArray(account => account.Id?.Value ?? 0),
            sources = accounts.ToArray(account => account.Key.Source),
            externalIds = accounts.ToArray(account => account.Key.ExternalId),
            fields = accounts.ToArray(account => FieldsJson.WriteValues(account.Fields)),
            stamps = accounts.ToArray(account => FieldsJson.WriteStamps(account.Fields)),
            now,
        };
}
