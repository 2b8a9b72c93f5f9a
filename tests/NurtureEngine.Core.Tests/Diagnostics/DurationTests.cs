using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Core.Tests.Diagnostics;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90s", "00:01:30")]
    [InlineData("30m", "00:30:00")]
    [InlineData("2h", "02:00:00")]
    [InlineData("3d", "3.00:00:00")]
    [InlineData("1w", "7.00:00:00")]
    [InlineData("1d 12h", "1.12:00:00")]
    [InlineData("3.00:00:00", "3.00:00:00")]
    [InlineData("00:05:00", "00:05:00")]
    public void A_duration_is_read_as_people_and_as_Elsa_write_it(string text, string expected)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), duration);
    }

    [Theory]
    [InlineData("2 hous")]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("-1.00:00:00")]
    [InlineData("999999w")]
    [InlineData("h")]
    [InlineData("1.5d")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(Duration.TryParse(text, out _));
}
