using System.Text;
using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Core.Tests.Cadences;

/// <summary>The calendars of the repository.</summary>
internal static class Calendars
{
    /// <summary>A country's, by its two letters, as a rulebook holds it.</summary>
    public static HolidayCalendar Shipped(string country)
    {
        var json = $$"""
            {
              "lifeCycles": [{ "name": "customer", "stages": [{ "name": "MQL" }] }],
              "senders": { "default": { "name": "N", "address": "n@example.com", "company": "N", "postalAddress": "Street" } },
              "calendars": { "{{country}}": {{File.ReadAllText(
                Path.Combine(Repository.Root, "calendars", $"{country}.json")
            )}} }
            }
            """;
        var rulebook = RulebookReader.TryRead(Encoding.UTF8.GetBytes(json), 1, out var faults);
        Assert.Empty(faults);
        return rulebook!.Calendars[country];
    }
}
