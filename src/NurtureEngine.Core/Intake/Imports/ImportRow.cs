using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Intake.Imports;

/// <summary>Reads one row of a file and names every fault by line and column.</summary>
public sealed class ImportRow(
    ImmutableArray<string?> columns,
    IReadOnlyList<string> headings,
    ImportOptions options,
    Rulebook rulebook
)
{
    private const int MostText = 2_000;
    private static readonly string[] Yes = ["yes", "y", "true", "1", "是", "同意"];
    private static readonly string[] No = ["no", "n", "false", "0", "否", "不同意"];

    /// <summary>The lead; null, with at least one fault, where the row is bad. An empty cell says nothing.</summary>
    public ImportedLead? Read(long line, IReadOnlyList<string> cells, List<Diagnostic> faults)
    {
        var before = faults.Count;
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i] is { } column && i < cells.Count && Bare(cells[i].Trim()) is { Length: > 0 } cell)
            {
                said[column] = cell;
                if (cell.Length > MostText || cell.Contains('\0', StringComparison.Ordinal))
                {
                    Fault(column, $"has {cell.Length} characters; expected at most {MostText}, none of them NUL.");
                }
            }
        }

        if (cells.Count > columns.Length)
        {
            faults.Add(new Diagnostic($"line {line}", $"has {cells.Count} cells; expected {columns.Length}."));
        }

        var at = Moment(ImportColumns.UpdatedAt) ?? options.At;
        var (source, id) = KeyOf();
        var lead = new ImportedLead(line, source, id, at)
        {
            Fields = FieldsOf(),
            CompanyId = CompanyOf(),
            Company = CompanyFields(),
            Consents = ConsentOf(at),
            LifeCycle = said.GetValueOrDefault(ImportColumns.LifeCycle),
            Stage = StageOf(),
            IsQuiet = !options.StartsTracks,
        };
        if (LeadCleaning.FaultOf(lead.Fields, rulebook) is { } custom)
        {
            Fault(Fields.CustomPrefix + custom.Split(':')[0], custom);
        }

        return faults.Count == before ? lead : null;

        void Fault(string column, string message)
        {
            var index = columns.IndexOf(column);
            faults.Add(
                new Diagnostic($"line {line}, column '{(index < 0 ? column : headings[index].Trim())}'", message)
            );
        }

        (string Source, string Id) KeyOf()
        {
            if (said.TryGetValue(ImportColumns.ExternalId, out var externalId))
            {
                if (externalId.Length > JsonShape.MaxId)
                {
                    Fault(
                        ImportColumns.ExternalId,
                        $"has {externalId.Length} characters; expected at most {JsonShape.MaxId}."
                    );
                }

                return (options.Source, externalId);
            }

            if (said.TryGetValue(Fields.Email, out var email))
            {
                return (ExternalKey.ByAddress, EmailAddress.Normalise(email));
            }

            faults.Add(
                new Diagnostic($"line {line}", "names neither an id nor an e-mail address; expected one of them.")
            );
            return ("", "");
        }

        Dictionary<string, string?> FieldsOf()
        {
            var fields = new Dictionary<string, string?>(StringComparer.Ordinal);
            foreach (var (column, text) in said)
            {
                if (column.StartsWith(Fields.CustomPrefix, StringComparison.Ordinal))
                {
                    fields[column] = JsonSerializer.Serialize(text);
                }
                else if (Plain.TryGetValue(column, out var field))
                {
                    fields[field] = text;
                }
            }

            if (CompanyOf() is { } named)
            {
                fields[Fields.Company] = named;
            }

            if (said.TryGetValue(Fields.Email, out var email) && !EmailAddress.IsValid(email))
            {
                Fault(Fields.Email, $"'{email}' is no e-mail address; expected one such as ann@example.com.");
            }

            if (said.TryGetValue(Fields.TimeZone, out var zone) && Zones.Find(zone) is null)
            {
                Fault(Fields.TimeZone, $"'{zone}' is no time zone; expected an IANA name such as Europe/Berlin.");
            }

            if (said.TryGetValue(Fields.Tags, out var tags))
            {
                fields[Fields.Tags] = JsonSerializer.Serialize(
                    tags.Split([';', '；', '|'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                        .Distinct(StringComparer.OrdinalIgnoreCase)
                );
            }

            if (said.TryGetValue(ImportColumns.Cost, out var cost))
            {
                var currency = said.GetValueOrDefault(ImportColumns.Currency)?.ToUpperInvariant();
                if (
                    !decimal.TryParse(cost, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount)
                    || amount < 0
                )
                {
                    Fault(ImportColumns.Cost, $"'{cost}' is no amount; expected a number such as 12.5.");
                }
                else if (currency is not { Length: 3 } || !currency.All(char.IsAsciiLetterUpper))
                {
                    Fault(
                        ImportColumns.Currency,
                        "is missing or none; expected three letters (ISO 4217), such as EUR."
                    );
                }
                else
                {
                    fields["acquisition.cost"] = string.Create(CultureInfo.InvariantCulture, $"{amount} {currency}");
                }
            }

            return fields;
        }

        string? CompanyOf() =>
            said.TryGetValue(ImportColumns.CompanyId, out var companyId)
                ? new ExternalKey(options.Source, Cut(companyId)).ToString()
            : said.TryGetValue(ImportColumns.Company, out var name)
                ? new ExternalKey(options.Source, "name:" + Cut(name.ToUpperInvariant())).ToString()
            : null;

        Dictionary<string, string?>? CompanyFields()
        {
            if (said.TryGetValue(Fields.Tier, out var tier) && !Enum.GetNames<Tier>().Contains(tier))
            {
                Fault(
                    Fields.Tier,
                    $"'{tier}' is not known; expected one of {string.Join(", ", Enum.GetNames<Tier>())}."
                );
            }

            var company = OfCompany
                .Where(pair => said.ContainsKey(pair.Column))
                .ToDictionary(pair => pair.Field, pair => (string?)said[pair.Column]);
            if (company.Count > 0 && CompanyOf() is null)
            {
                faults.Add(
                    new Diagnostic(
                        $"line {line}",
                        "tells of a company that it does not name; expected 'company' or 'company_id' too."
                    )
                );
            }

            return company.Count == 0 ? null : company;
        }

        List<Consent>? ConsentOf(DateTimeOffset known)
        {
            var given = said.GetValueOrDefault(ImportColumns.Consent);
            bool? granted =
                given is null ? (options.ConsentProof is null ? null : true)
                : Yes.Contains(given, StringComparer.OrdinalIgnoreCase) ? true
                : No.Contains(given, StringComparer.OrdinalIgnoreCase) ? false
                : null;
            if (given is not null && granted is null)
            {
                Fault(ImportColumns.Consent, $"'{given}' is neither yes nor no.");
            }

            return granted is null
                ? null
                :
                [
                    new Consent(
                        Channel.Email,
                        Consent.Marketing,
                        granted.Value,
                        options.ConsentProof ?? $"import:{options.Source}",
                        Moment(ImportColumns.ConsentAt) ?? known
                    ),
                ];
        }

        string? StageOf()
        {
            if (!said.TryGetValue(ImportColumns.Stage, out var stage))
            {
                return null;
            }

            var named = said.GetValueOrDefault(ImportColumns.LifeCycle);
            if (rulebook.FindLifeCycle(named) is not { } cycle)
            {
                Fault(
                    ImportColumns.LifeCycle,
                    $"'{named}' is not known; expected one of {string.Join(", ", rulebook.LifeCycles.Select(known => known.Name))}."
                );
            }
            else if (cycle.FindStage(stage) is null)
            {
                Fault(
                    ImportColumns.Stage,
                    $"'{stage}' is not known; expected one of {string.Join(", ", cycle.Stages.Select(known => known.Name))}."
                );
            }

            return stage;
        }

        DateTimeOffset? Moment(string column)
        {
            if (!said.TryGetValue(column, out var text))
            {
                return null;
            }

            if (IsoInstant.TryParse(text, out var at))
            {
                return Past(at);
            }

            if (
                DateOnly.TryParseExact(
                    text,
                    "yyyy-MM-dd",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out var day
                )
            )
            {
                return Past(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero));
            }

            Fault(
                column,
                $"'{text}' is no date; expected one such as 2026-01-31, or an instant such as 2026-01-31T09:30:00Z."
            );
            return null;
        }

        // Word from the future would outlast every later one until its day came.
        DateTimeOffset Past(DateTimeOffset at) => at < options.At ? at : options.At;
    }

    // Spreadsheets are kept from taking a cell for a formula by an apostrophe, which is no part of it.
    private static string Bare(string cell) =>
        cell is ['\'', '=' or '+' or '-' or '@' or '\t' or '\r', ..] ? cell[1..] : cell;

    private static readonly Dictionary<string, string> Plain = new[]
    {
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
    }
        .Select(field => (Column: field, Field: field))
        .Concat(
            new (string Column, string Field)[]
            {
                ("owner_id", "owner.externalId"),
                ("owner_name", "owner.name"),
                ("owner_email", "owner.email"),
                (ImportColumns.Source, "acquisition.source"),
                (ImportColumns.Campaign, "acquisition.campaign"),
            }
        )
        .ToDictionary(pair => pair.Column, pair => pair.Field, StringComparer.Ordinal);

    private static readonly (string Column, string Field)[] OfCompany =
    [
        (ImportColumns.Company, Fields.Name),
        (ImportColumns.CompanyDomain, Fields.Domain),
        (Fields.Industry, Fields.Industry),
        (Fields.Size, Fields.Size),
        (Fields.Tier, Fields.Tier),
    ];

    private static string Cut(string text) => text[..Math.Min(text.Length, JsonShape.MaxId)];
}
