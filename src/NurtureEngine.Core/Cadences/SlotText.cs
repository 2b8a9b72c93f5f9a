using NodaTime;
using NodaTime.Text;

namespace NurtureEngine.Core.Cadences;

/// <summary>Times of day and days of the week as people write them.</summary>
public static class SlotText
{
    public const string ExpectedTime = "expected hours and minutes such as 09:30";
    public const string ExpectedDay = "expected Mon, Tue, Wed, Thu, Fri, Sat or Sun";

    private static readonly LocalTimePattern TimeOfDay = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    private static readonly IsoDayOfWeek[] Week = [.. Enumerable.Range(1, 7).Select(number => (IsoDayOfWeek)number)];

    /// <summary>A time such as <c>09:30</c>; null where the text is none.</summary>
    public static LocalTime? Time(string text) =>
        TimeOfDay.Parse(text.Trim()) is { Success: true } time ? time.Value : null;

    /// <summary>A day such as <c>Tue</c> or <c>tuesday</c>; null where the text is none.</summary>
    public static IsoDayOfWeek? Day(string text) =>
        Week.Cast<IsoDayOfWeek?>().FirstOrDefault(day => IsNamed($"{day}", text.Trim()));

    /// <summary>The days, each once; every day where none is given.</summary>
    public static IsoDayOfWeek[] OrEveryDay(IEnumerable<IsoDayOfWeek> days) =>
        days.Distinct().ToArray() is { Length: > 0 } some ? some : Week;

    private static bool IsNamed(string day, string text) =>
        string.Equals(text, day, StringComparison.OrdinalIgnoreCase)
        || string.Equals(text, day[..3], StringComparison.OrdinalIgnoreCase);
}
