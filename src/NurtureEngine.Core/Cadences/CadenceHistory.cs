using NodaTime;

namespace NurtureEngine.Core.Cadences;

/// <summary>The rules that look at what was sent before. What another host has just sent may bear a slightly later time, and counts.</summary>
internal static class CadenceHistory
{
    public static DateTimeOffset PastGap(TimeSpan gap, CadenceView view, DateTimeOffset from)
    {
        var at = from;
        foreach (var past in view.OfLead.Select(past => past.At).Order())
        {
            at = at > past - gap && at < past + gap ? past + gap : at;
        }

        return at;
    }

    /// <summary>On a day on which another track has spoken to the account, this one waits for the next.</summary>
    public static DateTimeOffset OneVoice(CadenceView view, DateTimeOffset from)
    {
        var at = from;
        foreach (var past in view.OfAccount.Where(past => past.Track != view.Track).OrderBy(past => past.At))
        {
            var (begin, end) = PeriodAt(CalendarPeriod.Day, past.At, view.Zone);
            at = at >= begin && at < end ? end : at;
        }

        return at;
    }

    public static DateTimeOffset UnderCap(Cap cap, CadenceView view, DateTimeOffset from)
    {
        var counted = (
            cap.Scope switch
            {
                CapScope.Account => view.OfAccount,
                CapScope.Track => [.. view.OfLead.Where(past => past.Track == view.Track)],
                _ => view.OfLead,
            }
        )
            .Select(past => past.At)
            .ToList();
        return cap.Window switch
        {
            _ when cap.Most <= 0 => DateTimeOffset.MaxValue,
            CapWindow.Rolling rolling => UnderRolling(counted, cap.Most, rolling.Length, from),
            CapWindow.Calendar calendar => UnderCalendar(counted, cap.Most, calendar.Period, view.Zone, from),
            _ => throw new InvalidOperationException($"The cap '{cap}' has no meaning here."),
        };
    }

    private static DateTimeOffset UnderRolling(
        List<DateTimeOffset> past,
        int most,
        TimeSpan length,
        DateTimeOffset from
    )
    {
        past.Sort();
        past.Reverse();
        // The one that has to leave the window for another to fit in is that many back.
        return past.Count < most || past[most - 1] + length <= from ? from : past[most - 1] + length;
    }

    private static DateTimeOffset UnderCalendar(
        List<DateTimeOffset> past,
        int most,
        CalendarPeriod period,
        DateTimeZone zone,
        DateTimeOffset from
    )
    {
        for (var at = from; ; )
        {
            var (begin, end) = PeriodAt(period, at, zone);
            if (past.Count(earlier => earlier >= begin && earlier < end) < most)
            {
                return at;
            }

            at = end;
        }
    }

    private static (DateTimeOffset Begin, DateTimeOffset End) PeriodAt(
        CalendarPeriod period,
        DateTimeOffset at,
        DateTimeZone zone
    )
    {
        var day = Instant.FromDateTimeOffset(at).InZone(zone).Date;
        var (first, next) = period switch
        {
            CalendarPeriod.Day => (day, day.PlusDays(1)),
            CalendarPeriod.Week => Week(day.PlusDays(1 - (int)day.DayOfWeek)),
            _ => Month(new LocalDate(day.Year, day.Month, 1)),
        };
        return (Start(first), Start(next));

        DateTimeOffset Start(LocalDate date) => zone.AtStartOfDay(date).ToDateTimeOffset().ToUniversalTime();
        static (LocalDate, LocalDate) Week(LocalDate monday) => (monday, monday.PlusDays(7));
        static (LocalDate, LocalDate) Month(LocalDate first) => (first, first.PlusMonths(1));
    }
}
