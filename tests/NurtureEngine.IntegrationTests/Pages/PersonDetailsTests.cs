using NurtureEngine.Host.Identity.People;
using NurtureEngine.Pages.People;

namespace NurtureEngine.IntegrationTests.Pages;

/// <summary>What may be said of a person, and what can't be meant.</summary>
public sealed class PersonDetailsTests
{
    [Theory]
    [InlineData("own", "", "", "", "", "emailNeeded")]
    [InlineData("team", "sue@example.org", "", "", "", "teamNeeded")]
    [InlineData("territory", "", "", "", "", "countriesNeeded")]
    [InlineData("territory", "", "", "Germany", "", "countriesWrong")]
    [InlineData("partner", "", "", "", "", "partnerNeeded")]
    [InlineData("universe", "", "", "", "", "reachWrong")]
    [InlineData("", "no address", "", "", "", "emailWrong")]
    [InlineData("team", "no address", "", "Germany", "", "emailWrong, countriesWrong, teamNeeded")]
    [InlineData("territory", "", "", "de，at; CN", "", "")]
    [InlineData("", "", "", "", "", "")]
    public void Every_fault_is_named(
        string reach,
        string email,
        string team,
        string countries,
        string partner,
        string faults
    )
    {
        PersonDetailsReader.Read(
            new PersonDetailsLine
            {
                Reach = reach,
                Email = email,
                Team = team,
                Countries = countries,
                Partner = partner,
            },
            out var found
        );

        Assert.Equal(faults, string.Join(", ", found));
    }
}
