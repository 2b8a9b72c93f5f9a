namespace NurtureEngine.Host.Demo;

/// <summary>When the colleagues of a demo look at their lists: three times a working day (UTC).</summary>
internal static class OfficeHours
{
    private static readonly int[] Hours = [9, 13, 17];

    public static bool IsOne(DateTimeOffset at) =>
        at.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && Hours.Contains(at.Hour) && at.Minute == 0;

    public static DateTimeOffset NextAfter(DateTimeOffset now)
    {
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero).AddHours(1);
        while (!IsOne(hour))
        {
            hour = hour.AddHours(1);
        }

        return hour;
    }
}
