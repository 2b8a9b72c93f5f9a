using System.Collections.Frozen;
using System.Collections.Immutable;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Intake.Imports;

/// <summary>Which column of a file says what: by its heading in English or Chinese, or as its sender maps it.</summary>
public static class ImportColumns
{
    /// <summary>What a column may be mapped to that nobody wants to read.</summary>
    public const string Ignored = "-";

    public const string ExternalId = "external_id";
    public const string CompanyId = "company_id";
    public const string Company = "company";
    public const string CompanyDomain = "company_domain";
    public const string Stage = "stage";
    public const string LifeCycle = "life_cycle";
    public const string Consent = "consent";
    public const string ConsentAt = "consent_at";
    public const string UpdatedAt = "updated_at";
    public const string Cost = "cost";
    public const string Currency = "currency";
    public const string Source = "source";
    public const string Campaign = "campaign";

    /// <summary>All columns that are read, in the order in which an export writes them; custom fields are <c>custom.</c> and a name.</summary>
    public static readonly ImmutableArray<string> All =
    [
        ExternalId,
        Fields.Email,
        Fields.Name,
        Fields.GivenName,
        Fields.FamilyName,
        Fields.Phone,
        Fields.Title,
        Fields.Role,
        Fields.Language,
        Fields.TimeZone,
        Fields.Country,
        Fields.Tags,
        LifeCycle,
        Stage,
        CompanyId,
        Company,
        CompanyDomain,
        Fields.Industry,
        Fields.Size,
        Fields.Tier,
        "owner_id",
        "owner_name",
        "owner_email",
        Source,
        Campaign,
        Cost,
        Currency,
        Consent,
        ConsentAt,
        UpdatedAt,
    ];

    private static readonly FrozenDictionary<string, string> Known = All.Select(name => (Heading: name, Column: name))
        .Concat(
            new (string Heading, string Column)[]
            {
                ("id", ExternalId),
                ("crm id", ExternalId),
                ("编号", ExternalId),
                ("客户编号", ExternalId),
                ("e-mail", Fields.Email),
                ("mail", Fields.Email),
                ("email address", Fields.Email),
                ("邮箱", Fields.Email),
                ("电子邮箱", Fields.Email),
                ("邮件", Fields.Email),
                ("full name", Fields.Name),
                ("姓名", Fields.Name),
                ("联系人", Fields.Name),
                ("first name", Fields.GivenName),
                ("名", Fields.GivenName),
                ("last name", Fields.FamilyName),
                ("surname", Fields.FamilyName),
                ("姓", Fields.FamilyName),
                ("mobile", Fields.Phone),
                ("telephone", Fields.Phone),
                ("手机", Fields.Phone),
                ("手机号", Fields.Phone),
                ("电话", Fields.Phone),
                ("job title", Fields.Title),
                ("position", Fields.Title),
                ("职位", Fields.Title),
                ("职务", Fields.Title),
                ("角色", Fields.Role),
                ("语言", Fields.Language),
                ("timezone", Fields.TimeZone),
                ("time zone", Fields.TimeZone),
                ("时区", Fields.TimeZone),
                ("国家", Fields.Country),
                ("标签", Fields.Tags),
                ("生命周期", LifeCycle),
                ("lifecycle", LifeCycle),
                ("阶段", Stage),
                ("公司编号", CompanyId),
                ("company name", Company),
                ("account", Company),
                ("公司", Company),
                ("公司名称", Company),
                ("企业名称", Company),
                ("website", CompanyDomain),
                ("domain", CompanyDomain),
                ("网站", CompanyDomain),
                ("行业", Fields.Industry),
                ("employees", Fields.Size),
                ("规模", Fields.Size),
                ("公司规模", Fields.Size),
                ("层级", Fields.Tier),
                ("owner", "owner_name"),
                ("负责人", "owner_name"),
                ("lead source", Source),
                ("来源", Source),
                ("活动", Campaign),
                ("费用", Cost),
                ("币种", Currency),
                ("opt-in", Consent),
                ("同意", Consent),
                ("同意时间", ConsentAt),
                ("更新时间", UpdatedAt),
            }
        )
        .ToFrozenDictionary(pair => pair.Heading, pair => pair.Column, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// What each column of a file says, by position; null where it is passed over. Faults name the column by its heading.
    /// </summary>
    /// <param name="headings">The file's first row.</param>
    /// <param name="map">What the sender says of headings: a column's name, <c>custom.</c> and a name, or <see cref="Ignored"/>.</param>
    /// <param name="faults">Every fault is added.</param>
    public static ImmutableArray<string?> Read(
        IReadOnlyList<string> headings,
        IReadOnlyDictionary<string, string> map,
        List<Diagnostic> faults
    )
    {
        var columns = headings.Select(heading => Find(heading.Trim(), map, faults)).ToImmutableArray();
        foreach (var unused in map.Keys.Where(key => !headings.Any(heading => heading.Trim() == key)))
        {
            faults.Add(new Diagnostic("line 1", $"has no column '{unused}', which is mapped."));
        }

        foreach (
            var twice in columns
                .OfType<string>()
                .GroupBy(name => name, StringComparer.Ordinal)
                .Where(group => group.Count() > 1)
        )
        {
            faults.Add(new Diagnostic("line 1", $"says '{twice.Key}' in {twice.Count()} columns; expected one."));
        }

        if (!columns.Contains(ExternalId) && !columns.Contains(Fields.Email))
        {
            faults.Add(
                new Diagnostic(
                    "line 1",
                    $"has neither a column '{ExternalId}' nor '{Fields.Email}'; expected one of them to know a lead by."
                )
            );
        }

        return columns;
    }

    private static string? Find(string heading, IReadOnlyDictionary<string, string> map, List<Diagnostic> faults)
    {
        var name = map.GetValueOrDefault(heading) ?? Known.GetValueOrDefault(heading) ?? heading;
        if (name == Ignored)
        {
            return null;
        }

        if (All.Contains(name) || IsCustom(name))
        {
            return name;
        }

        faults.Add(
            new Diagnostic(
                $"line 1, column '{heading}'",
                $"'{name}' is not known; expected one of {string.Join(", ", All)}, custom.…, or map it to one of them or to '{Ignored}'."
            )
        );
        return null;
    }

    private static bool IsCustom(string name) =>
        name.StartsWith(Fields.CustomPrefix, StringComparison.Ordinal)
        && name.Length > Fields.CustomPrefix.Length
        && name.Length <= 100
        && !name.Any(char.IsControl);
}
