using System.Collections.Frozen;
using NodaTime;
using NodaTime.TimeZones;

namespace NurtureEngine.Core.Cadences;

/// <summary>
/// The zone by which most people of a country live, for leads of whom only the country is known. From the IANA database's list of
/// zones by country, whose first is meant, but where that is a small or far-off one.
/// </summary>
public static class CountryZones
{
    private static readonly Dictionary<string, string> Larger = new(StringComparer.Ordinal)
    {
        ["AU"] = "Australia/Sydney",
        ["BR"] = "America/Sao_Paulo",
        ["CA"] = "America/Toronto",
        ["KZ"] = "Asia/Almaty",
        ["MY"] = "Asia/Kuala_Lumpur",
        ["PG"] = "Pacific/Port_Moresby",
        ["RU"] = "Europe/Moscow",
        ["UZ"] = "Asia/Tashkent",
    };

    private static readonly FrozenDictionary<string, DateTimeZone> Zones = (
        TzdbDateTimeZoneSource.Default.ZoneLocations ?? []
    )
        .GroupBy(location => location.CountryCode, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(
            country => country.Key,
            country => DateTimeZoneProviders.Tzdb[Larger.GetValueOrDefault(country.Key) ?? country.First().ZoneId],
            StringComparer.OrdinalIgnoreCase
        );

    private static readonly FrozenDictionary<string, string> Countries = (
        TzdbDateTimeZoneSource.Default.ZoneLocations ?? []
    )
        .GroupBy(location => location.ZoneId, StringComparer.Ordinal)
        .Where(zone => zone.Select(location => location.CountryCode).Distinct().Count() == 1)
        .ToFrozenDictionary(zone => zone.Key, zone => zone.First().CountryCode, StringComparer.Ordinal);

    /// <summary>The zone of a country by its ISO 3166-1 code of two letters, whatever its case; null where there is none of that code.</summary>
    public static DateTimeZone? Find(string? country) =>
        country is null ? null : Zones.GetValueOrDefault(country.Trim());

    /// <summary>The country in which a zone of the IANA database lies, by its code; null where it lies in none or in several.</summary>
    public static string? CountryOf(DateTimeZone zone) =>
        Countries.GetValueOrDefault(zone.Id)
        ?? Countries.GetValueOrDefault(
            TzdbDateTimeZoneSource.Default.CanonicalIdMap.TryGetValue(zone.Id, out var canonical) ? canonical : zone.Id
        );

    /// <summary>Whether a text is the ISO 3166-1 code of two letters of a country, whatever its case.</summary>
    public static bool IsCountry(string code) => Zones.ContainsKey(code);
}
