using System.Collections.Immutable;
using NodaTime;

namespace NurtureEngine.Core.Cadences;

/// <summary>
/// The days of a country on which people do not work although it is a working day of the week, and those on which they do although
/// it is none, such as the make-up days around Chinese holidays.
/// </summary>
public sealed record HolidayCalendar(ImmutableSortedSet<LocalDate> Holidays, ImmutableSortedSet<LocalDate> MakeUpDays)
{
    public static HolidayCalendar None { get; } = new([], []);

    public bool IsWorkingDay(LocalDate day, ImmutableArray<IsoDayOfWeek> week) =>
        MakeUpDays.Contains(day) || (week.Contains(day.DayOfWeek) && !Holidays.Contains(day));
}
