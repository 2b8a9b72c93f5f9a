using NurtureEngine.Core.Leads;
using NurtureEngine.Pages.People;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Host.Identity.People;

/// <summary>Reads how a person is reached and what they see from a form.</summary>
internal static class PersonDetailsReader
{
    private static readonly char[] Between = [',', ';', ' ', '，', '、'];

    /// <summary>The details, and all that is wrong with them, as codes.</summary>
    public static PersonDetails Read(PersonDetailsLine line, out IReadOnlyList<string> faults)
    {
        var found = new List<string>();
        var countries = line
            .Countries.Split(Between, StringSplitOptions.RemoveEmptyEntries)
            .Select(code => code.ToUpperInvariant())
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        Check(line.Email.Length == 0 || EmailAddress.IsValid(line.Email), "emailWrong");
        Check(line.Reach.Length == 0 || PersonDetailsLine.Reaches.Contains(line.Reach), "reachWrong");
        Check(
            countries.All(code => code.Length == 2 && code.All(char.IsAsciiLetterUpper)) && countries.Length <= 250,
            "countriesWrong"
        );
        Check(line.Reach is not ("own" or "team") || line.Email.Length > 0, "emailNeeded");
        Check(line.Reach != "team" || line.Team.Length > 0, "teamNeeded");
        Check(line.Reach != "territory" || countries.Length > 0, "countriesNeeded");
        Check(line.Reach != "partner" || line.Partner.Length > 0, "partnerNeeded");
        faults = found;
        return new PersonDetails
        {
            Email = Some(line.Email),
            Reach = Some(line.Reach),
            Team = Some(line.Team),
            Countries = countries,
            Partner = Some(line.Partner),
        };

        void Check(bool isRight, string fault)
        {
            if (!isRight)
            {
                found.Add(fault);
            }
        }
    }

    private static string? Some(string text) => text.Length > 0 ? text : null;
}
