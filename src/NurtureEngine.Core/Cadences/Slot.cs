using System.Collections.Immutable;
using NodaTime;

namespace NurtureEngine.Core.Cadences;

/// <summary>A fixed time on some days of the week, as a clock on the wall shows it.</summary>
public sealed record Slot(ImmutableArray<IsoDayOfWeek> Days, LocalTime At)
{
    /// <summary>The first such instant at or after another, in UTC.</summary>
    public DateTimeOffset NextFrom(DateTimeOffset from, DateTimeZone zone) => NextAfter(from.AddTicks(-1), zone);

    /// <summary>
    /// The first such instant after another, in UTC. A time that the clocks leap over when summer time begins comes as much
    /// later as they leap; of one that comes twice the earlier is meant.
    /// </summary>
    public DateTimeOffset NextAfter(DateTimeOffset after, DateTimeZone zone)
    {
        var then = Instant.FromDateTimeOffset(after);
        for (var day = then.InZone(zone).Date; ; day = day.PlusDays(1))
        {
            if (Days.Contains(day.DayOfWeek) && zone.AtLeniently(day.At(At)).ToInstant() is var next && next > then)
            {
                return next.ToDateTimeOffset();
            }
        }
    }
}
