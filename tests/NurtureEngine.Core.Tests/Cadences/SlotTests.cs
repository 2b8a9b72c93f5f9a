using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using NurtureEngine.Core.Cadences;

namespace NurtureEngine.Core.Tests.Cadences;

public sealed class SlotTests
{
    private static readonly Duration Minute = Duration.FromMinutes(1);

    private static readonly string[] ZoneNames =
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Asia/Shanghai",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Pacific/Apia",
    ];

    [Theory]
    [InlineData("Mon,Thu", "09:30", "Europe/Berlin", "2026-06-01T07:00Z", "2026-06-01T07:30Z")]
    [InlineData("Mon,Thu", "09:30", "Europe/Berlin", "2026-06-01T07:30Z", "2026-06-04T07:30Z")]
    [InlineData("Mon", "09:30", "Europe/Berlin", "2026-06-01T07:30Z", "2026-06-08T07:30Z")]
    [InlineData("Mon", "09:30", "Asia/Shanghai", "2026-05-31T20:00Z", "2026-06-01T01:30Z")]
    // Summer time begins at 02:00, which is 03:00 then.
    [InlineData("Sun", "02:30", "Europe/Berlin", "2026-03-29T00:00Z", "2026-03-29T01:30Z")]
    // It ends at 03:00, which is 02:00 once more.
    [InlineData("Sun", "02:30", "Europe/Berlin", "2026-10-25T00:00Z", "2026-10-25T00:30Z")]
    [InlineData("Sun", "02:30", "Europe/Berlin", "2026-10-25T00:30Z", "2026-11-01T01:30Z")]
    public void The_next_slot_is_by_the_clock_on_the_wall(
        string days,
        string time,
        string zone,
        string after,
        string expected
    )
    {
        var slot = new Slot(
            [.. days.Split(',').Select(day => Enum.GetValues<IsoDayOfWeek>().First(d => $"{d}"[..3] == day))],
            LocalTime.FromTicksSinceMidnight(TimeOnly.Parse(time, null).Ticks)
        );

        Assert.Equal(Utc(expected), slot.NextAfter(Utc(after), Zones.Find(zone)!));
    }

    [Fact]
    public void Minute_by_minute_one_comes_to_the_same_slot()
    {
        var cases =
            from zone in Gen.Elements(ZoneNames)
            from minute in Gen.Choose(0, 2 * 366 * 24 * 60)
            from at in Gen.Choose(0, (24 * 60) - 1)
            from days in Gen.NonEmptyListOf(Gen.Choose(1, 7))
            select (zone, minute, at, days);
        Prop.ForAll(
                cases.ToArbitrary(),
                given =>
                {
                    var zone = Zones.Find(given.zone)!;
                    var after = Instant.FromUtc(2026, 1, 1, 0, 0).Plus(Duration.FromMinutes(given.minute));
                    var slot = new Slot(
                        [.. given.days.Select(day => (IsoDayOfWeek)day).Distinct()],
                        LocalTime.Midnight.PlusMinutes(given.at)
                    );

                    var next = Instant.FromDateTimeOffset(slot.NextAfter(after.ToDateTimeOffset(), zone));

                    Assert.Equal(Slowly(slot, after, zone), next);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Draws.Of(500)));
    }

    // Looks at the clock every minute and, where the clocks leap over the time, counts on from the minute before.
    private static Instant Slowly(Slot slot, Instant after, DateTimeZone zone)
    {
        var passed = new HashSet<LocalDateTime>();
        for (var now = after - Duration.FromDays(2); ; now += Minute)
        {
            var (before, then) = (now.InZone(zone).LocalDateTime, (now + Minute).InZone(zone).LocalDateTime);
            var wanted = then.Date.At(slot.At);
            if (!slot.Days.Contains(then.DayOfWeek) || wanted <= before || wanted > then || !passed.Add(wanted))
            {
                continue;
            }

            var at = now + Duration.FromMinutes(Period.Between(before, wanted, PeriodUnits.Minutes).Minutes);
            if (at > after)
            {
                return at;
            }
        }
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, null);
}
