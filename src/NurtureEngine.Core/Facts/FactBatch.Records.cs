using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Cleaning;

namespace NurtureEngine.Core.Facts;

/// <summary>What events say of companies and opportunities.</summary>
public sealed partial class FactBatch
{
    // Any word of a CRM outranks what the domain of an address suggests.
    private static readonly Stamp Weakest = new(null, DateTimeOffset.MinValue);

    private readonly Dictionary<ExternalKey, Account> _accounts;
    private readonly Dictionary<ExternalKey, Opportunity> _opportunities;
    private readonly HashSet<ExternalKey> _changedAccounts = [];
    private readonly HashSet<ExternalKey> _changedOpportunities = [];

    public IEnumerable<Account> Accounts => _changedAccounts.Select(key => _accounts[key]);

    /// <summary>The further names by which accounts are known from now on.</summary>
    public NewNames NewAccountNames { get; } = new();

    public IEnumerable<Opportunity> Opportunities => _changedOpportunities.Select(key => _opportunities[key]);

    /// <summary>The leads that have to do with opportunities, as their source calls them.</summary>
    public HashSet<(ExternalKey Opportunity, ExternalKey Lead)> Contacts { get; } = [];

    private void Apply(InboxEvent next, RecordEvent record, DateTimeOffset now)
    {
        if (LeadFacts.IsOfFuture(record, now) is { } refused)
        {
            Refused.Add((next, refused));
            return;
        }

        if (record.Company is { } company)
        {
            var account = FindAccount(company.Key) ?? Account.New(company.Key);
            Keep(account.With(company, record.Stamp), record);
        }

        Keep(record.Deal, record);
        Settle(next.InboxId);
    }

    private Account? FindAccount(ExternalKey key) => _accounts.GetValueOrDefault(AccountKeyOf(key));

    private ExternalKey AccountKeyOf(ExternalKey key) =>
        _known.AccountNames.TryGetValue(key, out var name) ? name.Key : NewAccountNames.All.GetValueOrDefault(key, key);

    private Account? AccountOf(Lead lead) => lead.Account is { } key ? FindAccount(key) : null;

    private bool IsNews(Account? account) =>
        account is not null
        && (FindAccount(account.Key) is not { } known || !known.Fields.Values.SequenceEqual(account.Fields.Values));

    private void Keep(Account? account, IntakeEvent told)
    {
        if (account is null || told.Company is not { } company)
        {
            return;
        }

        if (_known.AccountNames.GetValueOrDefault(company.Key).Kind == NameKind.Found)
        {
            NewAccountNames.Add(company.Key, account.Key);
        }

        var domain = company.Domain is { } own ? new ExternalKey(ExternalKey.ByDomain, own) : (ExternalKey?)null;
        var isUnclaimed = domain is { } claimed && FindAccount(claimed) is null;
        if (!told.IsImported || IsNews(account))
        {
            _accounts[account.Key] = account;
            _changedAccounts.Add(account.Key);
        }

        if (isUnclaimed)
        {
            NewAccountNames.Add(domain!.Value, account.Key);
        }
    }

    private void Keep(DealPatch? deal, IntakeEvent told)
    {
        if (deal is null)
        {
            return;
        }

        var known = _opportunities.GetValueOrDefault(deal.Key) ?? new Opportunity(null, deal.Key, FieldSet.Empty);
        // The version is the record's that the event is about: of a deal that comes with a lead it says nothing.
        var stamp = told is RecordEvent ? told.Stamp : told.Stamp with { Version = null };
        var fields = known.Fields.With(deal.Fields, stamp);
        if (told.Company is { } company)
        {
            fields = fields.With([new(Fields.Company, company.Key.ToString())], stamp);
        }

        _opportunities[deal.Key] = known with { Fields = fields };
        _changedOpportunities.Add(deal.Key);
        Contacts.UnionWith(deal.Contacts.Select(contact => (deal.Key, contact)));
        if (told is CrmEvent { Lead: var lead })
        {
            Contacts.Add((deal.Key, lead));
        }
    }

    // A lead of whom no company was ever told belongs to the one whose domain their address has.
    private Lead Housed(Lead lead)
    {
        if (lead.Fields.Stamps.ContainsKey(Fields.Company) || MailDomain.Own(lead.Email) is not { } domain)
        {
            return lead;
        }

        var key = new ExternalKey(ExternalKey.ByDomain, domain);
        return FindAccount(key) is null
            ? lead
            : lead with
            {
                Fields = lead.Fields.With([new(Fields.Company, key.ToString())], Weakest),
            };
    }
}
