using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Definitions;

namespace NurtureEngine.Core.Tests.Tracks;

/// <summary>Definitions that people had trouble with, as files of <c>tests/Fixtures/cases/tracks</c>.</summary>
public sealed class TrackCaseTests
{
    [Theory]
    [InlineData(
        "with-bom.json",
        "step 'join': WaitAll waits for 'left' and 'right', which can never both come: a lead leaves 'odd' by one port; expected WaitAny or WaitAllActive."
    )]
    [InlineData(
        "waitall-exclusive.json",
        "step 'join': WaitAll waits for 'left' and 'right', which can never both come: a lead leaves 'odd' by one port; expected WaitAny or WaitAllActive."
    )]
    [InlineData(
        "waitall-loop.json",
        "step 'join': WaitAll waits for 'ok', which comes out of the loop back to 'rep', and for 'costdone', which does not: a lead that goes round once never fills it; expected WaitAny behind the loop."
    )]
    public void A_definition_is_read_or_its_trouble_named(string file, string expected)
    {
        var path = Path.Combine(Repository.Root, "tests", "Fixtures", "cases", "tracks", file);
        TrackCompiler.TryCompile(
            File.ReadAllBytes(path),
            new CompileContext(
                Rulebooks.Default,
                System.Collections.Frozen.FrozenDictionary<string, string>.Empty,
                null
            ),
            out var faults
        );

        Assert.Equal(expected, string.Join('\n', faults));
    }

    [Theory]
    [InlineData("T>D D.True>A D.False>B A>J B>J", "D decision true; J join WaitAll", true)]
    [InlineData("T>D D.True>A D.False>B A>J B>J", "D decision true; J join WaitAllActive", false)]
    [InlineData("T>D D.True>A D.False>B A>J B>J", "D decision true; J join WaitAny", false)]
    [InlineData("T>A T>B A>J B>J", "J join WaitAll", false)]
    [InlineData("T>D T>B D.True>A D.False>C A>J B>J C>E", "D decision true; J join WaitAll", false)]
    [InlineData("T>D D.True>A D.False>B A>X B>X A>Y X>J Y>J", "D decision true; J join WaitAll", false)]
    public void A_join_that_can_never_be_filled_is_a_fault(string connections, string kinds, bool isFault)
    {
        FlowScenario.Compile(connections, kinds, out var faults);

        Assert.Equal(
            isFault,
            faults.Any(fault => $"{fault}".Contains("can never both come", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("Asia/Shanghai", null, true)]
    [InlineData("PRC", null, true)]
    [InlineData("Asia/Shanghai", "DE", false)]
    [InlineData("Europe/Berlin", null, false)]
    [InlineData("Europe/Berlin", "CN", true)]
    [InlineData(null, null, false)]
    public void Without_a_country_the_zone_tells_whose_holidays_are_kept(string? zone, string? country, bool isChina)
    {
        var china = HolidayCalendar.None with
        {
            Holidays = HolidayCalendar.None.Holidays.Add(new NodaTime.LocalDate(2026, 10, 1)),
        };
        var rulebook = Rulebooks.Default with { Calendars = Rulebooks.Default.Calendars.Add("CN", china) };
        var lead = new Lead { Key = new ExternalKey("crm", "ann") };
        var at = new Stamp(null, DateTimeOffset.UnixEpoch);
        lead = lead with
        {
            Fields = lead.Fields.With(
                new Dictionary<string, string?> { [Fields.TimeZone] = zone, [Fields.Country] = country },
                at
            ),
        };

        Assert.Equal(isChina ? china : HolidayCalendar.None, rulebook.CalendarOf(lead));
    }
}
