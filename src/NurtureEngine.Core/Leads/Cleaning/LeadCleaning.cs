using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Core.Leads.Cleaning;

/// <summary>Brings what senders write about a lead into the one form in which it is kept and compared.</summary>
public static class LeadCleaning
{
    /// <summary>The named fields, cleaned; with what the rulebook reads out of them.</summary>
    public static IReadOnlyDictionary<string, string?> Clean(
        IReadOnlyDictionary<string, string?> named,
        Lead lead,
        Rulebook rulebook
    )
    {
        if (named.Count == 0)
        {
            return named;
        }

        var clean = new Dictionary<string, string?>(named, StringComparer.Ordinal);
        Change(
            Fields.Country,
            CountryNames.Normalise,
            code => code is { Length: 2 } && code.All(char.IsAsciiLetterUpper)
        );
        Change(Fields.Language, LanguageTag.Normalise, tag => tag.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
        if (named.GetValueOrDefault(Fields.Email) is { Length: > 0 } email)
        {
            clean[Fields.Email] = DomainName.WithoutFormat(email).Trim();
        }

        var country = clean.GetValueOrDefault(Fields.Country) ?? lead.Fields[Fields.Country];
        CleanPhone(clean, country);
        if (named.TryGetValue(Fields.Title, out var title) && title is not { Length: 0 })
        {
            clean[Fields.RoleByTitle] = rulebook.RoleOf(title);
        }

        foreach (
            var (name, json) in named.Where(field =>
                field.Value is { Length: > 0 } && field.Key.StartsWith(Fields.CustomPrefix, StringComparison.Ordinal)
            )
        )
        {
            if (rulebook.CustomFields.TryGetValue(name[Fields.CustomPrefix.Length..], out var field))
            {
                clean[name] = field.Fit(json!) ?? json;
            }
        }

        return clean;

        // What can't be read says nothing: better what was known, or nothing, than words that no rule understands.
        void Change(string field, Func<string, string> normalise, Func<string, bool> isRead)
        {
            if (named.GetValueOrDefault(field) is not { Length: > 0 } value)
            {
                return;
            }

            if (normalise(value) is var read && isRead(read))
            {
                clean[field] = read;
            }
            else
            {
                clean.Remove(field);
            }
        }
    }

    // A text without a digit says nothing; one that is no number is kept as written, and marked.
    private static void CleanPhone(Dictionary<string, string?> clean, string? country)
    {
        if (!clean.TryGetValue(Fields.Phone, out var text) || text is { Length: 0 })
        {
            return;
        }

        if (text is not null && !text.Any(char.IsDigit))
        {
            clean.Remove(Fields.Phone);
            return;
        }

        var number = text is null ? null : PhoneNumber.Read(text, country);
        clean[Fields.Phone] = number?.Text;
        clean[Fields.PhoneExtension] = number?.Extension;
        clean[Fields.PhoneUnread] = number is { IsNumber: false } ? "true" : null;
    }

    /// <summary>The fields with the name that its parts make, as new as the newer of them.</summary>
    public static FieldSet WithName(FieldSet fields)
    {
        var given = fields.Stamps.GetValueOrDefault(Fields.GivenName);
        var family = fields.Stamps.GetValueOrDefault(Fields.FamilyName);
        return given == default && family == default
            ? fields
            : fields.With(
                [new(Fields.Name, FullName(fields[Fields.GivenName], fields[Fields.FamilyName]))],
                given.Replaces(family) ? given : family
            );
    }

    // Chinese, Japanese and Korean names are written family name first, without a space.
    private static string FullName(string? given, string? family) =>
        given is not null && family is not null && family.All(c => c >= 0x2E80)
            ? family + given
            : $"{given} {family}".Trim();

    /// <summary>The first custom field whose value is none that the rulebook lets it have, with what is expected; null where all are.</summary>
    public static string? FaultOf(IReadOnlyDictionary<string, string?> named, Rulebook rulebook) =>
        rulebook.CustomFields.IsEmpty
            ? null
            : named
                .Where(field =>
                    field.Value is { Length: > 0 }
                    && field.Key.StartsWith(Fields.CustomPrefix, StringComparison.Ordinal)
                )
                .Select(field =>
                    rulebook.CustomFields.TryGetValue(field.Key[Fields.CustomPrefix.Length..], out var custom)
                    && custom.Fit(field.Value!) is null
                        ? $"{field.Key[Fields.CustomPrefix.Length..]}: expected {custom.Expected}"
                        : null
                )
                .FirstOrDefault(fault => fault is not null);
}
