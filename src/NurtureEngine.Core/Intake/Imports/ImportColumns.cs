using System.Collections.Frozen;
using System.Collections.Immutable;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Intake.Imports;

/// <summary>The columns of a file of leads.</summary>
public static class ImportColumns
{
    public const string ExternalId = "external_id";
    public const string CompanyId = "company_id";
    public const string Company = "company";
    public const string CompanyDomain = "company_domain";
    public const string Stage = "stage";
    public const string LifeCycle = "life_cycle";
    public const string Consent = "consent";

    /// <summary>Read, never written: that somebody wants no e-mail, as CRMs export it. Its yes is a refusal.</summary>
    public const string OptOut = "opt_out";

    public const string ConsentAt = "consent_at";
    public const string UpdatedAt = "updated_at";
    public const string Cost = "cost";
    public const string Currency = "currency";
    public const string Source = "source";
    public const string Campaign = "campaign";

    // What a column says as it stands: the field of the lead, or of their company.
    private static readonly (string Column, string? OfLead, string? OfCompany)[] Table =
    [
        (ExternalId, null, null),
        (Fields.Email, Fields.Email, null),
        (Fields.Name, Fields.Name, null),
        (Fields.GivenName, Fields.GivenName, null),
        (Fields.FamilyName, Fields.FamilyName, null),
        (Fields.Phone, Fields.Phone, null),
        (Fields.Title, Fields.Title, null),
        (Fields.Role, Fields.Role, null),
        (Fields.Language, Fields.Language, null),
        (Fields.TimeZone, Fields.TimeZone, null),
        (Fields.Country, Fields.Country, null),
        (Fields.Tags, null, null),
        (LifeCycle, null, null),
        (Stage, null, null),
        (CompanyId, null, null),
        (Company, null, Fields.Name),
        (CompanyDomain, null, Fields.Domain),
        (Fields.Industry, null, Fields.Industry),
        (Fields.Size, null, Fields.Size),
        (Fields.Tier, null, Fields.Tier),
        ("owner_id", "owner.externalId", null),
        ("owner_name", "owner.name", null),
        ("owner_email", "owner.email", null),
        (Source, "acquisition.source", null),
        (Campaign, "acquisition.campaign", null),
        (Cost, null, null),
        (Currency, null, null),
        (Consent, null, null),
        (ConsentAt, null, null),
        (UpdatedAt, null, null),
    ];

    /// <summary>All columns that are read, in the order in which an export writes them; custom fields are <c>custom.</c> and a name.</summary>
    public static readonly ImmutableArray<string> All = [.. Table.Select(row => row.Column)];

    /// <summary>The columns whose text is a lead's field as it stands, with that field.</summary>
    public static readonly FrozenDictionary<string, string> OfLead = Table
        .Where(row => row.OfLead is not null)
        .ToFrozenDictionary(row => row.Column, row => row.OfLead!, StringComparer.Ordinal);

    /// <summary>The columns whose text is a field of the lead's company as it stands, with that field.</summary>
    public static readonly FrozenDictionary<string, string> OfCompany = Table
        .Where(row => row.OfCompany is not null)
        .ToFrozenDictionary(row => row.Column, row => row.OfCompany!, StringComparer.Ordinal);
}
