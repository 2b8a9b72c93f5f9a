using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Cleaning;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Core.Intake.Imports;

/// <summary>Reads one row of a file and names every fault by line and column.</summary>
public sealed class ImportRow(
    ImmutableArray<string?> columns,
    IReadOnlyList<string> headings,
    ImportOptions options,
    Rulebook rulebook
)
{
    /// <summary>The lead; null, with at least one fault, where the row is bad. An empty cell says nothing.</summary>
    public ImportedLead? Read(long line, IReadOnlyList<string> cells, List<Diagnostic> faults)
    {
        var before = faults.Count;
        var said = new ImportCells(line, columns, headings, cells, options.PassesOthers, faults);
        var at = said.Moment(ImportColumns.UpdatedAt, options.At) ?? options.At;
        var (source, id) = KeyOf(said);
        Translate(said);
        var company = CompanyOf(said);
        var lead = new ImportedLead(line, source, id, at)
        {
            Fields = FieldsOf(said, company),
            CompanyId = company,
            Company = CompanyFields(said, company),
            Consents = ImportConsent.Of(said, options, at),
            LifeCycle = said[ImportColumns.LifeCycle],
            Stage = StageOf(said),
            IsQuiet = !options.StartsTracks,
        };
        if (LeadCleaning.FaultOf(lead.Fields, rulebook) is { } custom)
        {
            said.Fault(Fields.CustomPrefix + custom.Split(':')[0], custom);
        }

        return faults.Count == before ? lead : null;
    }

    // HubSpot's words for roles, and the first of a contact's companies: its list begins with the primary one.
    private void Translate(ImportCells said)
    {
        if (said[Fields.Role] is { } role && said.HeadingOf(Fields.Role) == ForeignHeadings.HubSpotRole)
        {
            said.Set(Fields.Role, rulebook.HubSpot.RoleOf(role) ?? role);
        }

        foreach (var column in new[] { ImportColumns.CompanyId, ImportColumns.Company })
        {
            if (
                said[column] is { } companies
                && said.HeadingOf(column)!.StartsWith(ForeignHeadings.HubSpotCompanies, StringComparison.Ordinal)
            )
            {
                said.Set(column, companies.Split(';')[0].Trim());
            }
        }
    }

    private (string Source, string Id) KeyOf(ImportCells said)
    {
        if (said[ImportColumns.ExternalId] is { } externalId)
        {
            if (externalId.Length > JsonShape.MaxId)
            {
                said.Fault(
                    ImportColumns.ExternalId,
                    $"has {externalId.Length} characters; expected at most {JsonShape.MaxId}."
                );
            }

            return (options.Source, externalId);
        }

        if (said[Fields.Email] is { } email)
        {
            return (ExternalKey.ByAddress, EmailAddress.Identity(email));
        }

        said.Fault("names neither an id nor an e-mail address; expected one of them.");
        return ("", "");
    }

    private static Dictionary<string, string?> FieldsOf(ImportCells said, string? company)
    {
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (column, text) in said.All)
        {
            if (column.StartsWith(Fields.CustomPrefix, StringComparison.Ordinal))
            {
                fields[column] = JsonSerializer.Serialize(text);
            }
            else if (ImportColumns.OfLead.TryGetValue(column, out var field))
            {
                fields[field] = text;
            }
        }

        if (company is not null)
        {
            fields[Fields.Company] = company;
        }

        if (said[Fields.Email] is { } email && !EmailAddress.IsValid(email))
        {
            said.Fault(Fields.Email, $"'{email}' is no e-mail address; expected one such as ann@example.com.");
        }

        if (said[Fields.TimeZone] is { } zone && Zones.Find(zone) is null)
        {
            said.Fault(Fields.TimeZone, $"'{zone}' is no time zone; expected an IANA name such as Europe/Berlin.");
        }

        if (said[Fields.Tags] is { } tags)
        {
            fields[Fields.Tags] = JsonSerializer.Serialize(
                tags.Split([';', '；', '|'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Distinct(StringComparer.OrdinalIgnoreCase)
            );
        }

        if (CostOf(said) is { } cost)
        {
            fields["acquisition.cost"] = cost;
        }

        return fields;
    }

    private static string? CostOf(ImportCells said)
    {
        if (said[ImportColumns.Cost] is not { } cost)
        {
            return null;
        }

        if (!decimal.TryParse(cost, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount) || amount < 0)
        {
            said.Fault(ImportColumns.Cost, $"'{cost}' is no amount; expected a number such as 12.5.");
            return null;
        }

        var currency = said[ImportColumns.Currency]?.ToUpperInvariant();
        if (currency is not { Length: 3 } || !currency.All(char.IsAsciiLetterUpper))
        {
            said.Fault(ImportColumns.Currency, "is missing or none; expected three letters (ISO 4217), such as EUR.");
            return null;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{amount} {currency}");
    }

    private string? CompanyOf(ImportCells said) =>
        said[ImportColumns.CompanyId] is { } companyId ? new ExternalKey(options.Source, Cut(companyId)).ToString()
        : said[ImportColumns.Company] is { } name
            ? new ExternalKey(options.Source, "name:" + Cut(name.ToUpperInvariant())).ToString()
        : null;

    private static Dictionary<string, string?>? CompanyFields(ImportCells said, string? company)
    {
        if (said[Fields.Tier] is { } tier && !Enum.GetNames<Tier>().Contains(tier))
        {
            said.Fault(
                Fields.Tier,
                $"'{tier}' is not known; expected one of {string.Join(", ", Enum.GetNames<Tier>())}."
            );
        }

        var fields = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (column, text) in said.All)
        {
            if (ImportColumns.OfCompany.TryGetValue(column, out var field))
            {
                fields[field] = text;
            }
        }

        if (fields.Count > 0 && company is null)
        {
            said.Fault("tells of a company that it does not name; expected 'company' or 'company_id' too.");
        }

        return fields.Count == 0 ? null : fields;
    }

    private string? StageOf(ImportCells said)
    {
        if (said[ImportColumns.Stage] is not { } told)
        {
            return null;
        }

        // HubSpot's export writes its stages out ("Marketing Qualified Lead"); another list's "Customer" is not HubSpot's.
        var stage =
            said.HeadingOf(ImportColumns.Stage) == ForeignHeadings.HubSpotStage
                ? rulebook.HubSpot.Stages.GetValueOrDefault(told.Replace(" ", "", StringComparison.Ordinal), told)
                : told;

        var named = said[ImportColumns.LifeCycle];
        if (rulebook.FindLifeCycle(named) is not { } cycle)
        {
            said.Fault(
                ImportColumns.LifeCycle,
                $"'{named}' is not known; expected one of {string.Join(", ", rulebook.LifeCycles.Select(known => known.Name))}."
            );
        }
        else if (cycle.FindStage(stage) is not { } found)
        {
            said.Fault(
                ImportColumns.Stage,
                $"'{told}' is not known; expected one of {string.Join(", ", cycle.Stages.Select(known => known.Name))}."
            );
        }
        else
        {
            return found.Name;
        }

        return null;
    }

    private static string Cut(string text) => text[..Math.Min(text.Length, JsonShape.MaxId)];
}
