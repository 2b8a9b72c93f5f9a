using Npgsql;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Cleaning;
using NurtureEngine.Postgres.Leads;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Postgres.Facts;

/// <summary>Reads and locks all that events are about, in every writer's order: accounts, then leads, then opportunities.</summary>
internal sealed class FactsReader(NpgsqlTransaction transaction)
{
    private const string OpportunitiesSql = """
        SELECT o.id, o.source, o.external_id, o.fields::text AS fields, o.stamps::text AS stamps
          FROM unnest(@sources, @externalIds) AS w (source, external_id)
          JOIN opportunity o USING (source, external_id)
         ORDER BY o.id
           FOR NO KEY UPDATE OF o
        """;

    public async Task<KnownFacts> ReadAsync(
        IReadOnlyList<InboxEvent> events,
        TimeSpan sameWithin,
        CancellationToken cancellationToken
    )
    {
        var told = events.Select(row => row.Event).OfType<CrmEvent>().ToList();
        var patches = events.Select(row => row.Event.Company).OfType<CompanyPatch>().ToList();
        var wantedAccounts = patches
            .Select(patch => new WantedName(patch.Key, patch.Domain))
            .Concat(
                patches.Select(patch => patch.Domain).Concat(told.Select(DomainOf)).OfType<string>().Select(ByDomain)
            )
            .DistinctBy(name => name.Key)
            .ToList();
        var accountNames = await NameResolver.FindAccountsAsync(transaction, wantedAccounts, cancellationToken);
        var (written, accounts) = await FindNewsAsync(events, accountNames, cancellationToken);
        var locked = accountNames.Where(name => written.Contains(name.Name)).Select(name => name.Id).ToHashSet();
        accounts.RemoveAll(account => locked.Contains(account.Id!.Value.Value));
        accounts.AddRange(await LeadReader.LockAccountsAsync(transaction, locked, cancellationToken));
        await ThrowUnlessStillFoundAsync(
            accountNames,
            wantedAccounts,
            NameResolver.FindAccountsAsync,
            cancellationToken
        );
        var wantedLeads = told.Select(one => new WantedName(one.Lead, one.Address))
            .Concat(told.SelectMany(one => one.Merged).Select(key => new WantedName(key, Other: null)))
            .DistinctBy(name => name.Key)
            .ToList();
        var leadNames = await NameResolver.FindLeadsAsync(transaction, wantedLeads, cancellationToken);
        var leads = await LeadReader.LockLeadsAsync(
            transaction,
            [.. leadNames.Where(name => name.Kind != NameKind.Ambiguous).Select(name => name.Id).Distinct()],
            cancellationToken
        );
        await ThrowUnlessStillFoundAsync(leadNames, wantedLeads, NameResolver.FindLeadsAsync, cancellationToken);
        // The accounts that leads had before, whatever the events say.
        var known = accountNames.Select(name => name.Name).ToHashSet();
        accountNames.AddRange(
            await FindAccountsAsync(
                leads
                    .SelectMany(lead => new[] { lead.Account, Domain(MailDomain.Own(lead.Email))?.Key })
                    .OfType<ExternalKey>()
                    .Where(key => !known.Contains(key))
                    .Select(key => new WantedName(key, Other: null)),
                cancellationToken
            )
        );
        accounts.AddRange(
            await LeadReader.ReadAccountsAsync(
                transaction,
                [
                    .. accountNames
                        .Select(name => name.Id)
                        .Except(accounts.Select(account => account.Id!.Value.Value))
                        .Distinct(),
                ],
                cancellationToken
            )
        );
        var byId = leads.ToDictionary(lead => lead.Id!.Value.Value, lead => lead.Key);
        var accountsById = accounts.ToDictionary(account => account.Id!.Value.Value, account => account.Key);
        var live = await EnrollmentWriter.FindLiveAsync(transaction, [.. byId.Keys], cancellationToken);
        return new KnownFacts
        {
            Leads = leads,
            LeadNames = leadNames.ToDictionary(
                name => name.Name,
                name => new KnownName(byId.GetValueOrDefault(name.Id, name.Name), name.Kind)
            ),
            Accounts = accounts,
            AccountNames = accountNames.ToDictionary(
                name => name.Name,
                name => new KnownName(accountsById[name.Id], name.Kind)
            ),
            Opportunities = await LockOpportunitiesAsync(events, cancellationToken),
            Live = live.ToLookup(row => byId[row.LeadId], row => row.Version),
            Aside = live.Where(row => row.IsAside).Select(row => (byId[row.LeadId], row.Version)).ToHashSet(),
            Activities = await new ActivityReader(transaction).ReadAsync(
                told.FindAll(one => one.Activity is not null),
                leadNames.Where(name => byId.ContainsKey(name.Id)).ToDictionary(name => name.Name, name => name.Id),
                byId,
                sameWithin,
                cancellationToken
            ),
        };
    }

