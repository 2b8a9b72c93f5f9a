using System.Collections.Immutable;
using Npgsql;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Consents;
using NurtureEngine.Postgres.Facts;

namespace NurtureEngine.Postgres.Leads;

/// <summary>Reads leads and accounts whole, within a transaction, and locks them: accounts before leads, each by id.</summary>
internal static class LeadReader
{
    private const string AccountsSql = """
        SELECT a.id, 'id' AS source, a.id::text AS external_id, a.fields::text AS fields, a.stamps::text AS stamps
          FROM account a
         WHERE a.id = ANY(@ids)
         ORDER BY a.id
        """;

    private const string LockAccountsSql = $"{AccountsSql} FOR NO KEY UPDATE OF a";

    private const string AccountsOfLeadsSql = """
        SELECT a.id, 'id' AS source, a.id::text AS external_id, a.fields::text AS fields, a.stamps::text AS stamps
          FROM account a
         WHERE a.id IN (SELECT account_id FROM lead WHERE lead.id = ANY(@ids))
         ORDER BY a.id
        """;

    private const string LockAccountsOfLeadsSql = $"{AccountsOfLeadsSql} FOR NO KEY UPDATE OF a";

    private const string LeadsSql = """
        SELECT l.id, 'id' AS source, l.id::text AS external_id, l.account_id, l.fields::text AS fields, l.stamps::text AS stamps, l.active_at
          FROM lead l
         WHERE l.id = ANY(@ids)
         ORDER BY l.id
        """;

    private const string LockLeadsSql = $"{LeadsSql} FOR NO KEY UPDATE OF l";

    private const string StagesSql =
        "SELECT lead_id, life_cycle, stage, since, version, stamped_at, origin FROM lead_stage WHERE lead_id = ANY(@ids)";

    private const string ConsentsSql =
        "SELECT lead_id, channel, purpose, granted, origin, at FROM consent WHERE lead_id = ANY(@ids)";

    private const string StagesAndConsentsSql = $"{StagesSql}; {ConsentsSql}";

    /// <summary>Locks accounts by id; each under the name that is its first.</summary>
    public static Task<List<Account>> LockAccountsAsync(
        NpgsqlTransaction transaction,
        IReadOnlyCollection<long> ids,
        CancellationToken cancellationToken
    ) => NamedAccountsAsync(transaction, LockAccountsSql, ids, cancellationToken);

    /// <summary>Accounts as they stand, for who only looks at them.</summary>
    public static Task<List<Account>> ReadAccountsAsync(
        NpgsqlTransaction transaction,
        IReadOnlyCollection<long> ids,
        CancellationToken cancellationToken
    ) => NamedAccountsAsync(transaction, AccountsSql, ids, cancellationToken);

    /// <summary>Locks leads by id; each under the name that is its first.</summary>
    /// <exception cref="FactsChangedException">One of them has ended in another.</exception>
    public static async Task<List<Lead>> LockLeadsAsync(
        NpgsqlTransaction transaction,
        IReadOnlyCollection<long> ids,
        CancellationToken cancellationToken
    )
    {
        if (ids.Count == 0)
        {
            return [];
        }

        var leads = await LeadsAsync(transaction, LockLeadsSql, new { ids = ids.ToArray() }, cancellationToken);
        var names = await LeadKeys.FindAsync(transaction, ids, cancellationToken);
        FactsChangedException.ThrowUnless(leads.TrueForAll(row => names.ContainsKey(row.Lead.Id!.Value.Value)));
        return leads.ConvertAll(row => row.Lead with { Key = names[row.Lead.Id!.Value.Value] });
    }

    private static async Task<List<Account>> NamedAccountsAsync(
        NpgsqlTransaction transaction,
        string sql,
        IReadOnlyCollection<long> ids,
        CancellationToken cancellationToken
    )
    {
        if (ids.Count == 0)
        {
            return [];
        }

        var accounts = await AccountsAsync(transaction, sql, new { ids = ids.ToArray() }, cancellationToken);
        var names = await LeadKeys.FindAccountsAsync(transaction, ids, cancellationToken);
        return accounts.ConvertAll(account => account with { Key = names[account.Id!.Value.Value] });
    }

    /// <summary>
    /// Locks leads and their accounts by id. A lead that changed its account in between is not in the answer: its touch goes
    /// through the gate again.
    /// </summary>
    public static Task<Dictionary<long, (Lead Lead, Account? Account)>> LockWithAccountsAsync(
        NpgsqlTransaction transaction,
        long[] ids,
        CancellationToken cancellationToken
    ) => WithAccountsAsync(transaction, LockAccountsOfLeadsSql, LockLeadsSql, ids, cancellationToken);

