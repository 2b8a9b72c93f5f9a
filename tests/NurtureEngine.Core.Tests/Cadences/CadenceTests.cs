using NodaTime;
using NurtureEngine.Core.Cadences;

namespace NurtureEngine.Core.Tests.Cadences;

/// <summary>Each rule of cadence, in the words in which one would explain it.</summary>
public sealed class CadenceTests
{
    private static readonly CadenceRules Office = new()
    {
        QuietHours = new QuietHours(new LocalTime(20, 0), new LocalTime(8, 0)),
        WorkingDays =
        [
            IsoDayOfWeek.Monday,
            IsoDayOfWeek.Tuesday,
            IsoDayOfWeek.Wednesday,
            IsoDayOfWeek.Thursday,
            IsoDayOfWeek.Friday,
        ],
    };

    [Theory]
    // In Shanghai it is eight hours later.
    [InlineData("Asia/Shanghai", "2026-06-01T01:00Z", "2026-06-01T01:00Z", null)]
    [InlineData("Asia/Shanghai", "2026-06-01T12:00Z", "2026-06-02T00:00Z", "cadence.quiet_hours")]
    [InlineData("Asia/Shanghai", "2026-06-05T12:30Z", "2026-06-08T00:00Z", "cadence.quiet_hours")]
    [InlineData("Asia/Shanghai", "2026-06-06T04:00Z", "2026-06-08T00:00Z", "cadence.day_off")]
    // Summer time ends in the night: the quiet hours last an hour longer.
    [InlineData("Europe/Berlin", "2026-10-23T18:00Z", "2026-10-26T07:00Z", "cadence.quiet_hours")]
    [InlineData("Europe/Berlin", "2026-03-27T19:00Z", "2026-03-30T06:00Z", "cadence.quiet_hours")]
    public void Nobody_is_touched_at_night_or_on_a_day_off(string zone, string from, string expected, string? code)
    {
        var next = Next(Office, View(zone), from);

        Assert.Equal((Utc(expected), code), (next.At, next.Code));
    }

    [Theory]
    [InlineData("2026-09-30T02:00Z", "2026-09-30T02:00Z")]
    [InlineData("2026-10-01T02:00Z", "2026-10-08T00:00Z")]
    // A Saturday on which one works, to make up for the week before.
    [InlineData("2026-10-10T02:00Z", "2026-10-10T02:00Z")]
    [InlineData("2026-10-11T02:00Z", "2026-10-12T00:00Z")]
    [InlineData("2026-02-14T02:00Z", "2026-02-14T02:00Z")]
    [InlineData("2026-02-15T02:00Z", "2026-02-24T00:00Z")]
    public void Chinese_holidays_and_their_make_up_days_count(string from, string expected) =>
        Assert.Equal(Utc(expected), Next(Office, View("Asia/Shanghai") with { Calendar = ChinaCalendar() }, from).At);

    [Fact]
    public void A_slot_is_open_for_its_window_and_then_the_next_one_is_meant()
    {
        var rules = new CadenceRules
        {
            Slots = [new Slot([IsoDayOfWeek.Tuesday, IsoDayOfWeek.Thursday], new LocalTime(9, 30))],
            SlotWindow = TimeSpan.FromHours(1),
        };

        Assert.Equal(Utc("2026-06-02T07:30Z"), Next(rules, View("Europe/Berlin"), "2026-06-01T00:00Z").At);
        Assert.Null(Next(rules, View("Europe/Berlin"), "2026-06-02T08:29Z").Code);
        Assert.Equal(Utc("2026-06-04T07:30Z"), Next(rules, View("Europe/Berlin"), "2026-06-02T08:30Z").At);
    }

    [Fact]
    public void A_cap_names_itself_and_the_moment_at_which_there_is_room_again()
    {
        var rules = new CadenceRules
        {
            Caps = [new Cap(CapScope.Lead, 2, new CapWindow.Rolling(TimeSpan.FromDays(7)))],
        };
        var view = View("UTC", "2026-06-01T09:00Z", "2026-06-03T09:00Z");

        Assert.Equal(
            new AllowedInstant(Utc("2026-06-08T09:00Z"), "cadence.cap", "lead 2 within 7d"),
            Next(rules, view, "2026-06-04T09:00Z")
        );
    }

    [Fact]
    public void A_day_is_the_leads_day()
    {
        var rules = new CadenceRules { Caps = [new Cap(CapScope.Lead, 1, new CapWindow.Calendar(CalendarPeriod.Day))] };
        var view = View("Asia/Shanghai", "2026-06-01T15:59Z");

        Assert.Equal(Utc("2026-06-01T16:00Z"), Next(rules, view, "2026-06-01T15:59Z").At);
    }

    [Fact]
    public void What_is_never_allowed_is_said_to_be_so()
    {
        var rules = new CadenceRules
        {
            Slots = [new Slot([IsoDayOfWeek.Sunday], new LocalTime(9, 0))],
            WorkingDays = [IsoDayOfWeek.Monday],
        };

        Assert.Null(Cadence.NextAllowedInstant(rules, View("UTC"), Utc("2026-06-01T00:00Z")));
    }

    [Fact]
    public void On_a_day_on_which_an_account_has_heard_one_track_another_waits()
    {
        var rules = new CadenceRules { IsOneVoice = true };
        var view = View("UTC") with { Track = 2, OfAccount = [new PastTouch(Utc("2026-06-01T09:00Z"), 1)] };

        Assert.Equal(
            new AllowedInstant(Utc("2026-06-02T00:00Z"), "cadence.one_voice"),
            Next(rules, view, "2026-06-01T12:00Z")
        );
        Assert.Null(Next(rules, view with { Track = 1 }, "2026-06-01T12:00Z").Code);
    }

    [Theory]
    [InlineData("CN", "Asia/Shanghai")]
    [InlineData("de", "Europe/Berlin")]
    [InlineData("US", "America/New_York")]
    [InlineData("BR", "America/Sao_Paulo")]
    [InlineData("XX", null)]
    public void A_country_has_the_zone_by_which_most_of_it_lives(string country, string? zone) =>
        Assert.Equal(zone, CountryZones.Find(country)?.Id);

    // As the rulebook has it from the file in calendars/.
    private static HolidayCalendar ChinaCalendar() => Calendars.Shipped("CN");

    private static CadenceView View(string zone, params string[] past) =>
        new() { Zone = Zones.Find(zone)!, OfLead = [.. past.Select(at => new PastTouch(Utc(at), 0))] };

    private static AllowedInstant Next(CadenceRules rules, CadenceView view, string from) =>
        Cadence.NextAllowedInstant(rules, view, Utc(from))!;

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, null);
}
