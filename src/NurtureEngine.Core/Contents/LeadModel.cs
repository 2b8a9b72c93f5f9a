using System.Text.Json;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Scriban;

namespace NurtureEngine.Core.Contents;

/// <summary>What a template may read about a lead: <c>lead.</c>, <c>account.</c> and <c>sender.</c>.</summary>
internal sealed class LeadModel(Lead lead, Account? account, Sender sender) : IModel
{
    private readonly DictionaryModel _more = [];

    public LeadModel With(string name, IModel value)
    {
        _more[name] = value;
        return this;
    }

    public bool TryGet(string name, out object? value)
    {
        value = name switch
        {
            "lead" => LeadFields(),
            "account" => new DictionaryModel
            {
                ["name"] = account?.Fields[Fields.Name],
                ["industry"] = account?.Fields[Fields.Industry],
                ["size"] = account?.Fields[Fields.Size],
            },
            "sender" => new DictionaryModel
            {
                ["name"] = sender.Name,
                ["address"] = sender.Address,
                ["company"] = sender.Company,
                ["postal_address"] = sender.PostalAddress,
            },
            _ => _more.GetValueOrDefault(name),
        };
        return value is not null;
    }

    private DictionaryModel LeadFields()
    {
        var model = new DictionaryModel { ["first_name"] = FirstName(lead.Fields[Fields.Name]) };
        var custom = new DictionaryModel();
        var stages = new DictionaryModel();
        foreach (var (field, value) in lead.Fields.Values)
        {
            if (field.StartsWith(Fields.CustomPrefix, StringComparison.Ordinal))
            {
                custom[field[Fields.CustomPrefix.Length..]] = FromJson(value);
            }
            else if (field is not (Fields.Company or Fields.Deleted) && !field.Contains('.', StringComparison.Ordinal))
            {
                model[field] = value;
            }
        }

        foreach (var (cycle, stage) in lead.Stages)
        {
            stages[cycle] = stage.Stage;
        }

        model["custom"] = custom;
        model["stages"] = stages;
        model["owner"] = new DictionaryModel
        {
            ["name"] = lead.Fields["owner.name"],
            ["email"] = lead.Fields["owner.email"],
        };
        return model;
    }

    // Chinese names are written without a space, family name first: they are used whole.
    private static string? FirstName(string? name) =>
        name?.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();

    private static object? FromJson(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind switch
        {
            JsonValueKind.String => document.RootElement.GetString(),
            JsonValueKind.Number when document.RootElement.TryGetInt64(out var whole) => whole,
            JsonValueKind.Number when document.RootElement.TryGetDecimal(out var number) => number,
            JsonValueKind.Number => json,
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };
    }
}