    /// <summary>Leads and their accounts by id, as they stand.</summary>
    public static Task<Dictionary<long, (Lead Lead, Account? Account)>> ReadWithAccountsAsync(
        NpgsqlTransaction transaction,
        long[] ids,
        CancellationToken cancellationToken
    ) => WithAccountsAsync(transaction, AccountsOfLeadsSql, LeadsSql, ids, cancellationToken);

    private static async Task<Dictionary<long, (Lead Lead, Account? Account)>> WithAccountsAsync(
        NpgsqlTransaction transaction,
        string accountsSql,
        string leadsSql,
        long[] ids,
        CancellationToken cancellationToken
    )
    {
        var accounts = (await AccountsAsync(transaction, accountsSql, new { ids }, cancellationToken)).ToDictionary(
            account => account.Id!.Value.Value
        );
        var leads = await LeadsAsync(transaction, leadsSql, new { ids }, cancellationToken);
        return leads
            .Where(pair => pair.AccountId is null || accounts.ContainsKey(pair.AccountId.Value))
            .ToDictionary(
                pair => pair.Lead.Id!.Value.Value,
                pair => (pair.Lead, pair.AccountId is { } account ? accounts[account] : null)
            );
    }

    private static async Task<List<Account>> AccountsAsync(
        NpgsqlTransaction transaction,
        string sql,
        object parameters,
        CancellationToken cancellationToken
    )
    {
        var rows = await transaction.QueryAsync<EntityRow>(sql, parameters, cancellationToken);
        return
        [
            .. rows.Select(row => new Account(new AccountId(row.Id), row.Key, FieldsJson.Read(row.Fields, row.Stamps))),
        ];
    }

    private static async Task<List<(Lead Lead, long? AccountId)>> LeadsAsync(
        NpgsqlTransaction transaction,
        string sql,
        object parameters,
        CancellationToken cancellationToken
    )
    {
        var rows = await transaction.QueryAsync<EntityRow>(sql, parameters, cancellationToken);
        var ids = rows.Select(row => row.Id).ToArray();
        await using var more = await transaction.QuerySeveralAsync(
            StagesAndConsentsSql,
            new { ids },
            cancellationToken
        );
        var stages = (await more.ReadAsync<StageRow>()).ToLookup(row => row.LeadId);
        var consents = (await more.ReadAsync<ConsentRow>()).ToLookup(row => row.LeadId);
        return
        [
            .. rows.Select(row =>
                (
                    new Lead
                    {
                        Id = new LeadId(row.Id),
                        Key = row.Key,
                        Fields = FieldsJson.Read(row.Fields, row.Stamps),
                        ActiveAt = row.ActiveAt,
                        Stages = stages[row.Id]
                            .ToImmutableSortedDictionary(
                                stage => stage.LifeCycle,
                                stage => stage.ToStage(),
                                StringComparer.Ordinal
                            ),
                        Consents = consents[row.Id]
                            .ToImmutableDictionary(
                                consent => (consent.Channel, consent.Purpose),
                                consent => consent.ToConsent()
                            ),
                    },
                    row.AccountId
                )
            ),
        ];
    }

    private sealed record EntityRow
    {
        public long Id { get; init; }
        public string Source { get; init; } = "";
        public string ExternalId { get; init; } = "";
        public long? AccountId { get; init; }
        public string Fields { get; init; } = "";
        public string Stamps { get; init; } = "";
        public DateTimeOffset? ActiveAt { get; init; }
        public ExternalKey Key => new(Source, ExternalId);
    }

    private sealed record StageRow
    {
        public long LeadId { get; init; }
        public string LifeCycle { get; init; } = "";
        public string Stage { get; init; } = "";
        public DateTimeOffset Since { get; init; }
        public long? Version { get; init; }
        public DateTimeOffset StampedAt { get; init; }
        public short Origin { get; init; }

        public LeadStage ToStage() => new(LifeCycle, Stage, Since, new Stamp(Version, StampedAt), (StageOrigin)Origin);
    }

    private sealed record ConsentRow
    {
        public long LeadId { get; init; }
        public string Channel { get; init; } = "";
        public string Purpose { get; init; } = "";
        public bool Granted { get; init; }
        public string Origin { get; init; } = "";
        public DateTimeOffset At { get; init; }

        public Consent ToConsent() => new(Channel, Purpose, Granted, Origin, At);
    }
}
