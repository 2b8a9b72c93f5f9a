using NodaTime;
using NurtureEngine.Core.Cadences;

namespace NurtureEngine.Core.Tests.Cadences;

/// <summary>Cadence the slow and obvious way: it looks at the clock on the wall every minute, and counts what was sent by hand.</summary>
internal static class SlowCadence
{
    public static DateTimeOffset Next(CadenceRules rules, CadenceView view, DateTimeOffset from)
    {
        for (var at = from; ; at = at.AddMinutes(1))
        {
            if (IsAllowed(rules, view, at))
            {
                return at;
            }
        }
    }

    public static bool IsAllowed(CadenceRules rules, CadenceView view, DateTimeOffset at)
    {
        var local = Local(at, view.Zone);
        return !IsQuiet(rules.QuietHours, local.TimeOfDay)
            && (rules.WorkingDays.IsEmpty || IsWorkday(rules, view, local.Date))
            && (rules.Slots.IsEmpty || IsInSlot(rules, view.Zone, at))
            && view.OfLead.All(past => (at - past.At).Duration() >= rules.MinGap)
            && (!rules.IsOneVoice || view.OfAccount.All(past => IsSilentFor(past, view, local.Date)))
            && rules.Caps.All(cap => HasRoom(cap, view, at));
    }

    private static bool IsQuiet(QuietHours? quiet, LocalTime time)
    {
        if (quiet is null)
        {
            return false;
        }

        // From the beginning, minute by minute over midnight, until the end.
        for (var minute = quiet.From; minute != quiet.Until; minute = minute.PlusMinutes(1))
        {
            if (minute.Hour == time.Hour && minute.Minute == time.Minute)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWorkday(CadenceRules rules, CadenceView view, LocalDate day) =>
        view.Calendar.MakeUpDays.Contains(day)
        || (!view.Calendar.Holidays.Contains(day) && rules.WorkingDays.Contains(day.DayOfWeek));

    private static bool IsInSlot(CadenceRules rules, DateTimeZone zone, DateTimeOffset at) =>
        Enumerable
            .Range(-2, 4)
            .Select(days => Local(at, zone).Date.PlusDays(days))
            .Any(day =>
                rules.Slots.Any(slot =>
                    slot.Days.Contains(day.DayOfWeek)
                    && zone.AtLeniently(day.At(slot.At)).ToDateTimeOffset() is var begin
                    && begin <= at
                    && at < begin + rules.SlotWindow
                )
            );

    private static bool IsSilentFor(PastTouch past, CadenceView view, LocalDate day) =>
        past.Track == view.Track || Local(past.At, view.Zone).Date != day;

    private static bool HasRoom(Cap cap, CadenceView view, DateTimeOffset at)
    {
        var past = (cap.Scope == CapScope.Account ? view.OfAccount : view.OfLead)
            .Where(touch => cap.Scope != CapScope.Track || touch.Track == view.Track)
            .Select(touch => touch.At);
        var now = Local(at, view.Zone).Date;
        return cap.Most
            > cap.Window switch
            {
                CapWindow.Rolling rolling => past.Count(then => then > at - rolling.Length),
                CapWindow.Calendar { Period: CalendarPeriod.Day } => past.Count(then =>
                    Local(then, view.Zone).Date == now
                ),
                CapWindow.Calendar { Period: CalendarPeriod.Week } => past.Count(then =>
                    Monday(Local(then, view.Zone).Date) == Monday(now)
                ),
                _ => past.Count(then =>
                    Local(then, view.Zone).Date is var day && (day.Year, day.Month) == (now.Year, now.Month)
                ),
            };
    }

    private static LocalDate Monday(LocalDate day) => day.PlusDays(1 - (int)day.DayOfWeek);

    private static LocalDateTime Local(DateTimeOffset at, DateTimeZone zone) =>
        Instant.FromDateTimeOffset(at).InZone(zone).LocalDateTime;
}
