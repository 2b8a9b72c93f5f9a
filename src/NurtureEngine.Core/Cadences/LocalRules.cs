using System.Collections.Immutable;
using NodaTime;

namespace NurtureEngine.Core.Cadences;

/// <summary>
/// The rules that look at a clock on the wall. Between two changes of a zone's offset that clock runs evenly, so that the answer is
/// counted on it; where it changes before, the rule looks again.
/// </summary>
internal static class LocalRules
{
    private static readonly LocalDate LastDay = new(9000, 1, 1);

    public static DateTimeOffset WorkingDay(ImmutableArray<IsoDayOfWeek> week, CadenceView view, DateTimeOffset from) =>
        First(
            view.Zone,
            from,
            local =>
            {
                if (view.Calendar.IsWorkingDay(local.Date, week))
                {
                    return local;
                }

                var day = local.Date.PlusDays(1);
                // A year and a half without a working day is for ever.
                for (var looked = 0; looked < 550 && !view.Calendar.IsWorkingDay(day, week); looked++)
                {
                    day = day.PlusDays(1);
                }

                return (view.Calendar.IsWorkingDay(day, week) ? day : LastDay).AtMidnight();
            }
        );

    public static DateTimeOffset OutsideOf(QuietHours quiet, DateTimeZone zone, DateTimeOffset from) =>
        First(
            zone,
            from,
            local =>
                !quiet.Contains(local.TimeOfDay) ? local
                : local.TimeOfDay < quiet.Until ? local.Date.At(quiet.Until)
                : local.Date.PlusDays(1).At(quiet.Until)
        );

    /// <summary>A slot is open from its time on for the window; which may reach into the next day.</summary>
    public static DateTimeOffset InSlot(
        ImmutableArray<Slot> slots,
        TimeSpan window,
        DateTimeZone zone,
        DateTimeOffset from
    )
    {
        var begun = from - window;
        return slots.Any(slot => slot.NextAfter(begun, zone) <= from)
            ? from
            : slots.Min(slot => slot.NextAfter(from, zone));
    }

    private static DateTimeOffset First(
        DateTimeZone zone,
        DateTimeOffset from,
        Func<LocalDateTime, LocalDateTime> nextOnTheWall
    )
    {
        for (var at = Instant.FromDateTimeOffset(from); ; )
        {
            var interval = zone.GetZoneInterval(at);
            var local = at.WithOffset(interval.WallOffset).LocalDateTime;
            var next = nextOnTheWall(local);
            if (next == local)
            {
                return at.ToDateTimeOffset();
            }

            var then = next.WithOffset(interval.WallOffset).ToInstant();
            if (!interval.HasEnd || then < interval.End)
            {
                return then.ToDateTimeOffset();
            }

            at = interval.End;
        }
    }
}
