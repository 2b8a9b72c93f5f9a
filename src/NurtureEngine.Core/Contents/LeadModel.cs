using System.Text.Json;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Scriban;

namespace NurtureEngine.Core.Contents;

/// <summary>
/// What a template or condition may read about a lead: <c>lead.</c>, <c>account.</c> and <c>sender.</c>. Nothing is copied;
/// a field is looked up when it is read.
/// </summary>
public sealed class LeadModel(Lead lead, Account? account, Sender sender) : IModel
{
    private FieldModel? _lead;
    private FieldModel? _account;
    private FieldModel? _sender;
    private DictionaryModel? _more;

    /// <summary>Adds a name of the caller's own beside the others.</summary>
    public LeadModel With(string name, IModel value)
    {
        (_more ??= [])[name] = value;
        return this;
    }

    public bool TryGet(string name, out object? value)
    {
        value = name switch
        {
            "lead" => _lead ??= new FieldModel(new LeadFields(lead).Find),
            "account" => _account ??= new FieldModel(OfAccount),
            "sender" => _sender ??= new FieldModel(OfSender),
            _ => _more?.GetValueOrDefault(name),
        };
        return value is not null;
    }

    private object? OfAccount(string name) =>
        name is Fields.Name or Fields.Industry or Fields.Size ? account?.Fields[name] : null;

    private object? OfSender(string name) =>
        name switch
        {
            "name" => sender.Name,
            "address" => sender.Address,
            "company" => sender.Company,
            "postal_address" => sender.PostalAddress,
            _ => null,
        };
}

/// <summary>The fields of a lead, under the names that templates use.</summary>
internal sealed class LeadFields(Lead lead)
{
    public object? Find(string name) =>
        name switch
        {
            "first_name" => FirstName(lead.Fields[Fields.Name]),
            "custom" => new FieldModel(field =>
                lead.Fields[Fields.CustomPrefix + field] is { } json ? FromJson(json) : null
            ),
            "stages" => new FieldModel(cycle => lead.Stages.GetValueOrDefault(cycle)?.Stage),
            "owner" => new FieldModel(field => lead.Fields["owner." + field]),
            Fields.Company or Fields.Deleted => null,
            _ => lead.Fields[name],
        };

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

/// <summary>A model whose fields are found by a rule; what the rule finds nothing for is no field.</summary>
internal sealed class FieldModel(Func<string, object?> find) : IModel
{
    public bool TryGet(string name, out object? value)
    {
        value = find(name);
        return value is not null;
    }
}
