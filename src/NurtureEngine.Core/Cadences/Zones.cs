using NodaTime;

namespace NurtureEngine.Core.Cadences;

/// <summary>Time zones by their names in the IANA database, which NodaTime brings along.</summary>
public static class Zones
{
    /// <summary>The zone, such as <c>Asia/Shanghai</c>; null where there is none of that name.</summary>
    public static DateTimeZone? Find(string? name) =>
        name is null ? null : DateTimeZoneProviders.Tzdb.GetZoneOrNull(name);
}
