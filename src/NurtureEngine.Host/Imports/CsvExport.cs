using System.Globalization;
using System.Text.Json;
using CsvHelper;
using NurtureEngine.Core.Intake.Imports;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Consents;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Host.Imports;

/// <summary>Writes leads in the columns that an import reads, so that what went out can come in again and changes nothing.</summary>
internal static class CsvExport
{
    // Spreadsheets take a cell that begins so for a formula, and would run what a stranger wrote (OWASP, CSV injection).
    private const string Formula = "=+-@\t\r";

    public static async Task WriteAsync(
        LeadExport leads,
        string source,
        LeadReach reach,
        Rulebook rulebook,
        TextWriter text,
        CancellationToken cancellationToken
    )
    {
        await using var csv = new CsvWriter(text, CultureInfo.InvariantCulture, leaveOpen: true);
        var custom = await leads.FindCustomFieldsAsync(cancellationToken);
        foreach (var column in ImportColumns.All.Concat(custom))
        {
            csv.WriteField(column);
        }

        await csv.NextRecordAsync();
        await foreach (var row in leads.ReadAsync(source, rulebook.LifeCycles[0].Name, reach, cancellationToken))
        {
            var fields = JsonSerializer.Deserialize<Dictionary<string, string>>(row.Fields)!;
            var account = row is { HasCompany: true, AccountFields: { } json }
                ? JsonSerializer.Deserialize<Dictionary<string, string>>(json)!
                : [];
            foreach (var column in ImportColumns.All)
            {
                csv.WriteField(Safe(CellOf(column, row, fields, account)));
            }

            foreach (var column in custom)
            {
                csv.WriteField(Safe(fields.GetValueOrDefault(column) is { } value ? Plain(value) : null));
            }

            await csv.NextRecordAsync();
        }
    }

    private static string? CellOf(
        string column,
        ExportRow row,
        Dictionary<string, string> fields,
        Dictionary<string, string> account
    ) =>
        column switch
        {
            ImportColumns.ExternalId => row.ExternalId,
            Fields.Tags => fields.GetValueOrDefault(column) is { } tags
                ? string.Join(';', JsonSerializer.Deserialize<string[]>(tags)!)
                : null,
            ImportColumns.LifeCycle => row.LifeCycle,
            ImportColumns.Stage => row.Stage,
            ImportColumns.CompanyId => row.CompanyId,
            ImportColumns.Company => account.GetValueOrDefault(Fields.Name),
            ImportColumns.CompanyDomain => account.GetValueOrDefault(Fields.Domain),
            Fields.Industry or Fields.Size or Fields.Tier => account.GetValueOrDefault(Fields.Name) is null
            && row.CompanyId is null
                ? null
                : account.GetValueOrDefault(column),
            "owner_id" => fields.GetValueOrDefault("owner.externalId"),
            "owner_name" => fields.GetValueOrDefault("owner.name"),
            "owner_email" => fields.GetValueOrDefault("owner.email"),
            ImportColumns.Source => fields.GetValueOrDefault("acquisition.source"),
            ImportColumns.Campaign => fields.GetValueOrDefault("acquisition.campaign"),
            ImportColumns.Cost => fields.GetValueOrDefault("acquisition.cost")?.Split(' ')[0],
            ImportColumns.Currency => fields.GetValueOrDefault("acquisition.cost")?.Split(' ') is [_, var currency]
                ? currency
                : null,
            ImportColumns.Consent => row.Granted switch
            {
                true => "yes",
                false => "no",
                _ => null,
            },
            ImportColumns.ConsentAt => row.ConsentAt == Consent.Undated
                ? null
                : row.ConsentAt?.UtcDateTime.ToString("O"),
            ImportColumns.UpdatedAt => null,
            _ => fields.GetValueOrDefault(column),
        };

    private static string Plain(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ToString();
    }

    // A telephone number begins with a plus, and is none.
    private static string? Safe(string? cell) =>
        cell is { Length: > 0 }
        && Formula.Contains(cell[0], StringComparison.Ordinal)
        && !decimal.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? "'" + cell
            : cell;
}
