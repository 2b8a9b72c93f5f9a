using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Intake.Imports;

/// <summary>Which column of a file says what: by its heading in English or Chinese, or as its sender maps it.</summary>
public static partial class ImportHeadings
{
    /// <summary>What a column may be mapped to that nobody wants to read.</summary>
    public const string Ignored = "-";

    private static readonly FrozenDictionary<string, string> Known = ImportColumns
        .All.Select(name => (Heading: name, Column: name))
        .Concat(
            new (string Heading, string Column)[]
            {
                ("id", ImportColumns.ExternalId),
                ("crm id", ImportColumns.ExternalId),
                ("编号", ImportColumns.ExternalId),
                ("客户编号", ImportColumns.ExternalId),
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
                ("生命周期", ImportColumns.LifeCycle),
                ("lifecycle", ImportColumns.LifeCycle),
                ("阶段", ImportColumns.Stage),
                ("公司编号", ImportColumns.CompanyId),
                ("company name", ImportColumns.Company),
                ("account", ImportColumns.Company),
                ("公司", ImportColumns.Company),
                ("公司名称", ImportColumns.Company),
                ("企业名称", ImportColumns.Company),
                ("website", ImportColumns.CompanyDomain),
                ("domain", ImportColumns.CompanyDomain),
                ("网站", ImportColumns.CompanyDomain),
                ("行业", Fields.Industry),
                ("employees", Fields.Size),
                ("规模", Fields.Size),
                ("公司规模", Fields.Size),
                ("层级", Fields.Tier),
                ("owner", "owner_name"),
                ("负责人", "owner_name"),
                ("lead source", ImportColumns.Source),
                ("来源", ImportColumns.Source),
                ("活动", ImportColumns.Campaign),
                ("费用", ImportColumns.Cost),
                ("币种", ImportColumns.Currency),
                ("opt-in", ImportColumns.Consent),
                ("同意", ImportColumns.Consent),
                ("同意时间", ImportColumns.ConsentAt),
                ("更新时间", ImportColumns.UpdatedAt),
            }
        )
        .Concat(ForeignHeadings.All)
        .ToFrozenDictionary(pair => pair.Heading, pair => pair.Column, StringComparer.OrdinalIgnoreCase);

    /// <summary>A heading without what nobody sees, and without the mark of what must be filled in.</summary>
    public static string Clean(string heading)
    {
        const string required = "(必填)";
        // Spreadsheets keep blanks that are twice, or that do not break.
        var text = string.Join(
            ' ',
            DomainName.WithoutFormat(heading).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        );
        return text.EndsWith(required, StringComparison.Ordinal) ? text[..^required.Length].Trim() : text;
    }

    /// <summary>
    /// What each column of a file says, by position; null where it is passed over, or has no heading. Faults name the column by its heading.
    /// </summary>
    /// <param name="headings">The file's first row.</param>
    /// <param name="options">What the sender says of headings: a column's name, <c>custom.</c> and a name, or <see cref="Ignored"/>.</param>
    /// <param name="faults">Every fault is added.</param>
    public static ImmutableArray<string?> Read(
        IReadOnlyList<string> headings,
        ImportOptions options,
        List<Diagnostic> faults
    )
    {
        var clean = headings.Select(Clean).ToList();
        var columns = clean.Select(heading => Find(heading, options, faults)).ToImmutableArray();
        foreach (
            var unused in options.Map.Keys.Where(key => !clean.Contains(Clean(key), StringComparer.OrdinalIgnoreCase))
        )
        {
            faults.Add(new Diagnostic("line 1", $"has no column '{unused}', which is mapped."));
        }

        foreach (
            var twice in clean
                .Zip(columns)
                .Where(pair => pair.Second is not null)
                .GroupBy(pair => pair.Second!, pair => pair.First, StringComparer.Ordinal)
                // A refusal in one column is a refusal.
                .Where(group => group.Count() > 1 && group.Key != ImportColumns.OptOut)
        )
        {
            var other = twice.Last();
            faults.Add(
                new Diagnostic(
                    "line 1",
                    $"says '{twice.Key}' in the columns {string.Join(" and ", twice.Select(heading => $"'{heading}'"))}; expected one: map the other to a field of its own ('{other}=custom.…') or pass it over ('{other}={Ignored}')."
                )
            );
        }

        if (!columns.Contains(ImportColumns.ExternalId) && !columns.Contains(Fields.Email))
        {
            faults.Add(
                new Diagnostic(
                    "line 1",
                    $"has neither a column '{ImportColumns.ExternalId}' nor '{Fields.Email}'; expected one of them to know a lead by."
                )
            );
        }

        return columns;
    }

    private static string? Find(string heading, ImportOptions options, List<Diagnostic> faults)
    {
        if (heading.Length == 0)
        {
            return null;
        }

        var mapped = options
            .Map.FirstOrDefault(pair => string.Equals(Clean(pair.Key), heading, StringComparison.OrdinalIgnoreCase))
            .Value;
        var name = mapped ?? Known.GetValueOrDefault(heading) ?? heading;
        if (name == Ignored)
        {
            return null;
        }

        if (ImportColumns.All.Contains(name) || name == ImportColumns.OptOut || IsCustom(name))
        {
            return name;
        }

        // A column that may hold refusals is never passed over by itself.
        var mayRefuse = Refusal().IsMatch(heading);
        if (mapped is null && options.PassesOthers && !mayRefuse)
        {
            return null;
        }

        if (mapped is null && mayRefuse)
        {
            faults.Add(
                new Diagnostic(
                    $"line 1, column '{heading}'",
                    $"may say who wants no e-mail, and is not passed over by itself; map it ('{heading}={ImportColumns.OptOut}'), or pass over it by name ('{heading}={Ignored}')."
                )
            );
            return null;
        }

        faults.Add(
            new Diagnostic(
                $"line 1, column '{heading}'",
                $"'{name}' is not known; expected one of {string.Join(", ", ImportColumns.All)}, custom.…, or map it to one of them or to '{Ignored}', or pass over all such columns (others: pass)."
            )
        );
        return null;
    }

    [GeneratedRegex(
        "opt.?(ed)?.?out|unsubscri|do.?not.?(e-?mail|contact|mail)|suspended|black.?list|e-?mail.?invalid|invalid.?e-?mail|abgemeldet|abbestell|subscription.?status|gdpr|dsgvo|désabonn|désinscri|退订|拒收|不联系",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Refusal();

    private static bool IsCustom(string name) =>
        name.StartsWith(Fields.CustomPrefix, StringComparison.Ordinal)
        && name.Length > Fields.CustomPrefix.Length
        && name.Length <= 100
        && !name.Any(char.IsControl);
}
