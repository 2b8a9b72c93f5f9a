namespace NurtureEngine.Scriban.Evaluation;

/// <summary>The members of dates and time spans, such as <c>date.year</c> and <c>span.total_days</c>.</summary>
internal static class DateMembers
{
    public static object? Of(DateTimeOffset date, string name) =>
        name switch
        {
            "year" => (long)date.Year,
            "month" => (long)date.Month,
            "day" => (long)date.Day,
            "day_of_year" => (long)date.DayOfYear,
            "hour" => (long)date.Hour,
            "minute" => (long)date.Minute,
            "second" => (long)date.Second,
            "millisecond" => (long)date.Millisecond,
            _ => null,
        };

    public static object? Of(TimeSpan span, string name) =>
        name switch
        {
            "days" => (long)span.Days,
            "hours" => (long)span.Hours,
            "minutes" => (long)span.Minutes,
            "seconds" => (long)span.Seconds,
            "milliseconds" => (long)span.Milliseconds,
            "total_days" => span.TotalDays,
            "total_hours" => span.TotalHours,
            "total_minutes" => span.TotalMinutes,
            "total_seconds" => span.TotalSeconds,
            "total_milliseconds" => span.TotalMilliseconds,
            _ => null,
        };
}
