using NurtureEngine.Core.Templating;

namespace NurtureEngine.Core.Tests.Templating;

/// <summary>Dates from texts are the same on every machine and at every attempt.</summary>
public sealed class DateTests
{
    [Theory]
    [InlineData("{{ date.parse '2026-01-05T10:00:00-05:00' | date.to_string '%F %R' }}", "2026-01-05 15:00")]
    [InlineData("{{ date.parse '2026-01-05T10:00:00+08:00' | date.to_string '%F %R' }}", "2026-01-05 02:00")]
    [InlineData("{{ date.parse '2026-01-05T10:00:00Z' | date.to_string '%F %R' }}", "2026-01-05 10:00")]
    [InlineData("{{ date.parse '2026-01-05 10:00' | date.to_string '%F %R' }}", "2026-01-05 10:00")]
    [InlineData("{{ date.parse 'Mon, 05 Jan 2026 10:00:00 GMT' | date.to_string '%F %R' }}", "2026-01-05 10:00")]
    [InlineData("{{ date.parse '2018--06--17' '%Y--%m--%d' | date.to_string '%F' }}", "2018-06-17")]
    [InlineData("{{ '2026-01-05' | date.add_days 1 | date.to_string '%F' }}", "2026-01-06")]
    [InlineData("{{ '2026-01-05' | date.parse_to_string '%d %b %Y' }}", "05 Jan 2026")]
    public void A_date_is_read_in_UTC(string template, string expected) =>
        Assert.Equal(expected, Assert.IsType<RenderResult.Rendered>(Rendered(template)).Text);

    [Theory]
    [InlineData("{{ date.parse '10:30' }}")]
    [InlineData("{{ date.parse 'March 12' }}")]
    [InlineData("{{ date.parse 'soon' }}")]
    [InlineData("{{ date.parse '12' '%d' }}")]
    public void What_would_be_another_date_tomorrow_is_refused(string template) =>
        Assert.IsType<RenderResult.Failed>(Rendered(template));

    private static RenderResult Rendered(string template) => Samples.Render(template);
}
