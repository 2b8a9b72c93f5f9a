namespace NurtureEngine.Pages.Frame;

/// <summary>The clock that pages show.</summary>
/// <param name="Business">The moment of business time, in UTC.</param>
/// <param name="Zone">The organisation's time zone, by its IANA name.</param>
public sealed record ConsoleClock(Func<DateTimeOffset> Business, Func<string> Zone);
