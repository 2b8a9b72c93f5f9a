using System.Globalization;
using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Pages.Frame;
using NurtureEngine.Pages.Parts;

namespace NurtureEngine.Pages.Tests;

/// <summary>The pieces of which pages are made.</summary>
public sealed class PartsTests : BunitContext
{
    private static readonly DateTimeOffset Noon = new(2027, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public PartsTests()
    {
        Services.AddLocalization();
        Services.AddLogging();
        Services.AddSingleton(new ConsoleClock(() => Noon, () => "Asia/Shanghai"));
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("en");
    }

    [Fact]
    public void A_table_without_rows_says_why_and_has_no_headings()
    {
        var table = Render<DataTable<int>>(parts =>
            parts
                .Add(part => part.Items, [])
                .Add(part => part.Empty, "Nothing came yet.")
                .Add(part => part.Head, "<th>a</th>")
        );

        Assert.Contains("Nothing came yet.", table.Markup, StringComparison.Ordinal);
        Assert.Empty(table.FindAll("table"));
    }

    [Fact]
    public void A_table_shows_its_rows_and_where_it_goes_on()
    {
        var table = Render<DataTable<int>>(parts =>
            parts
                .Add(part => part.Items, [1, 2])
                .Add(part => part.Caption, "Numbers")
                .Add(part => part.Head, "<th scope='col'>n</th>")
                .Add(part => part.Row, number => $"<td>{number}</td>")
                .Add(part => part.Next, "/next?before=2")
        );

        Assert.Equal(["1", "2"], table.FindAll("tbody td").Select(cell => cell.TextContent));
        Assert.Equal("/next?before=2", table.Find(".card-footer a").GetAttribute("href"));
        Assert.Equal("Numbers", table.Find("caption").TextContent);
    }

    [Fact]
    public void A_moment_is_told_by_the_organisations_clock_and_by_the_readers_own()
    {
        var organisations = Render<Moment>(parts => parts.Add(part => part.At, Noon));
        var own = Render<Moment>(parts =>
            parts.Add(part => part.At, Noon).AddCascadingValue(ReaderIn("Europe/Berlin"))
        );
        var strange = Render<Moment>(parts =>
            parts.Add(part => part.At, Noon).AddCascadingValue(ReaderIn("Mars/Base"))
        );
        var never = Render<Moment>(parts => parts.Add(part => part.At, null));

        Assert.Equal("2027-03-01 20:00 +08", organisations.Find("time").TextContent);
        Assert.Equal("2027-03-01 13:00 +01", own.Find("time").TextContent);
        Assert.Equal("2027-03-01 20:00 +08", strange.Find("time").TextContent);
        Assert.Equal("–", never.Find("span").TextContent);
    }

    [Fact]
    public void Every_state_has_a_word_a_colour_and_a_drawing()
    {
        foreach (var state in StateBadge.Known)
        {
            var badge = Render<StateBadge>(parts => parts.Add(part => part.State, state));

            Assert.DoesNotContain("state.", badge.Find(".state").TextContent, StringComparison.Ordinal);
            Assert.NotEmpty(badge.FindAll("svg path"));
        }
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(9_999, "9,999")]
    [InlineData(10_000, "10,000+")]
    public void Counts_end_at_their_bound(long count, string shown) => Assert.Equal(shown, Counts.Show(count));

    [Fact]
    public void Texts_are_escaped_wherever_they_come_from()
    {
        const string Evil = "<script>alert(1)</script>";
        var faults = Render<FaultList>(parts => parts.Add(part => part.Messages, [Evil]));
        var head = Render<EmptyState>(parts => parts.Add(part => part.Text, Evil));

        Assert.Empty(faults.FindAll("script"));
        Assert.Empty(head.FindAll("script"));
        Assert.Contains(Evil, faults.Find("li").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_tells_its_numbers_as_a_table_too()
    {
        var chart = Render<Chart>(parts =>
            parts
                .Add(part => part.Answer, "Most leave at nine.")
                .Add(part => part.Axis, "Hour")
                .Add(part => part.Series, ["sent"])
                .Add(part => part.Points, [("08:00", [1_200L]), ("09:00", [3_100L])])
        );

        Assert.Equal(["1200", "3100"], chart.FindAll("td").Select(cell => cell.GetAttribute("data-value")));
        Assert.Equal("true", chart.Find("[data-chart]").GetAttribute("aria-hidden"));
    }

    [Fact]
    public void What_can_not_be_undone_has_to_be_typed()
    {
        var plain = Render<Confirm>(parts => parts.Add(part => part.Name, "a").Add(part => part.Back, "/console"));
        var typed = Render<Confirm>(parts => parts.Add(part => part.Name, "b").Add(part => part.Typed, "delete.all"));

        Assert.Empty(plain.FindAll("input[name=Typed]"));
        Assert.Equal(@"delete\.all", typed.Find("input[name=Typed]").GetAttribute("pattern"));
        Assert.Equal("/console", plain.Find("a").GetAttribute("href"));
    }

    private static HttpContext ReaderIn(string zone) =>
        new DefaultHttpContext
        {
            User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(PersonTime.ZoneClaim, zone)], "test")),
        };
}
