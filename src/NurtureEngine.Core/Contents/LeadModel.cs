using System.Text.Json;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Core.Contents;

/// <summary>
/// What a template or condition may read about a lead: <c>lead.</c>, <c>account.</c> and <c>sender.</c>. Nothing is copied;
/// a field is looked up when it is read.
/// </summary>
public sealed class LeadModel(Lead lead, Account? account, Sender sender) : IModel
{
    private IModel? _lead;
    private IModel? _account;
    private IModel? _sender;
    private DictionaryModel? _more;

    /// <summary>Adds a name of the caller's own beside the others, and returns this model.</summary>
    public LeadModel With(string name, IModel value)
    {
        (_more ??= [])[name] = value;
        return this;
    }

    public bool TryGet(string name, out object? value)
    {
        value = name switch
        {
            "lead" => _lead ??= new LeadFields(lead),
            "account" => _account ??= new AccountFields(account),
            "sender" => _sender ??= new SenderFields(sender),
            _ => _more?.GetValueOrDefault(name),
        };
        return value is not null;
    }

    private sealed class AccountFields(Account? account) : IModel
    {
        public bool TryGet(string name, out object? value)
        {
            value = name switch
            {
                Fields.Name or Fields.Industry or Fields.Country or Fields.Domain => account?.Fields[name],
                Fields.Size => WrittenNumber.Of(account?.Fields[name]),
                "dossier" => account is null ? null : new DossierFields(account),
                _ => null,
            };
            return value is not null;
        }
    }

    // The latest entry of a section: what a first sentence would be about.
    private sealed class DossierFields(Account account) : IModel
    {
        public bool TryGet(string name, out object? value)
        {
            value = Sourced.AllOf(account.Fields[Fields.DossierPrefix + name]).MaxBy(entry => entry.At)?.Text;
            return value is not null;
        }
    }

    private sealed class SenderFields(Sender sender) : IModel
    {
        public bool TryGet(string name, out object? value)
        {
            value = name switch
            {
                "name" => sender.Name,
                "address" => sender.Address,
                "company" => sender.Company,
                "postal_address" => sender.PostalAddress,
                _ => null,
            };
            return value is not null;
        }
    }
}

/// <summary>The fields of a lead, under the names that templates use.</summary>
internal sealed class LeadFields(Lead lead) : IModel
{
    public bool TryGet(string name, out object? value)
    {
        value = name switch
        {
            "first_name" => PersonName.Given(lead.Fields[Fields.GivenName])
                ?? PersonName.First(
                    lead.Fields[Fields.Name],
                    lead.Fields[Fields.Language],
                    lead.Fields[Fields.FamilyName]
                ),
            "custom" => new CustomFields(lead),
            "stages" => new StageFields(lead),
            "owner" => new GroupFields(lead, "owner.", Owner),
            "acquisition" => new GroupFields(lead, "acquisition.", Acquisition),
            Fields.Score => lead.Score,
            "evidence" => new EvidenceFields(lead),
            "card" => new CardFields(lead),
            "tags" => lead.Fields[Fields.Tags] is { } tags ? JsonSerializer.Deserialize<string[]>(tags) : null,
            Fields.Role => lead.Role,
            Fields.Company or Fields.Deleted => null,
            _ => lead.Fields[name],
        };
        return value is not null;
    }

    private sealed class CustomFields(Lead lead) : IModel
    {
        public bool TryGet(string name, out object? value)
        {
            value = lead.Fields[Fields.CustomPrefix + name] is { } json ? FromJson(json) : null;
            return value is not null;
        }
    }

    private sealed class CardFields(Lead lead) : IModel
    {
        public bool TryGet(string name, out object? value)
        {
            value = Sourced.Of(lead.Fields[Fields.CardPrefix + name])?.Text;
            return value is not null;
        }
    }

    private sealed class StageFields(Lead lead) : IModel
    {
        public bool TryGet(string name, out object? value)
        {
            value = lead.Stages.GetValueOrDefault(name)?.Stage;
            return value is not null;
        }
    }

    private sealed class EvidenceFields(Lead lead) : IModel
    {
        public bool TryGet(string name, out object? value)
        {
            value = Evidence.Of(lead, name) is { } evidence ? new EvidenceModel(evidence) : null;
            return value is not null;
        }
    }

    private sealed class EvidenceModel(Evidence evidence) : IModel
    {
        public bool TryGet(string name, out object? value)
        {
            value = name switch
            {
                "fact" => evidence.Fact,
                "source" => evidence.Source,
                "at" => evidence.At,
                _ => null,
            };
            return value is not null;
        }
    }

    private static readonly string[] Owner = ["name", "email"];
    private static readonly string[] Acquisition = ["source", "campaign"];

    private sealed class GroupFields(Lead lead, string prefix, string[] members) : IModel
    {
        public bool TryGet(string name, out object? value)
        {
            value = members.Contains(name) ? lead.Fields[prefix + name] : null;
            return value is not null;
        }
    }

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
