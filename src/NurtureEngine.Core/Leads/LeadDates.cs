using System.Collections.Immutable;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Core.Leads;

/// <summary>The dates among a lead's custom fields: those that are written as an ISO 8601 date, or instant with an offset.</summary>
public static class LeadDates
{
    private static readonly ImmutableDictionary<string, DateTimeOffset> None = ImmutableDictionary<
        string,
        DateTimeOffset
    >.Empty;

    /// <summary>The dates by field, in UTC; a date without a time begins when the day does by the lead's clock.</summary>
    /// <param name="lead">The lead.</param>
    /// <param name="defaultZone">The clock of a lead whose zone is not known.</param>
    public static ImmutableDictionary<string, DateTimeOffset> Of(Lead lead, DateTimeZone defaultZone)
    {
        var dates = None;
        foreach (var (field, json) in lead.Fields.Values)
        {
            if (
                field.StartsWith(Fields.CustomPrefix, StringComparison.Ordinal)
                && json.Length is >= 12 and <= 42
                && json[0] == '"'
                && At(JsonSerializer.Deserialize<string>(json)!, lead, defaultZone) is { } at
            )
            {
                dates = dates.Add(field, at);
            }
        }

        return dates;
    }

    private static DateTimeOffset? At(string text, Lead lead, DateTimeZone defaultZone)
    {
        if (LocalDatePattern.Iso.Parse(text) is { Success: true } date)
        {
            var zone = Zones.Find(lead.Fields[Fields.TimeZone]) ?? defaultZone;
            return IsMeant(date.Value.Year) ? zone.AtStartOfDay(date.Value).ToInstant().ToDateTimeOffset() : null;
        }

        // As exact as the database keeps it, so that what it has and what is read here are the same.
        return IsoInstant.TryParse(text, out var at) && IsMeant(at.Year)
            ? at.ToUniversalTime().AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond))
            : null;
    }

    // Senders that have no date write the first that their language knows.
    private static bool IsMeant(int year) => year is >= 1900 and < 2200;
}
