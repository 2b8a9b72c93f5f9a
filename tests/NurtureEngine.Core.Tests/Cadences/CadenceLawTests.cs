using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using NurtureEngine.Core.Cadences;

namespace NurtureEngine.Core.Tests.Cadences;

/// <summary>The rules of cadence against the slow and obvious reference, around the days on which clocks change.</summary>
public sealed class CadenceLawTests
{
    private static readonly string[] ZoneNames =
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Asia/Shanghai",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "America/Santiago",
        "Africa/Cairo",
    ];

    // Clocks change in March, April, September, October and November.
    private static readonly DateTimeOffset[] Around =
    [
        Utc("2026-03-28T00:00Z"),
        Utc("2026-03-08T00:00Z"),
        Utc("2026-04-04T00:00Z"),
        Utc("2026-10-24T00:00Z"),
        Utc("2026-11-01T00:00Z"),
        Utc("2026-04-23T00:00Z"),
        Utc("2026-09-05T00:00Z"),
        Utc("2026-06-10T00:00Z"),
    ];

    [Fact]
    public void The_next_allowed_moment_is_the_one_that_patience_finds()
    {
        Prop.ForAll(
                Cases().ToArbitrary(),
                given =>
                {
                    var next = Cadence.NextAllowedInstant(given.Rules, given.View, given.From);

                    Assert.Equal(SlowCadence.Next(given.Rules, given.View, given.From), next!.At);
                    Assert.Equal(next.At == given.From, next.Code is null);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Draws.Of(400)));
    }

    [Fact]
    public void Asked_again_at_the_moment_it_named_it_has_nothing_to_object()
    {
        Prop.ForAll(
                Cases().ToArbitrary(),
                given =>
                {
                    var next = Cadence.NextAllowedInstant(given.Rules, given.View, given.From)!;

                    Assert.Equal(
                        new AllowedInstant(next.At),
                        Cadence.NextAllowedInstant(given.Rules, given.View, next.At)
                    );
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Draws.Of(2_000)));
    }

    private static Gen<Case> Cases() =>
        from zone in Gen.Elements(ZoneNames)
        from day in Gen.Elements(Around)
        from minute in Gen.Choose(0, 3 * 24 * 60)
        from rules in Rules()
        from lead in Past(day)
        from others in Past(day)
        from holidays in Gen.ListOf(Gen.Choose(-1, 6))
        from makeUp in Gen.ListOf(Gen.Choose(-1, 6))
        select new Case(
            rules,
            new CadenceView
            {
                Zone = Zones.Find(zone)!,
                Calendar = new HolidayCalendar([.. Days(day, holidays)], [.. Days(day, makeUp)]),
                Track = 1,
                OfLead = [.. lead],
                OfAccount = [.. lead, .. others],
            },
            day.AddMinutes(minute)
        );

    private static Gen<CadenceRules> Rules() =>
        from quietFrom in Gen.Choose(0, 47)
        from quietFor in Gen.Choose(0, 24)
        from slots in Gen.ListOf(Gen.Choose(0, 23), 2)
        from hasSlots in Gen.Elements(true, false)
        from slotDays in Gen.NonEmptyListOf(Gen.Choose(1, 7))
        from window in Gen.Choose(1, 240)
        from working in Gen.Elements<IsoDayOfWeek[]>([], Weekdays, Weekdays, [IsoDayOfWeek.Sunday])
        from gap in Gen.Elements(0, 0, 30, 600, 3_000)
        from caps in Gen.ListOf(ACap())
        from oneVoice in Gen.Elements(true, false)
        select new CadenceRules
        {
            QuietHours = quietFor == 0 ? null : new QuietHours(HalfHour(quietFrom), HalfHour(quietFrom + quietFor)),
            Slots = hasSlots
                ?
                [
                    .. slots.Select(hour => new Slot(
                        [.. slotDays.Select(d => (IsoDayOfWeek)d).Distinct()],
                        new LocalTime(hour, 15)
                    )),
                ]
                : [],
            // Wide enough that quiet hours leave something of a slot, sooner or later: else the reference looks for ever.
            SlotWindow = TimeSpan.FromMinutes(quietFor == 0 ? window : 60 * 23),
            WorkingDays = hasSlots ? [] : [.. working],
            MinGap = TimeSpan.FromMinutes(gap),
            Caps = [.. caps.Take(2)],
            IsOneVoice = oneVoice,
        };

    private static Gen<Cap> ACap() =>
        from scope in Gen.Elements(CapScope.Lead, CapScope.Account, CapScope.Track)
        from most in Gen.Choose(1, 3)
        from hours in Gen.Choose(1, 80)
        from period in Gen.Elements<CalendarPeriod?>(
            null,
            CalendarPeriod.Day,
            CalendarPeriod.Week,
            CalendarPeriod.Month
        )
        select new Cap(
            scope,
            most,
            period is { } calendar ? new CapWindow.Calendar(calendar) : new CapWindow.Rolling(TimeSpan.FromHours(hours))
        );

    private static Gen<IEnumerable<PastTouch>> Past(DateTimeOffset day) =>
        from touches in Gen.ListOf(
            from minute in Gen.Choose(-5 * 24 * 60, 3 * 24 * 60)
            from track in Gen.Choose(1, 2)
            select new PastTouch(day.AddMinutes(minute), track)
        )
        select touches.Take(6);

    private static IsoDayOfWeek[] Weekdays =>
        [IsoDayOfWeek.Monday, IsoDayOfWeek.Tuesday, IsoDayOfWeek.Wednesday, IsoDayOfWeek.Thursday, IsoDayOfWeek.Friday];

    private static LocalTime HalfHour(int count) => LocalTime.Midnight.PlusMinutes(30 * count);

    private static IEnumerable<LocalDate> Days(DateTimeOffset day, IEnumerable<int> offsets) =>
        offsets.Select(offset => LocalDate.FromDateTime(day.Date).PlusDays(offset));

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, null);

    private sealed record Case(CadenceRules Rules, CadenceView View, DateTimeOffset From);
}
