using System.Collections.Immutable;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Intake.Shapes;

/// <summary>Reads what people have found out: the three facts of a lead's card, and the dossier of a company.</summary>
internal static class SourcedShape
{
    private const int MostEntries = 100;

    /// <summary><c>card</c>: an object of <c>industry</c>, <c>company</c> and <c>person</c>, each <c>{fact, source, at}</c> or null.</summary>
    public static void PutCard(ImmutableDictionary<string, string?>.Builder fields, JsonShape lead)
    {
        if (lead.Object("card") is not { } card)
        {
            return;
        }

        card.AllowOnly([.. Fields.Card]);
        foreach (var name in Fields.Card.Where(card.Has))
        {
            fields[Fields.CardPrefix + name] = card.Object(name) is { } fact ? Read(fact, "fact").ToField() : null;
        }
    }

    /// <summary><c>dossier</c>: an object of sections, each a list of <c>{text, source, at}</c> or null.</summary>
    public static void PutDossier(ImmutableDictionary<string, string?>.Builder fields, JsonShape company)
    {
        if (company.Object("dossier") is not { } dossier)
        {
            return;
        }

        dossier.AllowOnly([.. Fields.Dossier]);
        foreach (var section in Fields.Dossier.Where(dossier.Has))
        {
            var entries = dossier.Objects(section);
            if (entries.Count > MostEntries)
            {
                dossier.Fault(section, $"has {entries.Count} entries; expected at most {MostEntries}.");
            }

            fields[Fields.DossierPrefix + section] =
                entries.Count == 0 ? null : Sourced.ToField([.. entries.Select(entry => Read(entry, "text"))]);
        }
    }

    private static Sourced Read(JsonShape shape, string text)
    {
        shape.AllowOnly(text, "source", "at");
        var at = shape.Instant("at");
        if (at is null && shape.Lacks("at"))
        {
            shape.Fault("at", "is missing; expected since when it is known, such as 2026-01-31T09:30:00Z.");
        }

        return new Sourced(shape.RequiredText(text).Trim(), shape.RequiredText("source").Trim(), at ?? default);
    }
}
