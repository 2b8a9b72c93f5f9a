using System.Collections.Immutable;
using System.Text.Json;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Intake.Shapes;

/// <summary>Reads the <c>company</c> of a webhook: an absent field says nothing, null clears.</summary>
internal static class CompanyShape
{
    public static CompanyPatch? Read(string source, JsonShape owner)
    {
        if (owner.Object("company") is not { } company)
        {
            return null;
        }

        var fields = ImmutableDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
        Put(Fields.Name, company.Text("name"));
        Put(Fields.Industry, company.Text("industry"));
        Put(
            Fields.Size,
            company.Raw("size") is { ValueKind: JsonValueKind.Number } size ? size.GetRawText() : company.Text("size")
        );
        Put(Fields.Tier, company.Choice("tier", Enum.GetNames<Tier>()));
        Put(Fields.Country, company.Text("country"));
        Put(Fields.Domain, company.Text("domain"));
        SourcedShape.PutDossier(fields, company);
        if (company.Id("externalId") is { Length: > 0 } externalId)
        {
            return new CompanyPatch(new ExternalKey(source, externalId), fields.ToImmutable());
        }

        if (fields.GetValueOrDefault(Fields.Name) is { Length: > 0 } name)
        {
            // A source without company ids is taken at its word that equal names are one company.
            var key = name.ToUpperInvariant();
            return new CompanyPatch(
                new ExternalKey(source, "name:" + key[..Math.Min(key.Length, JsonShape.MaxId)]),
                fields.ToImmutable()
            );
        }

        company.Fault("externalId", "is missing; expected the company's id, or at least its 'name'.");
        return null;

        void Put(string name, string? value)
        {
            if (company.Has(name))
            {
                fields[name] = value?.Trim();
            }
        }
    }
}
