using System.Globalization;

namespace NurtureEngine.Core.Simulation;

/// <summary>An invented lead as the query of an address: it can be kept, shared and gone back to.</summary>
public static class TrialText
{
    private const string Minutes = "yyyy-MM-ddTHH:mm";

    // Typed text may be long; what a track asks for is short.
    private const int Longest = 100;

    // Waits are added to it; the calendar ends.
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The query, without a question mark.</summary>
    public static string Write(TrialLead lead)
    {
        var parts = new List<(string Name, string Value)>
        {
            ("role", lead.Role),
            ("tier", lead.Tier),
            ("language", lead.Language),
            ("stage", lead.Stage),
            ("size", lead.Size),
            ("score", lead.Score),
            ("start", lead.Start.UtcDateTime.ToString(Minutes, CultureInfo.InvariantCulture)),
        };
        parts.AddRange(lead.Acts.Select(act => ("act", $"{act}")));
        return string.Join(
            '&',
            parts.Where(part => part.Value.Length > 0).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value)}")
        );
    }

    /// <summary>The lead of a query. What is not said is empty, and what is no act is left out.</summary>
    /// <param name="query">With or without a question mark; other parts are ignored.</param>
    /// <param name="otherwise">When the lead enters if the query does not say, or names a moment outside the years 2000 to 2100.</param>
    public static TrialLead Read(string query, DateTimeOffset otherwise)
    {
        var parts = query
            .TrimStart('?')
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('=', 2))
            .ToLookup(
                part => part[0],
                part => part.Length < 2 ? "" : Uri.UnescapeDataString(part[1].Replace('+', ' ')),
                StringComparer.OrdinalIgnoreCase
            );
        return new TrialLead
        {
            Role = One("role"),
            Tier = One("tier"),
            Language = One("language"),
            Stage = One("stage"),
            Size = One("size"),
            Score = One("score"),
            Start =
                DateTimeOffset.TryParseExact(
                    One("start"),
                    Minutes,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                    out var start
                )
                && start >= Earliest
                && start <= Latest
                    ? start
                    : ToMinute(otherwise),
            Acts =
            [
                .. parts["act"]
                    .Take(TrialLead.MostActs)
                    .Select(TrialAct.Parse)
                    .OfType<TrialAct>()
                    .OrderBy(act => act.After),
            ],
        };

        // An address has no seconds: what it says is what is run.
        static DateTimeOffset ToMinute(DateTimeOffset at) => at.AddTicks(-(at.UtcTicks % TimeSpan.TicksPerMinute));

        string One(string name) => parts[name].FirstOrDefault() is { Length: <= Longest } value ? value.Trim() : "";
    }
}