    // Who was found by address or domain may have got a name of the same source while the lock was waited for.
    private async Task ThrowUnlessStillFoundAsync(
        List<FoundName> names,
        List<WantedName> wanted,
        Func<NpgsqlTransaction, IReadOnlyCollection<WantedName>, CancellationToken, Task<List<FoundName>>> find,
        CancellationToken cancellationToken
    )
    {
        var found = names.Where(name => name.Kind == NameKind.Found).ToHashSet();
        if (found.Count > 0)
        {
            var keys = found.Select(name => name.Name).ToHashSet();
            var again = await find(transaction, wanted.FindAll(name => keys.Contains(name.Key)), cancellationToken);
            FactsChangedException.ThrowUnless(found.SetEquals(again));
        }
    }

    // The companies that are to be written. Rows of a file mostly say of a company what the row before has said: such a one is not locked,
    // for all who know it would wait for each other.
    private async Task<(HashSet<ExternalKey> News, List<Account> Looked)> FindNewsAsync(
        IReadOnlyList<InboxEvent> events,
        List<FoundName> names,
        CancellationToken cancellationToken
    )
    {
        var told = events.Select(row => row.Event).Where(one => one.Company is not null).ToList();
        if (told.Count == 0 || !told[0].IsImported)
        {
            return ([.. told.Select(one => one.Company!.Key)], []);
        }

        var looked = await LeadReader.ReadAccountsAsync(
            transaction,
            [.. names.Select(name => name.Id).Distinct()],
            cancellationToken
        );
        var accounts = looked.ToDictionary(account => account.Id!.Value.Value);
        var known = names.ToDictionary(name => name.Name, name => accounts[name.Id]);
        var found = names.Where(name => name.Kind == NameKind.Found).Select(name => name.Name).ToHashSet();
        HashSet<ExternalKey> news =
        [
            .. told.Where(one =>
                    found.Contains(one.Company!.Key)
                    || known.GetValueOrDefault(one.Company!.Key) is not { } account
                    || !account.With(one.Company, one.Stamp).Fields.Values.SequenceEqual(account.Fields.Values)
                )
                .Select(one => one.Company!.Key),
        ];
        return (news, looked);
    }

    private static WantedName ByDomain(string domain) =>
        new(new ExternalKey(ExternalKey.ByDomain, domain), Other: null);

    private static WantedName? Domain(string? domain) => domain is null ? null : ByDomain(domain);

    private static string? DomainOf(CrmEvent told) => told.Company is null ? MailDomain.Own(told.Address) : null;

    private Task<List<FoundName>> FindAccountsAsync(
        IEnumerable<WantedName> names,
        CancellationToken cancellationToken
    ) => NameResolver.FindAccountsAsync(transaction, [.. names.DistinctBy(name => name.Key)], cancellationToken);

    private async Task<List<Opportunity>> LockOpportunitiesAsync(
        IReadOnlyList<InboxEvent> events,
        CancellationToken cancellationToken
    )
    {
        var keys = events.Select(row => row.Event.Deal?.Key).OfType<ExternalKey>().Distinct().ToList();
        if (keys.Count == 0)
        {
            return [];
        }

        var rows = await transaction.QueryAsync<(
            long Id,
            string Source,
            string ExternalId,
            string Fields,
            string Stamps
        )>(
            OpportunitiesSql,
            new { sources = keys.ToArray(key => key.Source), externalIds = keys.ToArray(key => key.ExternalId) },
            cancellationToken
        );
        return rows.ConvertAll(row => new Opportunity(
            row.Id,
            new ExternalKey(row.Source, row.ExternalId),
            FieldsJson.Read(row.Fields, row.Stamps)
        ));
    }
}
