using System.Globalization;
using System.Security.Claims;
using NodaTime;
using NodaTime.Text;

namespace NurtureEngine.Pages.Frame;

/// <summary>Formats instants in the reader's time zone.</summary>
public sealed class PersonTime
{
    /// <summary>The claim that holds a person's time zone; without it they read by the organisation's.</summary>
    public const string ZoneClaim = "zone";

    private static readonly LocalDateTimePattern InputPattern = LocalDateTimePattern.CreateWithInvariantCulture(
        "uuuu-MM-ddTHH:mm"
    );

    private readonly DateTimeZone _zone;

    private PersonTime(DateTimeZone zone) => _zone = zone;

    /// <summary>The formatter for a signed-in person.</summary>
    public static PersonTime Of(ClaimsPrincipal? person, ConsoleClock clock) =>
        new(
            (person?.FindFirst(ZoneClaim)?.Value is { } own ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(own) : null)
                ?? DateTimeZoneProviders.Tzdb.GetZoneOrNull(clock.Zone())
                ?? DateTimeZone.Utc
        );

    /// <summary>As an input of a form has it, by the reader's clock: <c>2027-03-01T09:00</c>.</summary>
    public string Write(DateTimeOffset at) =>
        InputPattern.Format(Instant.FromDateTimeOffset(at).InZone(_zone).LocalDateTime);

    /// <summary>The instant of what such an input holds; null where it is no date and time. A time that the clock skips is the one after the gap.</summary>
    public DateTimeOffset? Read(string? text) =>
        InputPattern.Parse(text ?? "").TryGetValue(default, out var local)
            ? _zone.AtLeniently(local).ToDateTimeOffset().ToUniversalTime()
            : null;

    /// <summary>To the minute, with the zone's offset at that moment: <c>2027-03-01 09:00 +08</c>.</summary>
    public string Show(DateTimeOffset at) =>
        Instant
            .FromDateTimeOffset(at)
            .InZone(_zone)
            .ToString("uuuu'-'MM'-'dd HH':'mm o<g>", CultureInfo.InvariantCulture);
}
