namespace NurtureEngine.Pages.Frame;

/// <summary>The clock that pages show.</summary>
/// <param name="Business">The moment of business time, in UTC.</param>
public sealed record ConsoleClock(Func<DateTimeOffset> Business);
